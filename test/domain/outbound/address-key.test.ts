import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressForms, addressKey } from '../../../domain/outbound/address-key.ts';

describe('the key of an address', () => {
  it.each([
    ['Mexico', '+525512345678', '+5215512345678'],
    ['Brazil', '+5531987654321', '+553187654321'],
    ['Brazil, São Paulo', '+5511961234567', '+551161234567'],
    ['Argentina', '+541123456789', '+5491123456789'],
    ['Argentina, outside the capital', '+542231234567', '+5492231234567'],
  ])('is one for both forms of a mobile number of %s', (_, dialled, onWhatsApp) => {
    expect(addressKey(`whatsapp:${onWhatsApp}`)).toBe(addressKey(dialled));
    expect(addressKey(onWhatsApp)).toBe(addressKey(dialled));
  });

  it.each([
    ['a line at home in Brazil', '+552133334444', '+5521933334444'],
    ['a number that is too short for the 1', '+52155123456', '+5255123456'],
    ['a number of another country that begins alike', '+1521551234567', '+152551234567'],
    ['two people', '+5215512345678', '+5215512345679'],
  ])('is not one for %s', (_, a, b) => {
    expect(addressKey(a)).not.toBe(addressKey(b));
  });

  it.each([
    '+12025550123',
    '+447700900123',
    '28776',
    'contact:5f2c',
    '1234567890123456',
    '5215512345678',
  ])('of %s is itself', (address) => {
    expect(addressKey(address)).toBe(address);
  });

  it('has no prefix', () => {
    expect(addressKey('whatsapp:+12025550123')).toBe('+12025550123');
    expect(addressKey(' messenger:1234 ')).toBe('1234');
  });

  it.each([
    ['messenger:1234', '1234'],
    ['fb:1234@5678', '1234'],
    ['fb:@1234', '1234'],
    ['we:openid@account', 'openid'],
  ])('of %s is that of the person who answers as %s', (written, answering) => {
    expect(addressKey(written)).toBe(answering);
    expect(addressKey(answering)).toBe(answering);
  });

  it.each(['', '@', 'fb:'])('of %j, which is nobody, is no error', (address) => {
    expect(() => addressKey(address)).not.toThrow();
  });

  it('is its own key', () => {
    const number = fc
      .tuple(fc.constantFrom('+52', '+54', '+55', '+1', 'wa:+55'), fc.stringMatching(/^\d{8,12}$/))
      .map(([country, rest]) => country + rest);
    fc.assert(
      fc.property(number, (written) => {
        const key = addressKey(written);
        expect(addressKey(key)).toBe(key);
      }),
    );
  });
});

describe('the forms of an address', () => {
  it.each([
    ['+525512345678', ['+525512345678', '+5215512345678']],
    ['whatsapp:+551161234567', ['whatsapp:+551161234567', 'whatsapp:+5511961234567']],
    ['+12025550123', ['+12025550123']],
    ['messenger:1234', ['messenger:1234']],
  ])('of %s are %j', (address, forms) => {
    expect(addressForms(address)).toEqual(forms);
  });

  it('all have one key, and each leads to the same forms', () => {
    const tails = fc.stringMatching(/^[2-8][0-9]{9,10}$/);
    fc.assert(
      fc.property(fc.constantFrom('+52', '+521', '+54', '+549', '+55'), tails, (country, tail) => {
        const forms = addressForms(country + tail);
        expect(new Set(forms.map(addressKey)).size).toBe(1);
        for (const form of forms) expect(new Set(addressForms(form))).toEqual(new Set(forms));
      }),
    );
  });
});
