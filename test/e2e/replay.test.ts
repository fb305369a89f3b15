import './described.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pMap from 'p-map';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { messagesAtProviders } from '../../local/demo/outcomes.ts';
import { recipient } from '../../local/simulators/magic-numbers.ts';
import { type Stack, startStack } from '../../local/stack.ts';
import { commandLine } from './command-line.ts';
import { connector } from './connector.ts';

// A replay waits between its steps, and longer where the machine has much else to do.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let stack: Stack;
let logsDir: string;
beforeAll(async () => {
  logsDir = await mkdtemp(join(tmpdir(), 'e2e-replay-'));
  stack = await startStack({ logsDir });
});
afterAll(async () => {
  await stack.close();
  await rm(logsDir, { recursive: true });
});

const cli = <T>(line: string, schema: z.ZodType<T>) => commandLine(stack, line, schema);
const groupsSchema = z.object({
  groups: z.array(z.object({ code: z.string(), count: z.number() })),
});
const replaySchema = z.looseObject({
  replayId: z.string(),
  status: z.string(),
  requeued: z.number(),
  sent: z.number(),
  failedAgain: z.number(),
  onTheirWay: z.number(),
});
const planSchema = z.object({ wouldSend: z.number(), counts: z.record(z.string(), z.number()) });

/** Posts a campaign while Twilio refuses our credentials, and waits until all of it has failed. */
// Recipient 70 is the sample sender's own number, which Twilio refuses to write to.
let posted = 100;
async function badNight(count: number): Promise<{ since: string; guids: string[] }> {
  const since = new Date().toISOString();
  stack.simulators.setFault('twilio', { mode: 'status', status: 401, code: 20003 });
  const ci360 = connector(stack);
  const guids = await pMap(
    Array.from({ length: count }, () => posted++),
    async (no) => (await ci360.post(`TO:${recipient('delivered', no)};Good night ${no}`)).guid,
    { concurrency: 16 },
  );
  for (;;) {
    const { answer } = await cli(`failed --since ${since} --code 20003`, groupsSchema);
    if ((answer.groups[0]?.count ?? 0) >= count) break;
    await sleep(100);
  }
  stack.simulators.setFault('twilio', {});
  return { since, guids };
}

const timesSent = (guids: readonly string[]) => {
  const at = messagesAtProviders(stack);
  return guids.map((guid) => at.get(`local-tenant#${guid}`) ?? 0);
};

describe('after a bad night', () => {
  it('everything that failed is planned, replayed with a canary, and sent once', async () => {
    const { since, guids } = await badNight(60);
    const plan = await cli(`replay plan --since ${since} --class config`, planSchema);
    expect(plan.answer).toMatchObject({ wouldSend: 60, counts: { send: 60 } });
    const { code, answer } = await cli(
      `replay start --yes --since ${since} --class config --rate 60 --canary 20 --max-failure-rate 0.1 --watch`,
      replaySchema,
    );
    expect(answer).toMatchObject({ status: 'completed', requeued: 60, sent: 60, failedAgain: 0 });
    expect(code).toBe(0);
    expect(timesSent(guids)).toEqual(guids.map(() => 1));
    expect((await cli(`failed --since ${since}`, groupsSchema)).answer.groups).toEqual([]);
  });

  it('a canary that fails stops the replay, which goes on once the cause is fixed', async () => {
    const { since, guids } = await badNight(20);
    stack.simulators.setFault('twilio', { mode: 'status', status: 401, code: 20003 });
    const stopped = await cli(
      `replay start --yes --since ${since} --rate 50 --canary 10 --max-failure-rate 0.1 --watch`,
      replaySchema,
    );
    expect(stopped.answer).toMatchObject({ status: 'stopped', requeued: 10, failedAgain: 10 });
    expect(stopped.code).toBe(1);
    stack.simulators.setFault('twilio', {});
    const { replayId } = stopped.answer;
    await cli(`replay resume ${replayId}`, replaySchema);
    const { answer } = await cli(`replay watch ${replayId}`, replaySchema);
    expect(answer).toMatchObject({ status: 'completed', requeued: 20, sent: 10, failedAgain: 10 });
    await cli(`replay start --yes --since ${since} --watch`, replaySchema);
    expect(timesSent(guids)).toEqual(guids.map(() => 1));
  });

  it('a replay whose function is killed half-way goes on by itself, and sends everything once', async () => {
    const { since, guids } = await badNight(60);
    const { answer } = await cli(`replay start --yes --since ${since} --rate 20`, replaySchema);
    const id = answer.replayId;
    for (let killed = 0; killed < 2; ) {
      const { answer: now } = await cli(`replay report ${id}`, replaySchema);
      if (now.requeued > killed * 20) {
        await stack.kill('replay');
        killed += 1;
      }
    }
    const { answer: done } = await cli(`replay watch ${id}`, replaySchema);
    expect(done).toMatchObject({ status: 'completed', requeued: 60, sent: 60 });
    expect(timesSent(guids)).toEqual(guids.map(() => 1));
  });

  it('a replay that is canceled and started again sends everything once', async () => {
    const { since, guids } = await badNight(40);
    const { answer } = await cli(`replay start --yes --since ${since} --rate 8`, replaySchema);
    await cli(`replay cancel ${answer.replayId}`, replaySchema);
    const { answer: canceled } = await cli(`replay watch ${answer.replayId}`, replaySchema);
    expect(canceled.status).toBe('canceled');
    expect(canceled.requeued).toBeLessThan(40);
    const anew = await cli(`replay start --yes --since ${since} --rate 100 --watch`, replaySchema);
    expect(anew.answer).toMatchObject({ status: 'completed' });
    expect(canceled.requeued + anew.answer.requeued).toBe(40);
    expect(timesSent(guids)).toEqual(guids.map(() => 1));
  });

  it('events that CI360 did not take are replayed by the same commands', async () => {
    const since = new Date().toISOString();
    stack.simulators.setFault('ci360', { mode: 'status', status: 400 });
    const ci360 = connector(stack);
    const { guid } = await ci360.post(`TO:${recipient('delivered', posted++)};Told later`);
    for (;;) {
      const { answer } = await cli(`failed --since ${since} --kind external-event`, groupsSchema);
      if (answer.groups.reduce((sum, { count }) => sum + count, 0) >= 2) break;
      await sleep(100);
    }
    stack.simulators.setFault('ci360', {});
    const { code, answer } = await cli(
      `replay start --yes --since ${since} --kind external-event --rate 20 --watch`,
      replaySchema,
    );
    expect(answer).toMatchObject({ status: 'completed', failedAgain: 0, onTheirWay: 0 });
    expect([code, answer.sent]).toEqual([0, answer.requeued]);
    await stack.simulators
      .inspection('ci360')
      .waitFor(
        ({ body, status }) =>
          (status ?? 500) < 300 && body.includes(guid) && body.includes('twilio_delivered'),
      );
  });
});
