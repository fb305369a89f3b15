import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addBatch } from '../../../domain/campaigns/add-batch.ts';
import type { Counted } from '../../../domain/campaigns/counted.ts';
import { type Change, sameKey, totalsOf } from '../../../domain/campaigns/totals.ts';
import type { Totals } from '../../../domain/campaigns/totals-ports.ts';
import { aCounted } from '../../builders/counted.ts';
import { fakeTotals } from '../../fakes/totals.ts';

const sequence = (n: number) => String(n).padStart(40, '0');
const noList = { note: async () => {} };

const counts = (totals: ReturnType<typeof fakeTotals>) =>
  new Map(totals.all().map(({ key, counts: found }) => [sameKey(key), found]));
const expected = (deliveries: Iterable<Counted>) =>
  new Map([...totalsOf(deliveries)].map(([id, { counts: found }]) => [id, found]));

/** Without the items of which nothing is left, which a table without them does not have. */
const notEmpty = (all: Map<string, object>) =>
  new Map([...all].filter(([, found]) => Object.keys(found).length > 0));

const state = fc.record({
  status: fc.constantFrom('sending', 'unknown', 'failed', 'expired', 'sent', 'delivered', 'read'),
  provider: fc.constantFrom('twilio', 'scg'),
  taskId: fc.constantFrom('task-1', 'task-2', ''),
  replayNo: fc.nat(1),
  sentAt: fc.option(fc.integer({ min: 0, max: 120_000 }), { nil: undefined }),
  doubt: fc.option(fc.constant({ from: 1, to: 2 }), { nil: undefined }),
});

/** Changes of a few deliveries over two shards, each delivery in one of them. */
const histories = fc.array(
  fc.record({ guid: fc.constantFrom('a', 'b', 'c', 'd', 'e'), change: state }),
  { maxLength: 40 },
);

function shardsOf(steps: readonly { guid: string; change: Partial<Counted> }[]) {
  const table = new Map<string, Counted>();
  const shards = new Map<string, Change[]>();
  steps.forEach(({ guid, change }, at) => {
    const before = table.get(guid);
    const { acceptedAt = 0 } = aCounted();
    const sentAt = change.sentAt === undefined ? undefined : acceptedAt + change.sentAt;
    // A delivery keeps its task.
    const taskId = before?.taskId ?? change.taskId ?? '';
    const after = aCounted({ ...change, guid, taskId, sentAt });
    table.set(guid, after);
    const shardId = `shard-${guid.charCodeAt(0) % 2}`;
    const changes = shards.get(shardId) ?? [];
    changes.push({ sequence: sequence(at + 1), before, after });
    shards.set(shardId, changes);
  });
  return { table, shards };
}

/** Dies at the writes whose turn it is; half of those are done all the same, and their answer is lost. */
function dying(totals: Totals, deaths: readonly number[]): Totals {
  let write = 0;
  return {
    ...totals,
    add: async (...given) => {
      write += 1;
      const dies = deaths.includes(write);
      if (dies && write % 2 === 0) throw new Error('killed before the write');
      const added = await totals.add(...given);
      if (dies) throw new Error('killed after the write');
      return added;
    },
  };
}

/** As Lambda feeds a shard: batches of some size, a failed one cut in two, and batches that come again. */
async function feed(
  shardId: string,
  changes: readonly Change[],
  totals: Totals,
  sizes: readonly number[],
) {
  const batch = async (part: readonly Change[]): Promise<void> => {
    try {
      await addBatch(shardId, part, { totals, campaigns: noList });
    } catch {
      const middle = Math.ceil(part.length / 2);
      if (part.length === 1) return batch(part);
      await batch(part.slice(0, middle));
      await batch(part.slice(middle));
    }
  };
  let turn = 0;
  for (let from = 0; from < changes.length; ) {
    const size = sizes[turn % sizes.length] ?? 1;
    turn += 1;
    await batch(changes.slice(from, from + size));
    // The checkpoint is lost now and then: what was done is given out again, with what comes after it.
    from += turn % 3 === 0 ? Math.floor(size / 2) || 1 : size;
  }
}

describe('adding batches of the stream', () => {
  it('ends with the totals of the table, however they are cut, repeated, bisected and killed', async () => {
    await fc.assert(
      fc.asyncProperty(
        histories,
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 12 }),
        async (steps, sizes, deaths) => {
          const { table, shards } = shardsOf(steps);
          const totals = fakeTotals();
          const store = dying(totals, deaths);
          await Promise.all(
            [...shards].map(([shardId, changes]) => feed(shardId, changes, store, sizes)),
          );
          expect(notEmpty(counts(totals))).toEqual(expected(table.values()));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('needs one write for an item and no read when nothing goes wrong', async () => {
    const calls: string[] = [];
    const totals = fakeTotals();
    const watched: Totals = {
      add: async (...given) => {
        calls.push('add');
        return totals.add(...given);
      },
      position: async (...given) => {
        calls.push('position');
        return totals.position(...given);
      },
    };
    const changes = Array.from({ length: 100 }, (_, n) => ({
      sequence: sequence(n + 1),
      before: undefined,
      after: aCounted({ guid: `guid-${n}` }),
    }));
    await addBatch('shard', changes, { totals: watched, campaigns: noList });
    expect(calls).toEqual(['add']);
  });

  it('writes nothing for changes that count for nothing', async () => {
    const totals = fakeTotals();
    const before = aCounted();
    const after = aCounted({ updatedAt: before.updatedAt + 1 });
    await addBatch('shard', [{ sequence: sequence(1), before, after }], {
      totals,
      campaigns: noList,
    });
    expect(totals.all()).toEqual([]);
  });

  it('gives up when others are always faster', async () => {
    const totals: Totals = { add: async () => false, position: async () => undefined };
    const change = { sequence: sequence(1), before: undefined, after: aCounted() };
    await expect(addBatch('shard', [change], { totals, campaigns: noList })).rejects.toThrow(
      'campaigns is not available',
    );
  });
});
