import { expect, test } from 'vitest';
import { withoutCallbacks } from '../../local/callbacks.ts';

const real = { twilio_account_sid: 'AC-one', twilio_auth_token: 'token' };
const simulated = { ...real, twilio_api_url: 'http://127.0.0.1:3001/twilio' };
const here = 'http://127.0.0.1:3000';

test('a stack on this machine says that a real Twilio cannot call it, and asks soon', () => {
  const without = withoutCallbacks({ acme: real, sample: simulated }, here);
  expect(without?.notice).toContain('messages of acme carry no status callback');
  expect(without?.settings).toEqual({ reconcile_after: '60' });
});

test.each([
  ['the made-up secrets', undefined, here],
  ['simulated accounts', { sample: simulated }, here],
  ['a public address', { acme: real }, 'https://connector.example.com'],
  ['a secret without Twilio', { acme: { scg_access_token: 'token' } }, here],
  ['keys alone', { 'access-keys': { connector: [] } }, here],
])('nothing is said with %s', (_, secrets, publicUrl) => {
  expect(withoutCallbacks(secrets, publicUrl)).toBeUndefined();
});
