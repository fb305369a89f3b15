import { setTimeout as sleep } from 'node:timers/promises';
import { queueNameOf } from '../../adapters/aws/change-visibility.ts';
import { documentClient } from '../../adapters/aws/clients/dynamodb.ts';
import { sqsClient } from '../../adapters/aws/clients/sqs.ts';
import { laneQueue } from '../../adapters/aws/lane-queue.ts';
import { outboundQueue } from '../../adapters/aws/outbound-queue.ts';
import { senders } from '../../adapters/aws/senders.ts';
import type { DeliverDeps } from '../../domain/delivery/deliver-deps.ts';
import { deliverFromLane, leaveLane } from '../../domain/delivery/deliver-from-lane.ts';
import type { QueueRecord, RecordResult } from '../../domain/queue.ts';
import { enterLanes } from '../../domain/senders/enter-lanes.ts';
import { pacing } from '../../domain/senders/pacing.ts';
import { spacing } from '../../domain/senders/spacing.ts';
import { type Slotted, takeSlots } from '../../domain/senders/take-slots.ts';
import type { ConfigOf } from './config.ts';
import type { BatchProcessor } from './sqs-batch.ts';

/** The paces of senders, and the way into their lanes and out of them. */
export function wireLanes(
  config: ConfigOf<'worker'>,
  retrySeconds: BatchProcessor['retrySeconds'],
) {
  const clock = Date.now;
  const sqs = sqsClient();
  const pacer = pacing({
    paces: senders(documentClient(), config.db_senders_table, { clock }),
    rates: config.sender_rates,
    clock,
  });
  const lanes = laneQueue(sqs, config.outbound_lanes_queue_url);
  const outbound = outboundQueue(
    sqs,
    config.outbound_queue_url,
    config.outbound_priority_queue_url,
  );
  const lanesName = queueNameOf(config.outbound_lanes_queue_url);

  const waitUntil = async (time: number) => {
    await sleep(Math.max(0, time - clock()));
  };
  const waitForSlot = spacing(clock, waitUntil);
  const useSlot = (record: QueueRecord, slot: Slotted | undefined, deps: DeliverDeps) => {
    const laneDeps = { ...deps, outbound, waitUntil, waitForSlot };
    if (slot?.kind === 'back') return { kind: 'retry', seconds: slot.seconds } as const;
    if (slot?.kind === 'leave') return leaveLane(record, slot.seconds, laneDeps);
    return deliverFromLane(record, slot?.slot, laneDeps);
  };

  return {
    pacer,
    /** How records are handled that their sender's pace holds back; the others as ever. */
    plan: async (records: readonly QueueRecord[], deps: DeliverDeps) => {
      const ways = new Map<string, () => Promise<RecordResult>>();
      if (records[0]?.queue !== lanesName) {
        const { observe } = deps;
        const { random } = deps.policy;
        const moved = await enterLanes(records, {
          pacing: pacer,
          lanes,
          outbound,
          random,
          observe,
        });
        for (const [id, result] of moved) ways.set(id, async () => result);
        return ways;
      }
      const slots = await takeSlots(records, { pacing: pacer, retrySeconds });
      for (const record of records) {
        const slot = slots.get(record.messageId);
        ways.set(record.messageId, async () => useSlot(record, slot, deps));
      }
      return ways;
    },
  };
}
