import { expect, test } from 'vitest';
import { canCall, isPrivateHost } from '../../providers/private-host.ts';

test.each([
  'http://127.0.0.1:3000',
  'http://127.9.9.9',
  'http://localhost:3000',
  'http://api.localhost',
  'http://0.0.0.0',
  'http://10.1.2.3',
  'http://172.16.0.1',
  'http://172.31.255.255',
  'http://192.168.1.2',
  'http://169.254.10.10',
  'http://100.64.0.1',
  'http://[::1]:3000',
  'http://[::ffff:127.0.0.1]',
  'http://[fd00::1]',
  'http://[fe80::1]',
  'http://connector',
  'http://connector.local',
  'http://connector.internal',
  'http://2130706433',
])('%s is a private host', (url) => {
  expect(isPrivateHost(new URL(url))).toBe(true);
});

test.each([
  'https://connector.example.com',
  'https://api.twilio.com',
  'https://172.32.0.1',
  'https://11.0.0.1',
  'https://[2001:db8::1]',
  'https://localhost.example.com',
])('%s is a public host', (url) => {
  expect(isPrivateHost(new URL(url))).toBe(false);
});

test.each([
  ['https://api.twilio.com', 'http://127.0.0.1:3000', false],
  ['https://api.twilio.com', 'https://connector.example.com', true],
  ['http://127.0.0.1:3001', 'http://127.0.0.1:3000', true],
  ['http://simulators:3001', 'http://192.168.0.2', true],
  ['http://127.0.0.1:3001', 'https://connector.example.com', true],
])('the company at %s can call %s: %s', (provider, callback, expected) => {
  expect(canCall(new URL(provider), new URL(callback))).toBe(expected);
});
