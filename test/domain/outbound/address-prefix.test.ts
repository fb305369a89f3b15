import { describe, expect, it } from 'vitest';
import {
  bareAddress,
  channelOfAddress,
  splitPrefix,
} from '../../../domain/outbound/address-prefix.ts';

describe('an address', () => {
  it.each([
    ['whatsapp:+12025550123', 'WHATSAPP', '+12025550123'],
    ['WhatsApp: +1 202 555 0123', 'WHATSAPP', '+1 202 555 0123'],
    ['wa:12025550123', 'WHATSAPP', '12025550123'],
    ['messenger:1234', 'FACEBOOK', '1234'],
    ['fb:1@2', 'FACEBOOK', '1@2'],
    ['we:openid@account', 'WECHAT', 'openid@account'],
    ['rcs:my_agent', 'RCS', 'my_agent'],
  ] as const)('%s is one of %s', (raw, channel, rest) => {
    expect(splitPrefix(raw)).toEqual({ channel, rest });
    expect(channelOfAddress(raw)).toBe(channel);
    expect(bareAddress(raw)).toBe(rest);
  });

  it.each(['+12025550123', 'channel:abc', 'contact:5f2c', 'tel:+1', 'constructor:1', ':1', ''])(
    '%j names no channel',
    (raw) => {
      expect(splitPrefix(raw)).toEqual({ channel: undefined, rest: raw });
    },
  );
});
