import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import { describe, expect, it } from 'vitest';
import { twilioSigned } from '../../../../providers/twilio/webhooks/signature.ts';

const url = 'https://mycompany.com/myapp.php?foo=1&bar=2';
const parameters = {
  CallSid: 'CA1234567890ABCDE',
  Caller: '+14158675309',
  Digits: '1234',
  From: '+14158675309',
  To: '+18005551212',
};
const signature = 'RSOYDt4T1cUTdK1PDd93/VVr8B8=';

describe('a signature of Twilio', () => {
  it.each([
    ['the published example', parameters, signature],
    [
      'another caller',
      { ...parameters, Caller: '+12349013030', From: '+12349013030' },
      '0/KCTR6DLpKmkAf8muzZqo1nDgQ=',
    ],
  ])('fits %s', (_what, signed, expected) => {
    expect(twilioSigned(['12345'], expected, url, signed)).toBe(true);
  });

  it.each([
    ['another token', ['54321'], url, parameters],
    ['no token', [], url, parameters],
    ['another URL', ['12345'], 'https://mycompany.com/other.php?foo=1&bar=2', parameters],
    ['a reordered query', ['12345'], 'https://mycompany.com/myapp.php?bar=2&foo=1', parameters],
    ['a changed parameter', ['12345'], url, { ...parameters, Digits: '1235' }],
    ['a parameter more', ['12345'], url, { ...parameters, Extra: '' }],
  ])('does not fit %s', (_what, tokens, at, signed) => {
    expect(twilioSigned(tokens, signature, at, signed)).toBe(false);
  });

  it('may be made with the secondary token during a rotation', () => {
    expect(twilioSigned(['new-token', '12345'], signature, url, parameters)).toBe(true);
  });

  it('covers empty parameters, and every value of one that repeats', () => {
    const repeated = { ...parameters, FromCity: '', MediaUrl: ['https://a', 'https://b'] };
    const made = getExpectedTwilioSignature('12345', url, repeated);
    expect(twilioSigned(['12345'], made, url, repeated)).toBe(true);
    const { FromCity: _empty, ...without } = repeated;
    expect(twilioSigned(['12345'], made, url, without)).toBe(false);
    expect(twilioSigned(['12345'], made, url, { ...repeated, MediaUrl: 'https://a' })).toBe(false);
  });

  it('fits whether or not the signer wrote the standard port', () => {
    const withPort = url.replace('mycompany.com', 'mycompany.com:443');
    const made = getExpectedTwilioSignature('12345', withPort, parameters);
    expect(twilioSigned(['12345'], made, url, parameters)).toBe(true);
  });

  it.each(['', 'x', 'ü', '='.repeat(10_000)])('that is nonsense (%#) is none', (nonsense) => {
    expect(twilioSigned(['12345'], nonsense, url, parameters)).toBe(false);
  });
});
