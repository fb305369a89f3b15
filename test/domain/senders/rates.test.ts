import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  kindDefaults,
  limitOf,
  rateNameIssue,
  senderRateSchema,
  unitsOf,
} from '../../../domain/senders/rates.ts';
import { senderKindOf, senderNameOf } from '../../../domain/senders/sender.ts';
import { aMessageRequest } from '../../builders/message-request.ts';

const SERVICE = `MG${'0'.repeat(32)}`;
const from = (
  sender: string,
  channel: 'SMS' | 'WHATSAPP' | 'RCS' | 'FACEBOOK' | 'WECHAT' = 'SMS',
) => aMessageRequest({ from: sender, channel });

describe('the kind of a sender', () => {
  it.each([
    ['+12025550100', 'long-code'],
    ['+18005550100', 'toll-free'],
    ['+18885550100', 'toll-free'],
    ['12345', 'short-code'],
    ['My Shop', 'alphanumeric'],
    [SERVICE, 'messaging-service'],
    ['sender_id:abc', 'sender-id'],
  ])('of %s is %s', (sender, kind) => {
    expect(senderKindOf(from(sender))).toBe(kind);
  });

  it('is that of its channel elsewhere, where it has a limit of its own', () => {
    expect(senderKindOf(from('+12025550100', 'WHATSAPP'))).toBe('whatsapp');
    expect(senderNameOf(from('+12025550100', 'WHATSAPP'))).toBe('whatsapp:+12025550100');
    expect(senderNameOf(from('whatsapp:+12025550100', 'WHATSAPP'))).toBe('whatsapp:+12025550100');
    expect(senderNameOf(from('+12025550100'))).toBe('+12025550100');
    expect([senderKindOf(from('x', 'RCS')), senderKindOf(from('1', 'FACEBOOK'))]).toEqual([
      'rcs',
      'messenger',
    ]);
    expect(senderKindOf(from('1', 'WECHAT'))).toBe('wechat');
  });
});

describe('the limit of a sender', () => {
  const rates = z.record(z.string(), senderRateSchema).parse({
    '12345': { rate: 40, unit: 'messages', daily_cap: 1000 },
    'short-code': 'default',
    'long-code': 0.5,
  });

  it('is that of its own name, else that of its kind, else none', () => {
    expect(limitOf(from('12345'), rates)).toEqual({
      perSecond: 40,
      unit: 'messages',
      dailyCap: 1000,
    });
    expect(limitOf(from('54321'), rates)).toEqual(kindDefaults['short-code']);
    expect(limitOf(from('+12025550100'), rates)).toEqual({ perSecond: 0.5, unit: 'segments' });
    expect(limitOf(from('My Shop'), rates)).toBeUndefined();
  });

  it.each([0, -1, 'fast', { rate: 0 }, { rate: 1, unit: 'words' }, { rate: 1, per: 's' }, null])(
    'is not %j',
    (value) => {
      expect(senderRateSchema.safeParse(value).success).toBe(false);
    },
  );

  it('is not given to what is neither a sender nor a kind', () => {
    expect(rateNameIssue('shortcode')).toContain('neither a sender nor a kind');
    for (const name of [
      '12345',
      '+12025550100',
      SERVICE,
      'My Shop',
      'whatsapp:+1',
      'account',
      'rcs',
    ]) {
      expect(rateNameIssue(name)).toBeUndefined();
    }
  });
});

it('What a message takes is its segments by SMS, and one elsewhere', () => {
  const body = 'a'.repeat(161);
  expect(unitsOf({ channel: 'SMS', body }, 'segments')).toBe(2);
  expect(unitsOf({ channel: 'SMS', body }, 'messages')).toBe(1);
  expect(unitsOf({ channel: 'WHATSAPP', body }, 'segments')).toBe(1);
});
