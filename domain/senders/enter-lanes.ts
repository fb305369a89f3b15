import { MINUTE, type Random, SECOND } from '../clock.ts';
import type { Observe } from '../observe.ts';
import type { MessageRequest } from '../outbound/message-request.ts';
import type { EnqueueResult, OutboundQueue } from '../outbound/ports.ts';
import type { QueueRecord, RecordResult } from '../queue.ts';
import { Unavailable } from '../unavailable.ts';
import { laneOf } from './lane.ts';
import { type Governor, type Pacing, unitsFor } from './pacing.ts';
import { bySender, type Governed } from './records.ts';

/** A message on its way into a lane. `entryId` names this entry: the queue takes it once. */
export type LaneEntry = {
  readonly request: MessageRequest;
  readonly lane: string;
  readonly entryId: string;
};

/** The queue of lanes: it hands out one batch of a lane at a time. One result per entry; never throws. */
export type LaneQueue = {
  readonly enter: (entries: readonly LaneEntry[]) => Promise<readonly EnqueueResult[]>;
};

export type EntryDeps = {
  readonly pacing: Pacing;
  readonly lanes: LaneQueue;
  readonly outbound: Pick<OutboundQueue, 'enqueueBatch'>;
  readonly random: Random;
  readonly observe: Pick<Observe, 'count'>;
};

/** String attribute of a record that had its turn: it enters its lane without asking again. */
export const TURN_ATTRIBUTE = 'lane_turn';

/**
 * As much as a sender sends in this time stands in its lanes. More would hide other senders' lanes: a FIFO
 * queue looks through its first 120,000 messages for lanes to hand out.
 */
const LANES_HOLD_MS = MINUTE;
/** The longest delay that a queue knows, and how long before its turn a message is back. */
const LONGEST_DELAY_MS = 15 * MINUTE;
/** Turns are given by the rate of today, which for an unknown limit is soon another. */
const SEARCH_DELAY_MS = 2 * MINUTE;
const BACK_EARLY_MS = LANES_HOLD_MS / 2;
const RETRY_SECONDS = 5;

/**
 * Moves the messages of senders that have a pace into their lanes; the rest of the batch is left to the worker.
 * A lane that holds enough takes no more: the others are given a turn and go back on the outbound queue, delayed
 * until then, where they are neither in flight nor in anyone's way. Every move puts the copy on its new queue
 * before the record is done with; of two copies, the claim drops one.
 */
export async function enterLanes(
  records: readonly QueueRecord[],
  deps: EntryDeps,
): Promise<ReadonlyMap<string, RecordResult>> {
  const results = new Map<string, RecordResult>();
  for (const group of bySender(records, deps.pacing)) {
    const [
      {
        governors: [governor],
      },
    ] = group;
    const hasTurn = ({ record, request }: Governed) =>
      request.priority === 'high' || TURN_ATTRIBUTE in record.attributes;
    const asking = group.filter((each) => !hasTurn(each));
    const delay = await turnOf(governor, asking, deps);
    const entering = delay === undefined ? group : group.filter(hasTurn);
    await enter(entering, governor, results, deps);
    if (delay !== undefined) await putBack(asking, delay, results, deps);
  }
  return results;
}

type Delay = { readonly seconds: number; readonly hasTurn: boolean };

/** When messages may enter their lane; undefined for now. */
async function turnOf(
  governor: Governor,
  asking: readonly Governed[],
  { pacing, random }: EntryDeps,
): Promise<Delay | undefined> {
  if (asking.length === 0) return undefined;
  const units = unitsFor(
    governor,
    asking.map(({ request }) => request),
  );
  try {
    const now = pacing.now();
    const longestMs = governor.limit === undefined ? SEARCH_DELAY_MS : LONGEST_DELAY_MS;
    const { begins } = await pacing.reserve(governor, 'entry', units, longestMs);
    if (begins === undefined) {
      const ms = longestMs * (0.5 + random() / 2);
      return { seconds: Math.floor(ms / SECOND), hasTurn: false };
    }
    if (begins <= now + LANES_HOLD_MS) return undefined;
    return { seconds: Math.floor((begins - now - BACK_EARLY_MS) / SECOND), hasTurn: true };
  } catch (error) {
    // Without the table nobody knows how long the lanes are. Nothing leaves them then, and they are safe to wait in.
    if (error instanceof Unavailable) return undefined;
    throw error;
  }
}

async function enter(
  group: readonly Governed[],
  governor: Governor,
  results: Map<string, RecordResult>,
  { lanes, pacing, observe }: EntryDeps,
): Promise<void> {
  if (group.length === 0) return;
  // An unknown limit may be far above what its kind has: lanes enough for the rate to double.
  const lanesBy = governor.limit?.perSecond ?? 2 * pacing.rateOf(governor);
  const entered = await lanes.enter(
    group.map(({ record, request }) => ({
      request,
      lane: laneOf(request, governor.key, lanesBy),
      entryId: record.messageId,
    })),
  );
  note(group, entered, results);
  observe.count('entered_lane', {}, group.length);
}

async function putBack(
  group: readonly Governed[],
  { seconds, hasTurn }: Delay,
  results: Map<string, RecordResult>,
  { outbound, observe }: EntryDeps,
): Promise<void> {
  const put = await outbound.enqueueBatch(
    group.map(({ request }) => ({
      request,
      delaySeconds: seconds,
      ...(hasTurn ? { attributes: { [TURN_ATTRIBUTE]: '1' } } : {}),
    })),
  );
  note(group, put, results);
  observe.count('awaits_turn', {}, group.length);
}

/** What was not confirmed stays on its queue; what no queue takes a second time is sent as if it had no pace. */
function note(
  group: readonly Governed[],
  put: readonly EnqueueResult[],
  results: Map<string, RecordResult>,
): void {
  for (const [at, { record }] of group.entries()) {
    const result = put[at] ?? 'failed';
    if (result === 'enqueued') results.set(record.messageId, { kind: 'done' });
    if (result === 'failed') {
      results.set(record.messageId, { kind: 'retry', seconds: RETRY_SECONDS });
    }
  }
}
