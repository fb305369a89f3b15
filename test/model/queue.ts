import { SECOND } from '../../domain/clock.ts';
import { Unavailable } from '../../domain/unavailable.ts';
import type { Invocation, Outside } from './invocation.ts';
import type { Chance } from './random.ts';
import type { Timeline } from './timeline.ts';
import type { Trace } from './trace.ts';

export type QueueRecord = {
  readonly body: string;
  readonly attribute: string | undefined;
  readonly messageId: string;
  readonly receiveCount: number;
  readonly enqueuedAt: number;
  readonly deadline: number;
};
type Result = { readonly kind: 'done' } | { readonly kind: 'retry'; readonly seconds: number };

type Entry = {
  readonly id: string;
  readonly body: string;
  readonly attribute: string | undefined;
  readonly enqueuedAt: number;
  visibleAt: number;
  receiveCount: number;
};

/** A standard queue of SQS with a function behind it. */
export type Queue = {
  readonly name: string;
  readonly send: (body: string, attribute?: string) => void;
  readonly bodies: () => readonly string[];
};

const VISIBILITY = 360 * SECOND;
const LIFE = 60 * SECOND;

/**
 * Gives records out in any order, sometimes two at once to one invocation, sometimes one to two of them;
 * hides what was given out; gives up what was given out too often. `handle` is one record of one
 * invocation; `describe` names a record in the trace.
 */
export function queueOf(
  name: string,
  options: {
    readonly maxReceives: number;
    readonly deadLetters?: () => Queue;
    readonly handle: (record: QueueRecord, by: Invocation) => Promise<Result>;
    readonly describe: (body: string) => string;
    /** Whether records are given out twice and late. */
    readonly isWild: () => boolean;
  },
  {
    timeline,
    chance,
    outside,
    trace,
  }: {
    readonly timeline: Timeline;
    readonly chance: Chance;
    readonly outside: Outside;
    readonly trace: Trace;
  },
): Queue {
  const entries = new Map<string, Entry>();
  let sent = 0;

  const wait = () =>
    options.isWild() && chance.happens(0.1)
      ? chance.whole(SECOND, 300 * SECOND)
      : chance.whole(1, 2 * SECOND);

  const wakeFor = (entry: Entry) =>
    timeline.after(entry.visibleAt - timeline.now() + wait(), () => offer(entry));

  /** Gives the record to an invocation if it is to be seen; together with another one, perhaps. */
  const offer = (entry: Entry) => {
    if (!entries.has(entry.id) || entry.visibleAt > timeline.now()) return;
    const batch = [entry];
    if (chance.happens(0.3)) {
      const other = [...entries.values()].find(
        (one) => one !== entry && one.visibleAt <= timeline.now(),
      );
      if (other) batch.push(other);
    }
    give(batch);
  };

  const give = (batch: readonly Entry[]) => {
    const by = outside.begin(name, LIFE);
    const taken = batch.filter((entry) => {
      entry.receiveCount += 1;
      if (options.deadLetters && entry.receiveCount > options.maxReceives) {
        trace(() => `${name}: gives up ${options.describe(entry.body)}`);
        entries.delete(entry.id);
        options.deadLetters().send(entry.body, entry.attribute);
        return false;
      }
      entry.visibleAt = timeline.now() + VISIBILITY;
      wakeFor(entry);
      return true;
    });
    if (taken.length > 0) void invoke(taken, by);
    if (options.isWild() && chance.happens(0.08)) {
      // At least once: a second invocation has it although it is hidden.
      for (const entry of taken) {
        timeline.after(chance.whole(0, 100 * SECOND), () => {
          if (!entries.has(entry.id)) return;
          entry.receiveCount += 1;
          void invoke([entry], outside.begin(name, LIFE));
        });
      }
    }
  };

  const invoke = async (batch: readonly Entry[], by: Invocation) => {
    const results = Promise.all(batch.map((entry) => one(entry, by)));
    if ((await Promise.race([results, by.death])) === 'died') return;
    await Promise.race([finish(batch, await results, by), by.death]);
    by.finish();
  };

  const one = async (entry: Entry, by: Invocation): Promise<Result> => {
    trace(() => `${by.name} receives ${options.describe(entry.body)}, time ${entry.receiveCount}`);
    const { id: messageId, body, attribute, receiveCount, enqueuedAt } = entry;
    const deadline = by.clock() + LIFE;
    try {
      return await options.handle(
        { body, attribute, messageId, receiveCount, enqueuedAt, deadline },
        by,
      );
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      return { kind: 'retry', seconds: chance.whole(1, 30) };
    }
  };

  /** Deletes what is done and hides the rest, as Lambda's event source and the batch loop do. */
  const finish = async (batch: readonly Entry[], results: readonly Result[], by: Invocation) => {
    await Promise.all(
      batch.map(async (entry, at) => {
        const result = results[at];
        if (result === undefined) return;
        try {
          await outside.call(by, `${name}.${result.kind}`, () => {
            if (result.kind === 'done') {
              entries.delete(entry.id);
            } else if (entries.has(entry.id)) {
              entry.visibleAt = timeline.now() + result.seconds * SECOND;
              wakeFor(entry);
            }
          });
        } catch {
          // It comes back when its time is up.
        }
      }),
    );
  };

  return {
    name,
    bodies: () => [...entries.values()].map(({ body }) => body),
    send: (body, attribute) => {
      sent += 1;
      const now = timeline.now();
      const id = `${name}-${sent}`;
      const entry = { id, body, attribute, enqueuedAt: now, visibleAt: now, receiveCount: 0 };
      entries.set(id, entry);
      wakeFor(entry);
    },
  };
}
