import { parseJson } from '../json.ts';
import { messageRequestSchema } from '../outbound/message-request.ts';
import type { OutboundQueue } from '../outbound/ports.ts';
import { forEachProvider } from '../provider-id.ts';
import type { QueueRecord, RecordResult } from '../queue.ts';
import { TURN_ATTRIBUTE } from '../senders/enter-lanes.ts';
import type { Slot } from '../senders/take-slots.ts';
import { deliver } from './deliver.ts';
import type { DeliverDeps } from './deliver-deps.ts';

export type LaneDeps = DeliverDeps & {
  /** Where a message goes that leaves its lane. */
  readonly outbound: Pick<OutboundQueue, 'enqueue'>;
  /** Resolves at this time, ms since 1970; at once when it is past. */
  readonly waitUntil: (time: number) => Promise<void>;
  /** Resolves when a message may be sent that has this slot. */
  readonly waitForSlot: (slot: Slot) => Promise<void>;
};

/** A message is claimed so long before its slot: late enough to be stopped until then. */
const CLAIM_AHEAD_MS = 300;
/** The longest delay that a queue knows. */
const LONGEST_DELAY_SECONDS = 900;
/** A record that could not leave its lane blocks it: it tries again soon. */
const LEAVE_AGAIN_SECONDS = 5;
/** A throttled message stays first in its lane, which is empty until it is sent; its sender has slowed down. */
const throttledBackoff = { baseSeconds: 1, maxSeconds: 2 };

/**
 * Delivers a record of a lane. What has to wait for anything but its sender, in doubt or failed for now, leaves
 * the lane: in it, it would hold up all behind it.
 */
export async function deliverFromLane(
  record: QueueRecord,
  slot: Slot | undefined,
  deps: LaneDeps,
): Promise<RecordResult> {
  const policy = { ...deps.policy, throttledBackoff };
  if (slot !== undefined) await deps.waitUntil(slot.at - CLAIM_AHEAD_MS);
  const result = await deliver(record, { ...deps, policy, gateways: sendingAt(slot, deps) });
  if (result.kind === 'done' || result.isThrottled) return result;
  return leaveLane(record, result.seconds, deps);
}

/** Gateways that send at the slot and not before: claiming takes its time, and never the same. */
const sendingAt = (
  slot: Slot | undefined,
  { gateways, waitForSlot }: LaneDeps,
): LaneDeps['gateways'] =>
  slot === undefined
    ? gateways
    : forEachProvider((id) => ({
        ...gateways[id],
        send: async (...sent) => {
          await waitForSlot(slot);
          return gateways[id].send(...sent);
        },
      }));

/** On its new queue before it is done with here: of two copies, the claim drops one. */
export async function leaveLane(
  record: QueueRecord,
  seconds: number,
  { outbound, observe }: Pick<LaneDeps, 'outbound' | 'observe'>,
): Promise<RecordResult> {
  const { data: request } = messageRequestSchema.safeParse(parseJson(record.body));
  if (request === undefined) return { kind: 'retry', seconds };
  try {
    await outbound.enqueue(request, {
      delaySeconds: Math.min(LONGEST_DELAY_SECONDS, seconds),
      attributes: { [TURN_ATTRIBUTE]: '1' },
    });
  } catch {
    return { kind: 'retry', seconds: LEAVE_AGAIN_SECONDS };
  }
  observe.count('left_lane');
  return { kind: 'done' };
}
