import { expect, it } from 'vitest';
import { BUILT_AT } from '../../builders/message-request.ts';
import { terminal } from '../../cli/terminal.ts';
import { service } from './service.ts';

const short = { tenantId: 'tenant-a', sender: 'twilio/12345' };
const found = { tenantId: 'tenant-a', sender: 'twilio/whatsapp:+12025550100' };
const forgotten = { tenantId: 'tenant-a', sender: 'scg/sender_id:abc' };
const slots = (lengthMs: number) => ({
  now: BUILT_AT,
  lengthMs,
  latestAt: BUILT_AT,
  wrongAfter: BUILT_AT + 3_600_000,
});

async function withSenders() {
  const s = service([]);
  const throttled = { isProbing: false, throttledAt: BUILT_AT, throttled: 4 };
  await s.paces.reserve(short, 'send', slots(2000));
  await s.paces.reserve(short, 'entry', slots(90_000));
  await s.paces.swap(short, undefined, { rate: 70, rateAt: BUILT_AT, ...throttled });
  await s.paces.spend(short, new Date(BUILT_AT).toISOString().slice(0, 10), 250, 5000);
  await s.paces.swap(found, undefined, { rate: 8, rateAt: BUILT_AT, ...throttled });
  const long = { ...throttled, throttledAt: BUILT_AT - 2 * 3_600_000 };
  await s.paces.swap(forgotten, undefined, { rate: 3, rateAt: BUILT_AT, ...long });
  await s.paces.reserve({ ...short, tenantId: 'tenant-b' }, 'send', slots(1));
  return s;
}

it('GET /senders tells the limit, the rate, the backlog and the throttles of each', async () => {
  const s = await withSenders();
  const { status, body } = await s.call('GET /senders', { query: { tenantId: 'tenant-a' } });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    tenantId: 'tenant-a',
    senders: [
      {
        sender: '12345',
        provider: 'twilio',
        kind: 'short-code',
        unit: 'segments',
        limit: 100,
        dailyCap: 5000,
        sentToday: 250,
        rate: 70,
        // A minute and a half at 70 a second.
        backlog: 6300,
        backlogUntil: new Date(BUILT_AT + 90_000).toISOString(),
        throttledLastMinute: 4,
      },
      { sender: 'whatsapp:+12025550100', kind: 'whatsapp', unit: 'messages', limit: null, rate: 8 },
      // It was throttled two hours ago and is no longer held back.
      { sender: 'sender_id:abc', provider: 'scg', limit: null, rate: null, throttledLastMinute: 0 },
    ],
  });
});

it('sender list shows them', async () => {
  const { out, exitCode } = await terminal(await withSenders())('sender list');
  expect(exitCode).toBe(0);
  expect(out).toContain('twilio 12345');
  expect(out).toContain('100 segments/s');
  expect(out).toContain('70 segments/s');
  expect(out).toContain('6300');
});

it('sender list says so when there is none', async () => {
  const { out } = await terminal(service([]))('sender list');
  expect(out).toContain('No sender was held to a rate');
});
