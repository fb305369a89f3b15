import { describe, expect, it, vi } from 'vitest';
import { judge } from '../../../domain/replay/judge.ts';
import { recall, take } from '../../../domain/replay/take.ts';
import { aDelivery } from '../../builders/delivery.ts';
import { aMessageRequest, BUILT_AT } from '../../builders/message-request.ts';
import { aReplay } from '../../builders/replay.ts';
import { someFailed, world } from './replay-setup.ts';

const replay = aReplay();
const guids = (rows: ReturnType<typeof someFailed>) => rows.map(({ guid }) => guid);
const rules = { ignoreTtl: false, includePermanent: false, sendInDoubt: false };
const [row] = someFailed(1);
if (row === undefined) throw new Error('no row');

describe('judging failed requests together', () => {
  it('gives them in order, each with its own delivery and opt-out', async () => {
    const rows = someFailed(3, (no) => ({
      eventBody: JSON.stringify(
        aMessageRequest({ guid: `guid-00000${no}`, to: `+1202555010${no}` }),
      ),
    }));
    const w = world(rows);
    const doubt = { from: BUILT_AT, to: BUILT_AT };
    await w.deliveries.insert(aDelivery({ guid: 'guid-000002', status: 'failed', doubt }));
    await w.optOuts.optOut('tenant-a', '+12025550101', 'reply', BUILT_AT);

    expect(
      (await judge(rows, rules, w.deps)).map(({ verdict, inDoubt }) => [verdict, inDoubt]),
    ).toEqual([
      ['send', false],
      ['opted-out', false],
      ['in-doubt', true],
    ]);
  });

  it('asks about no person for events that CI360 is to get, nor for what cannot be read', async () => {
    const body = { v: 1, kind: 'status', key: 'event-1', tenantId: 'tenant-a' };
    const rows = someFailed(2, (no) =>
      no === 0
        ? { kind: 'external-event', eventBody: JSON.stringify(body) }
        : { eventBody: '{"v":1}' },
    );
    const w = world(rows);
    const deliveries = vi.spyOn(w.deps.facts, 'deliveries');
    const optedOut = vi.spyOn(w.deps.facts, 'optedOut');
    const [event, unreadable] = await judge(rows, rules, w.deps);

    expect(event).toMatchObject({ verdict: 'send', record: { event: body }, inDoubt: false });
    expect(unreadable).toMatchObject({ verdict: 'needs-editing', inDoubt: false });
    expect(unreadable).not.toHaveProperty('record');
    expect(deliveries).toHaveBeenCalledWith([]);
    expect(optedOut).toHaveBeenCalledWith([]);
  });
});

describe('taking failed requests', () => {
  it('claims each and marks its record with the replay', async () => {
    const w = world([{ ...row, replays: 2 }]);

    expect(await take([row.guid], replay, w.deps)).toMatchObject([
      {
        kind: 'requeue',
        row: { status: 'replaying', replayId: 'replay-1', replays: 3 },
        record: { request: { replay: { id: 'replay-1', no: 3, ignoreTtl: false } } },
      },
    ]);
  });

  it('marks the record of a replay that insists on what is in doubt', async () => {
    const insisting = aReplay({ options: { ...replay.options, sendInDoubt: true } });
    const [taken] = await take([row.guid], insisting, world([row]).deps);

    expect(taken).toMatchObject({ record: { request: { replay: { sendInDoubt: true } } } });
  });

  it.each([
    ['delivered', 'resolved', 'delivered-meanwhile'],
    ['failed', 'replaying', undefined],
  ] as const)('one whose delivery is %s ends up %s', async (status, ends, verdict) => {
    const w = world([row]);
    await w.deliveries.insert(aDelivery({ guid: row.guid, status }));
    const [taken] = await take([row.guid], replay, w.deps);

    expect(taken).toMatchObject(verdict ? { kind: 'skipped', verdict } : { kind: 'requeue' });
    expect(w.failedRequests.all()).toMatchObject([{ status: ends }]);
  });

  it('writes nothing about one that was resolved before', async () => {
    const w = world([{ ...row, status: 'resolved', eventBody: '' }]);
    const swap = vi.spyOn(w.deps.failedRequests, 'swap');

    expect(await take([row.guid], replay, w.deps)).toEqual([
      { kind: 'skipped', verdict: 'delivered-meanwhile' },
    ]);
    expect(swap).not.toHaveBeenCalled();
  });

  it('leaves what another replay was faster to take to it', async () => {
    const w = world([row]);
    const { swap } = w.failedRequests;
    vi.spyOn(w.deps.failedRequests, 'swap').mockImplementationOnce(async () => {
      await swap(row, { ...row, status: 'replaying', replayId: 'replay-2', replays: 1 });
      return false;
    });

    expect(await take([row.guid], replay, w.deps)).toEqual([
      { kind: 'skipped', verdict: 'already-being-replayed' },
    ]);
  });

  it('leaves out what is gone, and what is another tenant’s now', async () => {
    const rows = someFailed(2, (no) => (no === 0 ? { tenantId: 'tenant-b' } : {}));
    const w = world(rows.slice(0, 1));

    expect(await take(guids(rows), replay, w.deps)).toEqual([]);
  });

  it('takes up what this replay has claimed, and what it settled since is not taken again', async () => {
    const rows = someFailed(3, (no) => ({
      replayId: 'replay-1',
      replays: 1,
      status: (['replaying', 'resolved', 'failed'] as const)[no] ?? 'failed',
    }));
    const w = world(rows);

    expect((await take(guids(rows), replay, w.deps)).map(({ kind }) => kind)).toEqual([
      'requeue',
      'settled',
      'settled',
    ]);
  });
});

describe('what was claimed before', () => {
  it('goes on the queue under the number that it has', async () => {
    const w = world([row]);
    const mine = { ...row, status: 'replaying', replayId: 'replay-1', replays: 4 } as const;

    expect(await recall([mine], replay, w.deps)).toMatchObject([
      { kind: 'requeue', row: mine, record: { request: { replay: { no: 4 } } } },
    ]);
  });

  it('needs editing if its body cannot be read', async () => {
    const mine = { ...row, status: 'replaying', replayId: 'replay-1', eventBody: '' } as const;

    expect(await recall([mine], replay, world([]).deps)).toEqual([
      { kind: 'skipped', verdict: 'needs-editing' },
    ]);
  });
});
