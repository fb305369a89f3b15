import { expect, it } from 'vitest';
import { aDelivery } from '../builders/delivery.ts';
import { aMessageRequest } from '../builders/message-request.ts';
import { service } from '../domain/operator/service.ts';
import { someFailed } from '../domain/replay/replay-setup.ts';
import { terminal } from './terminal.ts';

const number = '+12025550123';
const withFailed = (budgetMs = 15_000) =>
  service(
    someFailed(1, () => ({ eventBody: JSON.stringify(aMessageRequest({ to: number })) })),
    {
      budgetMs,
    },
  );

it('prints everything about a person as one JSON, however many pages it takes', async () => {
  const run = terminal(withFailed(0));
  const { out, exitCode } = await run(`person export --number ${number} --tenant tenant-a`);
  expect(exitCode).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    tenantId: 'tenant-a',
    number,
    stored: { 'failed-requests': [{ body: { to: number } }] },
  });
});

it('erases once the tenant is typed, and prints a certificate of all pages', async () => {
  const s = withFailed(0);
  const line = `person erase --number ${number} --tenant tenant-a`;
  const wrong = await terminal(s, { answer: 'tenant-b' })(line);
  expect(wrong.exitCode).toBe(2);
  expect(s.w.failedRequests.all()).toMatchObject([{ status: 'failed' }]);

  const { out, exitCode } = await terminal(s, { answer: 'tenant-a' })(line);
  expect(exitCode).toBe(0);
  expect(out).toContain('…23 of tenant-a');
  expect(out).toMatch(/failed-requests\W+1 erased/);
  expect(out).toContain('Point-in-time copies');
  expect(out).not.toContain('2025550123');
  expect(s.w.failedRequests.all()).toMatchObject([{ eventBody: '' }]);
});

it('ends with 1 while something is in flight', async () => {
  const s = withFailed();
  const [row] = s.w.failedRequests.all();
  const lease = { token: 'claim', since: s.w.clock(), until: s.w.clock() + 1000 };
  await s.w.deliveries.insert(aDelivery({ guid: row?.guid ?? '', lease }));
  const run = terminal(s);
  const { out, exitCode } = await run(`person erase --number ${number} --tenant tenant-a --yes`);
  expect(exitCode).toBe(1);
  expect(out).toContain('Run the command again');
});
