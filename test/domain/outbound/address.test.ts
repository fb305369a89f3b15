import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  mask,
  numberingCountry,
  readRecipient,
  readSender,
  toE164,
} from '../../../domain/outbound/address.ts';
import { channels } from '../../../domain/outbound/channel.ts';

describe('a number', () => {
  it.each([
    ['+12025550123', undefined, '+12025550123'],
    [' +1 (202) 555-0123 ', undefined, '+12025550123'],
    ['+447700900123', undefined, '+447700900123'],
    ['(202) 555-0123', 'US', '+12025550123'],
    ['12025550123', 'US', '+12025550123'],
    ['07700 900123', 'GB', '+447700900123'],
    ['00447700900123', 'DE', '+447700900123'],
    ['+447700900123', 'US', '+447700900123'],
    ['+52 1 55 1234 5678', undefined, '+5215512345678'],
    ['+525512345678', undefined, '+525512345678'],
    ['+553187654321', undefined, '+553187654321'],
    ['+5491123456789', undefined, '+5491123456789'],
  ] as const)('%s in %s is %s', (raw, country, e164) => {
    expect(toE164(raw, country)).toBe(e164);
  });

  it.each([
    ['without a country', '2025550123', undefined],
    ['too short', '+1202555', undefined],
    ['too long', '+120255501234567', undefined],
    ['of no country', '+999123456789', undefined],
    ['with an extension', '+12025550123 ext 5', undefined],
    ['within other text', 'call +12025550123', 'US'],
    ['twice', '+12025550123,+12025550124', undefined],
    ['that is a merge tag', '{{phone}}', 'US'],
    ['of another country without its code', '447700900123', 'US'],
    ['of Mexico with a 1 and too long', '+521551234567890', undefined],
    ['of the United States that would be Mexican with a 1', '12025550123', 'MX'],
    ['that is nothing', '', 'US'],
  ] as const)('is not one %s', (_name, raw, country) => {
    expect(toE164(raw, country)).toBeUndefined();
  });
});

describe('a recipient', () => {
  it.each([
    ['SMS', '+1 202 555 0123', '+12025550123'],
    ['WHATSAPP', '+12025550123', '+12025550123'],
    ['WHATSAPP', 'whatsapp:+12025550123', '+12025550123'],
    ['WHATSAPP', 'WA: +1 202 555 0123', '+12025550123'],
    ['WHATSAPP', 'whatsapp:+5215512345678', '+5215512345678'],
    ['RCS', 'rcs:+12025550123', '+12025550123'],
    ['SMS', 'contact:5f2c', 'contact:5f2c'],
    ['FACEBOOK', '1234567890123456', '1234567890123456'],
    ['FACEBOOK', 'messenger:1234567890', '1234567890'],
    ['FACEBOOK', 'fb:1234@5678', '1234@5678'],
    ['WECHAT', 'WE: openid@account', 'openid@account'],
  ] as const)('of %s written %s is %s', (channel, raw, address) => {
    expect(readRecipient(raw, channel)).toEqual({ ok: true, address });
  });

  it.each([
    ['SMS', '20255501', '…01 has no country code, and default_country is not set'],
    ['SMS', '+1202', '…02 is not a telephone number that SMS can reach'],
    ['SMS', 'Anna Smith', '… is not a telephone number that SMS can reach'],
    ['SMS', '24', '… has no country code, and default_country is not set'],
    ['WHATSAPP', 'whatsapp:', '… is not a telephone number that WHATSAPP can reach'],
    ['SMS', 'whatsapp:+12025550123', 'is an address of WHATSAPP, not of SMS'],
    ['SMS', 'group:5f2c', '… is not a telephone number that SMS can reach'],
    ['WECHAT', 'fb:1234@5678', 'is an address of FACEBOOK, not of WECHAT'],
    ['WECHAT', 'we:', 'is not an id of WECHAT'],
    ['FACEBOOK', 'two words', 'is not an id of FACEBOOK'],
  ] as const)('of %s cannot be %s', (channel, raw, issue) => {
    expect(readRecipient(raw, channel)).toEqual({ ok: false, issue });
  });

  it('is read the same a second time', () => {
    const number = fc.integer({ min: 2_000_000_000, max: 9_999_999_999 }).map((n) => `+1${n}`);
    const written = fc
      .tuple(fc.constantFrom('', 'whatsapp:', 'wa:'), number)
      .map(([prefix, n]) => `${prefix}${n}`);
    fc.assert(
      fc.property(written, (raw) => {
        const once = readRecipient(raw, 'WHATSAPP');
        if (!once.ok) throw new Error(once.issue);
        expect(readRecipient(once.address, 'WHATSAPP')).toEqual(once);
      }),
    );
  });

  it('never shows its number when it is refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom(...channels), (raw, channel) => {
        const digits = raw.replace(/\D/g, '');
        const reading = readRecipient(raw, channel);
        if (!reading.ok && digits.length > 2) expect(reading.issue).not.toContain(digits);
      }),
    );
  });
});

describe('a sender', () => {
  const service = `MG${'0123456789abcdef'.repeat(2)}`;

  it.each([
    ['a number', 'SMS', '+1 202 555 0100', '+12025550100'],
    ['a short code', 'SMS', '12345', '12345'],
    ['a long short code', 'SMS', '12345678', '12345678'],
    ['a name', 'SMS', 'My Shop', 'My Shop'],
    ['a Messaging Service', 'SMS', service, service],
    ['an SCG channel', 'SMS', 'channel:1KJ_o15-e', 'channel:1KJ_o15-e'],
    ['an SCG sender id', 'SMS', 'sender_id:4Ab', 'sender_id:4Ab'],
    ['a bare SCG sender id', 'WHATSAPP', '1KJPMkuHQkair_o15etpmg', '1KJPMkuHQkair_o15etpmg'],
    ['a WhatsApp number', 'WHATSAPP', 'whatsapp:+12025550100', '+12025550100'],
    ['a Messenger page', 'FACEBOOK', 'messenger:page_1', 'messenger:page_1'],
    ['an RCS agent', 'RCS', 'rcs:my_agent', 'rcs:my_agent'],
  ] as const)('may be %s', (_name, channel, raw, address) => {
    expect(readSender(raw, channel)).toEqual({ ok: true, address });
  });

  it('is a number where eight digits are one, and a short code elsewhere', () => {
    expect(readSender('20123456', 'SMS', 'DK')).toEqual({ ok: true, address: '+4520123456' });
    expect(readSender('20123456', 'SMS', 'US')).toEqual({ ok: true, address: '20123456' });
  });

  it.each([
    ['SMS', '+1202', '…02 is not a number, short code, sender name or sender id'],
    ['SMS', 'The whole of our shop', '… is not a number, short code, sender name or sender id'],
    ['SMS', '', '… is not a number, short code, sender name or sender id'],
    ['SMS', 'whatsapp:+12025550100', 'is a sender of WHATSAPP, not of SMS'],
    ['WHATSAPP', 'whatsapp:+1202', '…02 is not a number, short code, sender name or sender id'],
  ] as const)('of %s cannot be "%s"', (channel, raw, issue) => {
    expect(readSender(raw, channel)).toEqual({ ok: false, issue });
  });
});

describe('an address', () => {
  it('is masked but for two digits of four or more', () => {
    expect(mask('+12025550123')).toBe('…23');
    expect(mask('123')).toBe('…');
    expect(mask('anna@example.com')).toBe('…');
  });

  it('takes its country from those that have numbers', () => {
    expect(numberingCountry('US')).toBe('US');
    expect(numberingCountry('XX')).toBeUndefined();
  });
});
