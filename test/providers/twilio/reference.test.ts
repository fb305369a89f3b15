import { expect, test } from 'vitest';
import { twilioAccount } from '../../../providers/twilio/account.ts';
import { statusCallbackOf } from '../../../providers/twilio/reference.ts';
import { aMessageRequest } from '../../builders/message-request.ts';

const credentials = { twilio_account_sid: 'AC-one', twilio_auth_token: 'token' };

function callback(publicUrl: string, apiUrl?: string) {
  const account = twilioAccount({ ...credentials, ...(apiUrl ? { twilio_api_url: apiUrl } : {}) });
  if ('missing' in account) throw new Error(account.missing);
  return statusCallbackOf(account, publicUrl, aMessageRequest());
}

test.each(['http://127.0.0.1:3000', 'http://localhost:3000', 'http://192.168.1.20:3000'])(
  'the real Twilio is given no callback to %s, which it would refuse with 21609',
  (publicUrl) => {
    expect(callback(publicUrl)).toEqual({});
  },
);

test('the real Twilio is given a callback to a public host', () => {
  const { statusCallback = '' } = callback('https://connector.example.com');
  expect(statusCallback).toMatch(
    /^https:\/\/connector\.example\.com\/webhooks\/twilio\/tenant-a\//,
  );
});

test('a simulated Twilio is given a callback to this machine', () => {
  expect(callback('http://127.0.0.1:3000', 'http://127.0.0.1:3001/twilio')).toHaveProperty(
    'statusCallback',
  );
});
