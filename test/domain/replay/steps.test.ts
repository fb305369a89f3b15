import { describe, expect, it, vi } from 'vitest';
import { continueStep } from '../../../domain/replay/continue.ts';
import { failStep } from '../../../domain/replay/fail.ts';
import { giveBackPage } from '../../../domain/replay/page.ts';
import { prepareStep } from '../../../domain/replay/prepare.ts';
import { firstStep } from '../../../domain/replay/steps.ts';
import { aReplay } from '../../builders/replay.ts';
import { someFailed, world } from './world.ts';

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
