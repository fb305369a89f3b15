import dns from 'node:dns';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createWebhookClient } from '../../../local/simulators/webhook-client.ts';
import { startReceiver } from './receiver.ts';

let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

test.each([
  'https://connector.example.com/webhooks',
  'http://10.0.0.1/webhooks',
  'http://127.0.0.1.example.com/webhooks',
  'not a URL',
])('a callback to %s is undeliverable, and no name is looked up', async (url) => {
  const lookup = vi.spyOn(dns, 'lookup');
  const client = createWebhookClient();
  expect(await client.post(url, 'body', {})).toEqual({ kind: 'undeliverable' });
  expect(client.undeliverable()).toEqual([{ url, body: 'body' }]);
  expect(lookup).not.toHaveBeenCalled();
  lookup.mockRestore();
  client.close();
});

test('a callback to the address of a tunnel is sent straight to where the connector listens', async () => {
  const client = createWebhookClient({
    servedAt: (url) => url.replace('https://tunnel.invalid', receiver.url),
  });
  const outcome = await client.post('https://tunnel.invalid/webhooks/twilio?a=1', 'body', {});
  expect(outcome).toMatchObject({ kind: 'answered', status: 204 });
  expect(receiver.received).toMatchObject([{ path: '/webhooks/twilio?a=1', body: 'body' }]);
  expect(client.undeliverable()).toEqual([]);
  client.close();
});
