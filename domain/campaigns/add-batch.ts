import pMap from 'p-map';
import { Unavailable } from '../unavailable.ts';
import type { Counted } from './counted.ts';
import { addedBy, type Change, type Steps, sum } from './totals.ts';
import type { Campaigns, Totals } from './totals-ports.ts';

export type AddBatchDeps = { readonly totals: Totals; readonly campaigns: Campaigns };

/** Items written at once. */
const AT_ONCE = 10;
/** Another invocation of the same shard is on its way out, so a race is lost once or twice at most. */
const TRIES = 5;

/**
 * Adds a batch of one shard to the totals, each change exactly once. A batch may come again, whole, in
 * part, or cut in another way, and an invocation may die between two writes:
 *
 *   nothing of these steps is in the item   ──▶ added, position moved      (one write, no read)
 *   some are: the item names the last one   ──▶ the rest is added from there
 *   all are                                 ──▶ nothing to do
 */
export async function addBatch(
  shardId: string,
  changes: readonly Change[],
  { totals, campaigns }: AddBatchDeps,
): Promise<void> {
  const deliveries = changes.map(({ after }) => after).filter(({ taskId }) => taskId !== '');
  await pMap(byCampaign(deliveries), (delivery) => campaigns.note(campaignOf(delivery)), {
    concurrency: AT_ONCE,
  });
  await pMap(addedBy(changes), (added) => addOnce(shardId, added, totals), {
    concurrency: AT_ONCE,
  });
}

async function addOnce(shardId: string, { key, steps }: Steps, totals: Totals): Promise<void> {
  const [first] = steps;
  const sequence = steps.at(-1)?.sequence;
  if (first === undefined || sequence === undefined) return;
  const all = sum(steps.map(({ counts }) => counts));
  const to = { shardId, sequence };
  if (await totals.add(key, all, to, { below: first.sequence })) return;

  for (let tries = 0; tries < TRIES; tries += 1) {
    const at = await totals.position(key, shardId);
    const left = steps.filter((step) => at === undefined || step.sequence > at);
    if (left.length === 0) return;
    const rest = sum(left.map(({ counts }) => counts));
    if (await totals.add(key, rest, to, { at })) return;
  }
  throw new Unavailable('campaigns');
}

/** The first of each campaign. */
function byCampaign(deliveries: readonly Counted[]): Counted[] {
  const first = new Map<string, Counted>();
  for (const delivery of deliveries) {
    const id = JSON.stringify([delivery.tenantId, delivery.taskId]);
    if (!first.has(id)) first.set(id, delivery);
  }
  return [...first.values()];
}

const campaignOf = ({ tenantId, taskId, externalCode, acceptedAt, createdAt }: Counted) => ({
  tenantId,
  taskId,
  externalCode,
  startedAt: acceptedAt ?? createdAt,
});
