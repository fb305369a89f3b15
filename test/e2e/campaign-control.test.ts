import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pMap from 'p-map';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { messagesAtProviders } from '../../local/demo/outcomes.ts';
import { localKeys } from '../../local/secrets.ts';
import { recipient } from '../../local/simulators/magic-numbers.ts';
import { type Stack, startStack } from '../../local/stack.ts';
import { commandLine } from './command-line.ts';
import { connector } from './connector.ts';

// A release begins ten seconds after its command, and ends once no worker can know the old state.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let stack: Stack;
let logsDir: string;
beforeAll(async () => {
  logsDir = await mkdtemp(join(tmpdir(), 'e2e-campaigns-'));
  stack = await startStack({ logsDir });
});
afterAll(async () => {
  await stack.close();
  await rm(logsDir, { recursive: true });
});

const shownSchema = z.object({
  control: z.object({ state: z.string() }),
  releasing: z.boolean(),
  totals: z.object({ held: z.number() }),
});
const controlledSchema = z.object({
  control: z.object({ state: z.string() }),
  known: z.boolean(),
  held: z.object({ count: z.number() }),
});

const cli = <T>(line: string, schema: z.ZodType<T>) => commandLine(stack, line, schema);
const campaign = (task: string) => cli(`campaign show ${task}`, shownSchema);
/** A campaign has no totals until its first message is counted. */
const isKnown = async (task: string): Promise<boolean> => {
  const path = `${stack.url}/campaigns/${task}?tenantId=local-tenant`;
  const answer = await fetch(path, { headers: { 'x-api-key': localKeys.operator } });
  return answer.ok;
};

// Recipient 70 is the sample sender's own number.
let posted = 100;
/** Posts messages of a task; gives their guids. */
async function post(task: string, count: number): Promise<string[]> {
  const ci360 = connector(stack);
  return pMap(
    Array.from({ length: count }, () => posted++),
    async (no) => {
      const creative = `TO:${recipient('delivered', no)};Campaign ${task}, message ${no}`;
      const { status, guid } = await ci360.post(creative, { task });
      expect(status).toBe(202);
      return guid;
    },
    { concurrency: 16 },
  );
}

/** How often the providers took each of these, those left out that they never did. */
const sent = (guids: readonly string[]): number[] => {
  const at = messagesAtProviders(stack);
  return guids.map((guid) => at.get(`local-tenant#${guid}`) ?? 0).filter((times) => times > 0);
};
const once = (guids: readonly string[]): number[] => guids.map(() => 1);

async function until(what: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await what())) await sleep(100);
}

describe('a campaign that is held', () => {
  it('sends nothing until it is resumed, then exactly the rest', async () => {
    const before = await post('TSK_1', 30);
    await until(() => sent(before).length === 30);
    const hold = await cli('campaign hold TSK_1', controlledSchema);
    expect(hold.answer).toMatchObject({ control: { state: 'held' }, known: true });
    // What workers remember of a moment ago.
    await sleep(5000);

    const rest = await post('TSK_1', 60);
    const others = await post('TSK_2', 10);
    await until(() => sent(others).length === 10);
    await until(async () => (await campaign('TSK_1')).answer.totals.held === 60);
    expect(sent(rest)).toEqual([]);

    await cli('campaign resume TSK_1', controlledSchema);
    await until(() => sent(rest).length >= 60);
    await until(async () => !(await campaign('TSK_1')).answer.releasing);
    expect(sent(rest)).toEqual(once(rest));
    expect((await campaign('TSK_1')).answer).toMatchObject({
      control: { state: 'running' },
    });
    await until(async () => (await campaign('TSK_1')).answer.totals.held === 0);
  });

  it('can be held before its first message', async () => {
    const { answer } = await cli('campaign hold TSK_NEW', controlledSchema);
    expect(answer).toMatchObject({
      control: { state: 'held' },
      known: false,
      held: { count: 0 },
    });
    expect((await campaign('TSK_NEW')).answer.control).toMatchObject({ state: 'held' });
  });
});

describe('a campaign that is stopped', () => {
  it('keeps the rest, held or not, for a replay, which sends exactly that', async () => {
    await cli('campaign hold TSK_3', controlledSchema);
    await sleep(5000);
    const held = await post('TSK_3', 20);
    await until(async () => (await campaign('TSK_3')).answer.totals.held === 20);
    await cli('campaign stop TSK_3', controlledSchema);
    await sleep(5000);
    const late = await post('TSK_3', 5);

    const groups = z.object({
      groups: z.array(z.object({ class: z.string(), count: z.number() })),
    });
    const stopped = async () => {
      const { answer } = await cli('failed --class stopped', groups);
      return answer.groups.reduce((sum, { count }) => sum + count, 0);
    };
    await until(async () => (await stopped()) === 25);
    expect(sent([...held, ...late])).toEqual([]);

    await cli('replay start --class stopped --rate 100 --yes', z.looseObject({}));
    const all = [...held, ...late];
    await until(() => sent(all).length >= 25);
    await until(async () => !(await campaign('TSK_3')).answer.releasing);
    expect(sent(all)).toEqual(once(all));
  });
});

describe('a message with a time', () => {
  it('is held until then, and released by the schedule', async () => {
    const ci360 = connector(stack);
    // To the minute, as creatives have it.
    const at = new Date(Date.now() + 61_000).toISOString().slice(0, 16);
    const creative = `TO:${recipient('delivered', posted++)};SEND_AT:${at}Z;Later`;
    const { guid, status } = await ci360.post(creative, { task: 'TSK_4' });
    expect(status).toBe(202);
    await until(() => isKnown('TSK_4'));
    await until(async () => (await campaign('TSK_4')).answer.totals.held === 1);
    expect(sent([guid])).toEqual([]);
    await until(async () => {
      await stack.invoke('release-schedule', {});
      await sleep(1000);
      return sent([guid]).length === 1;
    });
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(`${at}Z`));
  });

  it('is refused by the name of its field when it is wrong', async () => {
    const { status, body } = await connector(stack).post(
      `TO:${recipient('delivered', posted++)};SEND_AT:2099-01-01T09:00Z;TIMEZONE:Mars/Olympus;Later`,
    );
    expect(status).toBe(422);
    expect(body).toMatchObject({
      error: { details: [{ field: 'TIMEZONE' }, { field: 'SEND_AT' }] },
    });
  });
});
