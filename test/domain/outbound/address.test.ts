import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mask, readRecipient, readSender } from '../../../domain/outbound/address.ts';
import { channels } from '../../../domain/outbound/channel.ts';
import { providers } from '../../../providers/registry.ts';

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
    expect(readRecipient(raw, channel, {})).toEqual({ ok: true, address });
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
    expect(readRecipient(raw, channel, {})).toEqual({ ok: false, issue });
  });

  it('is read the same a second time', () => {
    const number = fc.integer({ min: 2_000_000_000, max: 9_999_999_999 }).map((n) => `+1${n}`);
    const written = fc
      .tuple(fc.constantFrom('', 'whatsapp:', 'wa:'), number)
      .map(([prefix, n]) => `${prefix}${n}`);
    fc.assert(
      fc.property(written, (raw) => {
        const once = readRecipient(raw, 'WHATSAPP', {});
        if (!once.ok) throw new Error(once.issue);
        expect(readRecipient(once.address, 'WHATSAPP', {})).toEqual(once);
      }),
    );
  });

  it('never shows its number when it is refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom(...channels), (raw, channel) => {
        const digits = raw.replace(/\D/g, '');
        const reading = readRecipient(raw, channel, {});
        if (!reading.ok && digits.length > 2) expect(reading.issue).not.toContain(digits);
      }),
    );
  });
});

describe('a sender', () => {
  const service = `MG${'0123456789abcdef'.repeat(2)}`;
  const sms = { channel: 'SMS', provider: 'twilio' } as const;

  it.each([
    ['a number', 'twilio', 'SMS', '+1 202 555 0100', '+12025550100'],
    ['a short code', 'twilio', 'SMS', '12345', '12345'],
    ['a long short code', 'scg', 'SMS', '12345678', '12345678'],
    ['a name', 'twilio', 'SMS', 'My Shop', 'My Shop'],
    ['a name of eleven letters', 'twilio', 'SMS', 'ElevenChars', 'ElevenChars'],
    ['a Messaging Service', 'twilio', 'SMS', service, service],
    ['an SCG channel', 'scg', 'SMS', 'channel:1KJ_o15-e', 'channel:1KJ_o15-e'],
    ['an SCG sender id', 'scg', 'SMS', 'sender_id:4Ab', 'sender_id:4Ab'],
    ['an SCG sender id after a blank', 'scg', 'WECHAT', 'sender_id: 4Ab', 'sender_id: 4Ab'],
    ['a bare SCG sender id', 'scg', 'WHATSAPP', '1KJPMkuHQkair_o15etpmg', '1KJPMkuHQkair_o15etpmg'],
    ['a WhatsApp number', 'twilio', 'WHATSAPP', 'whatsapp:+12025550100', '+12025550100'],
    ['a Messenger page', 'twilio', 'FACEBOOK', 'messenger:page_1', 'messenger:page_1'],
    ['an RCS agent', 'scg', 'RCS', 'rcs:my_agent', 'rcs:my_agent'],
  ] as const)('may be %s', (_name, provider, channel, raw, address) => {
    expect(readSender(raw, { channel, provider }, { providers })).toEqual({ ok: true, address });
  });

  it.each([
    ['twilio', 'FACEBOOK', '108712345678901'],
    ['twilio', 'FACEBOOK', 'messenger:108712345678901'],
    ['twilio', 'FACEBOOK', '2025550123'],
    ['twilio', 'FACEBOOK', 'a_page_with_a_long_name'],
    ['scg', 'FACEBOOK', '20123456'],
    ['scg', 'WECHAT', '2025550123'],
    ['scg', 'WECHAT', 'gh_3fcc1b2a4d5e'],
  ] as const)(
    'of %s on %s keeps its id %s, also where it looks like a number',
    (provider, channel, raw) => {
      const reading = readSender(raw, { channel, provider }, { providers, defaultCountry: 'US' });
      expect(reading).toEqual({ ok: true, address: raw });
    },
  );

  it('is a number where eight digits are one, and a short code elsewhere', () => {
    const read = (defaultCountry: 'DK' | 'US') =>
      readSender('20123456', sms, { providers, defaultCountry });
    expect(read('DK')).toEqual({ ok: true, address: '+4520123456' });
    expect(read('US')).toEqual({ ok: true, address: '20123456' });
  });

  it.each([
    ['twilio', 'SMS', '+1202', '…02 is not a number, short code, sender name or sender id'],
    [
      'scg',
      'SMS',
      'The whole of our shop',
      '… is not a number, short code, sender name or sender id',
    ],
    ['scg', 'SMS', '', '… is not a number, short code, sender name or sender id'],
    ['twilio', 'SMS', 'whatsapp:+12025550100', 'is a sender of WHATSAPP, not of SMS'],
    [
      'twilio',
      'WHATSAPP',
      'whatsapp:+1202',
      '…02 is not a number, short code, sender name or sender id',
    ],
    ['twilio', 'SMS', 'channel:1KJ_o15-e', 'is a sender of scg, not of twilio'],
    ['twilio', 'FACEBOOK', 'channel:1KJ_o15-e', 'is a sender of scg, not of twilio'],
    ['twilio', 'WHATSAPP', 'sender_id: 4Ab', 'is a sender of scg, not of twilio'],
    [
      'twilio',
      'SMS',
      'AcmeInternationalX',
      'is longer than the 11 characters of a sender name, and twilio has no sender ids',
    ],
    ['scg', 'SMS', service, 'is a Messaging Service of twilio, not a sender of scg'],
    [
      'scg',
      'WECHAT',
      service.toLowerCase(),
      'is a Messaging Service of twilio, not a sender of scg',
    ],
  ] as const)('of %s on %s cannot be "%s"', (provider, channel, raw, issue) => {
    expect(readSender(raw, { channel, provider }, { providers })).toEqual({ ok: false, issue });
  });

  it('that could be two numbers is refused as a recipient is', () => {
    const { ok } = readSender('4915112345678', sms, { providers, defaultCountry: 'DE' });
    expect(ok).toBe(false);
  });
});

describe('an address', () => {
  it('is masked but for two digits of four or more', () => {
    expect(mask('+12025550123')).toBe('…23');
    expect(mask('123')).toBe('…');
    expect(mask('anna@example.com')).toBe('…');
  });
});
