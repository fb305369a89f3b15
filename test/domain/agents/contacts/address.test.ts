import { describe, expect, it } from 'vitest';
import { phoneAddress, prefixedAddress } from '../../../../domain/agents/contacts/address.ts';

describe('a phone address', () => {
  it.each([
    ['+12025550123', 'sms'],
    ['(202) 555-0123', 'sms'],
    ['202.555.0123', 'sms'],
    ['tel:+1 202 555 0123', 'sms'],
    ['SMS:+12025550123', 'sms'],
    ['wa:+12025550123', 'whatsapp'],
    ['whatsapp:+12025550123', 'whatsapp'],
    [' WhatsApp:+1-202-555-0123 ', 'whatsapp'],
  ])('%s is the same number', (written, kind) => {
    expect(phoneAddress(written, { defaultCountry: 'US' })).toEqual({
      kind,
      number: '+12025550123',
    });
  });

  it.each(['', 'maria', 'whatsapp:', '+1', 'messenger:123', 'rcs:+12025550123', 'system'])(
    '%j is none',
    (written) => {
      expect(phoneAddress(written, { defaultCountry: 'US' })).toBeUndefined();
    },
  );

  it('needs a country for a number that has none', () => {
    expect(phoneAddress('(202) 555-0123')).toBeUndefined();
    expect(phoneAddress('020 7946 0958', { defaultCountry: 'GB' })?.number).toBe('+442079460958');
  });

  it('is written as its channel wants it', () => {
    expect(prefixedAddress('whatsapp', '+12025550123')).toBe('whatsapp:+12025550123');
    expect(prefixedAddress('sms', '+12025550123')).toBe('+12025550123');
  });
});
