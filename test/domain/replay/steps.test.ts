import { describe, expect, it, vi } from 'vitest';
import { continueStep } from '../../../domain/replay/continue.ts';
import { failStep } from '../../../domain/replay/fail.ts';
import { giveBackPage } from '../../../domain/replay/page.ts';
import { prepareStep } from '../../../domain/replay/prepare.ts';
import { nextVersion } from '../../../domain/replay/replay.ts';
import {
  commit,
  firstStep,
  after as nextAfter,
  open,
  Superseded,
  task,
} from '../../../domain/replay/steps.ts';
import { Unavailable } from '../../../domain/unavailable.ts';
import { aReplay } from '../../builders/replay.ts';
import { someFailed, world } from './replay-setup.ts';

const step = firstStep({ replayId: 'replay-1', generation: 1 });
const caught = { ...step, error: { Error: 'Error' } };

describe('the first step of an execution', () => {
  it.each([
    ['canary', 'requeue'],
    ['canary-outcomes', 'outcomes'],
    ['requeue', 'requeue'],
    ['outcomes', 'outcomes'],
  ] as const)('of a replay in phase %s goes on with %s', async (phase, next) => {
    const w = world([]);
    await w.begin(aReplay({ phase }));

    expect(await prepareStep(step, w.deps)).toMatchObject({ next });
  });
});

describe('handing a replay over to a new execution', () => {
  it.each([
    ['it is paused', { status: 'paused' as const }],
    ['an execution two later has it', { generation: 3 }],
  ])('starts nothing when %s', async (_, over) => {
    const w = world([]);
    await w.begin(aReplay(over));
    const before = w.started.length;

    expect(await continueStep(step, w.deps)).toMatchObject({ next: 'done' });
    expect(w.started).toHaveLength(before);
    expect(await w.replay()).toMatchObject({ version: 1 });
  });

  it('starts the next execution once, however often the step runs', async () => {
    const w = world([]);
    await w.begin(aReplay());
    await continueStep(step, w.deps);
    await continueStep(step, w.deps);

    expect(await w.replay()).toMatchObject({ generation: 2 });
    expect(w.started.filter(({ name }) => name === 'replay-1-2')).toHaveLength(1);
  });
});

describe('a failure that an execution ends with', () => {
  it('fails its replay', async () => {
    const w = world([]);
    await w.begin(aReplay());
    await failStep(caught, w.deps);

    expect(await w.replay()).toMatchObject({ status: 'failed' });
  });

  it.each([
    ['that another execution has taken over', { generation: 2 }],
    ['that was paused', { status: 'paused' as const }],
    ['that is over', { status: 'completed' as const }],
  ])('touches neither a replay %s nor what it claimed', async (_, over) => {
    const [row] = someFailed(1, () => ({ status: 'replaying', replayId: 'replay-1', replays: 1 }));
    if (row === undefined) throw new Error('no row');
    const w = world([row]);
    const replay = aReplay({ page: { guids: [row.guid] }, ...over });
    await w.begin(replay);
    await failStep(caught, w.deps);

    expect(await w.replay()).toEqual(replay);
    expect(w.failedRequests.all()).toEqual([row]);
  });
});

describe('what a replay that failed gives back of its page', () => {
  it('is what it claimed and nobody has settled or taken since', async () => {
    const rows = someFailed(4, (no) => ({
      status: no === 1 ? 'resolved' : no === 3 ? 'failed' : 'replaying',
      replayId: no === 2 ? 'replay-2' : 'replay-1',
      replays: 1,
    }));
    const w = world(rows);
    const guids = rows.map(({ guid }) => guid);
    await giveBackPage(aReplay({ page: { guids } }), w.deps);

    expect(w.failedRequests.all().map(({ status, replayId }) => [status, replayId])).toEqual([
      ['failed', undefined],
      ['resolved', 'replay-1'],
      ['replaying', 'replay-2'],
      ['failed', 'replay-1'],
    ]);
  });

  it('is nothing when it had no page', async () => {
    const rows = someFailed(1);
    const w = world(rows);
    await giveBackPage(aReplay(), w.deps);

    expect(w.failedRequests.all()).toEqual(rows);
  });
});

describe('a request that no queue can hold', () => {
  it('is a failed request again, with that as its reason, and not counted as requeued', async () => {
    const w = world(someFailed(3));
    const put = w.deps.queues.messages;
    vi.spyOn(w.deps.queues, 'messages').mockImplementation(async (requests) => {
      const fits = requests.filter(({ guid }) => guid !== 'guid-000001');
      await put(fits);
      return requests.map(({ guid }) => (guid === 'guid-000001' ? 'too-large' : 'enqueued'));
    });
    await w.begin(aReplay());
    const { by } = await w.run();

    expect(w.sent.map(({ guid }) => guid)).toEqual(['guid-000000', 'guid-000002']);
    expect(by('failed')).toMatchObject([{ guid: 'guid-000001', errorCode: 'too-large' }]);
    expect(w.observe.counted('replayed')).toBe(2);
    expect(await w.replay()).toMatchObject({
      status: 'completed',
      requeued: 2,
      skipped: { 'needs-editing': 1 },
    });
  });
});

describe('the turns of an execution', () => {
  const limits = { maxTurns: 3 };
  const at = (turn: number) => ({ ...step, turn });

  it('are counted, and the last one hands over to a new execution', () => {
    expect(nextAfter(at(1), 'requeue', limits)).toEqual({ ...at(2), next: 'requeue', seconds: 0 });
    expect(nextAfter(at(2), 'pace', limits, 4)).toEqual({ ...at(3), next: 'continue', seconds: 4 });
  });

  it.each(['done', 'report'] as const)('do not keep an execution from its %s', (next) => {
    expect(nextAfter(at(9), next, limits)).toMatchObject({ next });
  });
});

describe('the record of a replay', () => {
  it.each([
    ['is not there', undefined],
    ['is paused', { status: 'paused' as const }],
    ['is of a later execution', { generation: 2 }],
  ])('is not this execution’s when it %s', async (_, over) => {
    const w = world([]);
    if (over) await w.begin(aReplay(over));

    await expect(open(step, w.deps)).rejects.toThrow(Superseded);
  });

  it('keeps what an operator asked for while it was changed', async () => {
    const w = world([]);
    await w.begin(aReplay());
    const read = await open(step, w.deps);
    await w.replays.swap(nextVersion(read, { control: 'pause' }, w.clock()));
    await commit(step, read, { pace: { at: 5, from: 0 } }, w.deps);

    expect(await w.replay()).toMatchObject({
      control: 'pause',
      pace: { at: 5, from: 0 },
      version: 3,
    });
  });

  it.each([
    ['its phase', { phase: 'outcomes' as const }],
    ['its place', { cursor: 'cursor-2' }],
    ['its page', { page: { guids: ['one'], next: 'cursor-3' } }],
    ['what is left of its page', { page: { guids: [], next: 'cursor-2' } }],
    ['what it has requeued', { requeued: 1 }],
  ])('is not overwritten when another run changed %s', async (_, changes) => {
    const w = world([]);
    await w.begin(aReplay({ page: { guids: ['one'], next: 'cursor-2' } }));
    const read = await open(step, w.deps);
    await w.replays.swap(nextVersion(read, changes, w.clock()));

    await expect(commit(step, read, { requeued: 7 }, w.deps)).rejects.toThrow(
      new Unavailable('replays'),
    );
    expect(await w.replay()).toMatchObject(changes);
  });

  it('is not changed once it was paused', async () => {
    const w = world([]);
    await w.begin(aReplay());
    const read = await open(step, w.deps);
    await w.replays.swap(nextVersion(read, { status: 'paused' }, w.clock()));

    await expect(commit(step, read, { requeued: 7 }, w.deps)).rejects.toThrow(Superseded);
  });
});

describe('a task', () => {
  const run = (error: Error) =>
    task(async () => {
      throw error;
    })(step, world([]).deps);

  it('that is superseded ends its execution', async () => {
    expect(new Superseded().code).toBe('superseded');
    expect(await run(new Superseded())).toMatchObject({ next: 'done', turn: 1 });
  });

  it('that breaks for another reason breaks', async () => {
    await expect(run(new Unavailable('replays'))).rejects.toThrow(Unavailable);
  });
});
