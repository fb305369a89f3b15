import { MINUTE, SECOND } from '../clock.ts';
import type { QueueRecord } from '../queue.ts';
import { Unavailable } from '../unavailable.ts';
import { type Governor, nameOf, type Pacing, unitsFor } from './pacing.ts';
import { unitsOf } from './rates.ts';
import { bySender, type Governed } from './records.ts';
import { msPerUnit } from './slots.ts';

/** What a record of a lane is to do. */
export type Slotted =
  /** Be sent in its slot. */
  | { readonly kind: 'send'; readonly slot: Slot }
  /** Go back to its lane. */
  | { readonly kind: 'back'; readonly seconds: number }
  /** Leave its lane for so long: it cannot be sent today. */
  | { readonly kind: 'leave'; readonly seconds: number };

/** When a message is sent, ms since 1970, and how long its sender then rests. */
export type Slot = { readonly at: number; readonly sender: string; readonly lengthMs: number };

export type SlotDeps = {
  readonly pacing: Pacing;
  /** Seconds before a lane asks again while the table is down, by how often a record was received. */
  readonly retrySeconds: (receiveCount: number) => number;
};

/** A worker waits so long for the first slot of a batch, and so long from its first to its last. */
const LONGEST_AHEAD_MS = 10 * SECOND;
const LONGEST_SPAN_MS = 10 * SECOND;
/** At most a third of the time that is left for each: the last third is for sending. */
const SHARE_OF_TIME = 1 / 3;
const OVER_THE_CAP_SECONDS = (15 * MINUTE) / SECOND;

/**
 * Reserves the slots of a batch of lanes, with one write for a sender, and says when each record is sent. What
 * has no slot in time goes back to its lane, which blocks that lane and no other. A record that is named by
 * nobody has no pace any more.
 */
export async function takeSlots(
  records: readonly QueueRecord[],
  deps: SlotDeps,
): Promise<ReadonlyMap<string, Slotted>> {
  const all = new Map<string, Slotted>();
  await Promise.all(
    bySender(records, deps.pacing).map(async (group) => {
      const slots = await slotsOf(group, deps);
      for (const [at, { record }] of group.entries()) {
        all.set(record.messageId, slots[at] ?? { kind: 'back', seconds: 0 });
      }
    }),
  );
  return all;
}

/** One entry for each of the group that fits into the time there is; those after it go back at once. */
async function slotsOf(
  group: readonly [Governed, ...Governed[]],
  deps: SlotDeps,
): Promise<readonly Slotted[]> {
  const { pacing, retrySeconds } = deps;
  const [{ record, governors }] = group;
  const allOf = (slotted: Slotted) => group.map(() => slotted);
  const left = (record.deadline - pacing.now()) * SHARE_OF_TIME;
  const fitting = fittingOf(group, Math.min(LONGEST_SPAN_MS, left), pacing);
  try {
    const times = await Promise.all(
      governors.map((governor) =>
        timesOf(governor, fitting, Math.min(LONGEST_AHEAD_MS, left), pacing),
      ),
    );
    const late = times.find((each) => 'seconds' in each);
    if (late !== undefined && 'seconds' in late) return allOf({ kind: 'back', ...late });
    const [governor] = governors;
    if (!(await pacing.spend(governor, unitsFor(governor, requestsOf(fitting))))) {
      return allOf({ kind: 'leave', seconds: OVER_THE_CAP_SECONDS });
    }
    const slots = times.flatMap((each) => ('slots' in each ? [each.slots] : []));
    return fitting.flatMap((_, at): Slotted[] => {
      const [own, ...others] = slots.flatMap((each) => each[at] ?? []);
      if (own === undefined) return [];
      const latest = Math.max(own.at, ...others.map((other) => other.at));
      return [{ kind: 'send', slot: { ...own, at: latest } }];
    });
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    return allOf({ kind: 'back', seconds: retrySeconds(record.receiveCount) });
  }
}

const requestsOf = (group: readonly Governed[]) => group.map(({ request }) => request);

/** The first of a batch that can be sent within so many ms: one at least. */
function fittingOf(
  group: readonly [Governed, ...Governed[]],
  spanMs: number,
  { rateOf }: Pick<Pacing, 'rateOf'>,
): readonly Governed[] {
  const [
    {
      governors: [governor],
    },
  ] = group;
  const msEach = msPerUnit(rateOf(governor));
  let units = 0;
  const end = group.findIndex(({ request }, at) => {
    units += unitsOf(request, governor.unit);
    return at > 0 && units * msEach > spanMs;
  });
  return end === -1 ? group : group.slice(0, end);
}

/** When each of them may be sent by one governor's limit, or after how many seconds to ask again. */
async function timesOf(
  governor: Governor,
  group: readonly Governed[],
  aheadMs: number,
  pacing: Pacing,
): Promise<{ readonly slots: readonly Slot[] } | { readonly seconds: number }> {
  const units = unitsFor(governor, requestsOf(group));
  const now = pacing.now();
  const { begins, freeAt, msEach } = await pacing.reserve(governor, 'send', units, aheadMs);
  if (begins === undefined) {
    const ms = (freeAt ?? now + aheadMs) - now - aheadMs / 2;
    return { seconds: Math.max(1, Math.ceil(ms / SECOND)) };
  }
  let before = 0;
  const slots = group.map(({ request }): Slot => {
    const own = unitsOf(request, governor.unit);
    const at = begins + before * msEach;
    before += own;
    return { at, sender: nameOf(governor.key), lengthMs: own * msEach };
  });
  return { slots };
}
