import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CheckedTotals, checkTotals } from '../../../domain/campaigns/check.ts';
import { runCheck } from '../../../domain/campaigns/check-run.ts';
import type { Counted } from '../../../domain/campaigns/counted.ts';
import { sameKey, totalsOf } from '../../../domain/campaigns/totals.ts';
import { aCounted } from '../../builders/counted.ts';
import { fakeCampaignRecords } from '../../fakes/campaign-records.ts';
import { fakeObserve } from '../../fakes/observe.ts';

const HOUR = 3_600_000;
const accepted = aCounted().acceptedAt ?? 0;
const later = accepted + 24 * HOUR;

function world(deliveries: readonly Counted[], change: (totals: CheckedTotals) => CheckedTotals) {
  const totals = new Map<string, CheckedTotals>(
    [...totalsOf(deliveries)].map(([id, { key, counts }]) => [
      id,
      change({ key, counts, updatedAt: accepted, changes: 1 }),
    ]),
  );
  const observe = fakeObserve();
  let now = later;
  return {
    totals,
    observe,
    pass: (ms: number) => {
      now += ms;
    },
    deps: {
      records: {
        deliveries: async function* () {
          yield deliveries;
        },
        totals: async () => [...totals.values()],
        replace: async (key: CheckedTotals['key'], counts: CheckedTotals['counts'], at: number) => {
          const known = totals.get(sameKey(key));
          if ((known?.changes ?? 0) !== at) return false;
          totals.set(sameKey(key), { key, counts, updatedAt: now, changes: at + 1 });
          return true;
        },
      },
      clock: () => now,
      deliveryTtlSeconds: 30 * 24 * 3600,
      observe,
    },
  };
}
const same = (totals: CheckedTotals) => totals;
const wrong = (totals: CheckedTotals) => ({
  ...totals,
  counts: { ...totals.counts, accepted: 99, 'error:failed:config:1': 1 },
});
const some = [aCounted(), aCounted({ guid: 'b', status: 'sent' }), aCounted({ taskId: 'task-2' })];

describe('the check of the totals', () => {
  it('finds nothing where they are those of the table', async () => {
    const { deps, observe } = world(some, same);
    expect(await checkTotals({ repair: true }, deps)).toEqual({
      ...{ deliveries: 3, compared: 2, changing: 0, different: 0, repaired: 0 },
    });
    expect(observe.counted('totals_drift')).toBe(0);
  });

  it('finds what differs, and changes nothing unless it is to repair', async () => {
    const { deps, totals, observe } = world(some, wrong);
    const result = await checkTotals({ repair: false }, deps);
    expect(result).toMatchObject({ compared: 2, different: 2, repaired: 0 });
    expect(observe.counted('totals_drift')).toBe(2);
    expect([...totals.values()].every(({ counts }) => counts.accepted === 99)).toBe(true);
  });

  it('rebuilds whatever was lost, added or made up, and then finds nothing', async () => {
    const delivery = fc.record({
      guid: fc.string(),
      taskId: fc.constantFrom('task-1', 'task-2', 'task-3'),
      status: fc.constantFrom('sending', 'sent', 'failed'),
    });
    const damage = fc.constantFrom('none', 'wrong', 'lost', 'made up');
    await fc.assert(
      fc.asyncProperty(
        fc.array(delivery, { minLength: 1 }),
        fc.array(damage),
        async (rows, how) => {
          const deliveries = rows.map((row) => aCounted(row));
          const { deps, totals, pass } = world(deliveries, same);
          [...totals].forEach(([id, item], at) => {
            if (how[at] === 'wrong') totals.set(id, wrong(item));
            if (how[at] === 'lost') totals.delete(id);
            if (how[at] === 'made up') {
              const key = { ...item.key, sender: 'nobody' };
              totals.set(sameKey(key), { ...item, key });
            }
          });
          await checkTotals({ repair: true }, deps);
          pass(HOUR);
          const again = await checkTotals({ repair: false }, deps);
          expect(again).toMatchObject({ changing: 0, different: 0 });
          const expected = totalsOf(deliveries);
          for (const [id, { counts }] of expected) expect(totals.get(id)?.counts).toEqual(counts);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('leaves out what changes now: the stream may not have brought it yet', async () => {
    const fresh = [aCounted({ updatedAt: later - 60_000 })];
    const { deps } = world(fresh, wrong);
    expect(await checkTotals({ repair: true }, deps)).toMatchObject({
      ...{ compared: 0, changing: 1, different: 0 },
    });
  });

  it('leaves out hours of which deliveries may be gone', async () => {
    const { deps } = world(some, wrong);
    const result = await checkTotals({ repair: true }, { ...deps, deliveryTtlSeconds: 3600 });
    expect(result).toMatchObject({ compared: 0, changing: 0, different: 0 });
  });

  it('does not overwrite what the stream adds meanwhile', async () => {
    const { deps, totals } = world(some, wrong);
    const records = {
      ...deps.records,
      totals: async () => {
        const read = [...totals.values()];
        for (const [id, item] of totals) totals.set(id, { ...item, changes: item.changes + 1 });
        return read;
      },
    };
    expect(await checkTotals({ repair: true }, { ...deps, records })).toMatchObject({
      ...{ changing: 2, different: 0, repaired: 0 },
    });
  });
});

describe('a scheduled run', () => {
  it('checks once a day, and rebuilds whenever it was asked to', async () => {
    const { deps, pass } = world(some, wrong);
    const { checks } = fakeCampaignRecords();
    const run = () => runCheck({ ...deps, states: checks });
    expect((await run()).result).toMatchObject({ different: 2, repaired: 0 });
    pass(HOUR);
    const first = await checks.get();
    expect(await run()).toEqual(first);

    await checks.put({ ...first, requestedAt: later + HOUR, requestedBy: 'on-call' });
    pass(60_000);
    const rebuilt = await run();
    expect(rebuilt.result).toMatchObject({ different: 2, repaired: 2 });
    expect(rebuilt.requestedAt).toBeUndefined();

    pass(24 * HOUR);
    expect((await run()).result).toMatchObject({ different: 0 });
  });
});
