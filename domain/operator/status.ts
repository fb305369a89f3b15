import type { Delivery } from '../delivery/delivery.ts';
import type { WaitingKind } from '../delivery/waiting.ts';
import { forEachProvider } from '../provider-id.ts';
import type { StatusAnswer } from './answers/status.ts';
import type { OperatorDeps } from './deps.ts';
import { viewOfReplay } from './views.ts';

/** So many waiting messages, the oldest, are looked at for their last errors. */
const SAMPLE = 20;
/** So many replays, the newest, are looked through for those that are not over. */
const REPLAYS = 50;

const iso = (ms: number | undefined): string | null =>
  ms === undefined ? null : new Date(ms).toISOString();

async function waiting(tenantId: string, kind: WaitingKind, deps: OperatorDeps) {
  const found = await deps.waiting.look(tenantId, kind);
  const sample = await Promise.all(found.ids.slice(0, SAMPLE).map((id) => deps.deliveries.get(id)));
  return {
    view: { count: found.count, hasMore: found.hasMore, oldestTakenOnAt: iso(found.oldestAt) },
    sample: sample.filter((delivery) => delivery !== undefined),
  };
}

/** The last errors of the messages looked at, the most frequent first. */
function causesOf(deliveries: readonly Delivery[]) {
  const causes = new Map<string, ReturnType<typeof causeOf> & { count: number }>();
  for (const delivery of deliveries) {
    if (delivery.lastError === undefined) continue;
    const cause = causeOf(delivery, delivery.lastError);
    const key = JSON.stringify([cause.provider, cause.class, cause.code, cause.message]);
    causes.set(key, { ...cause, count: (causes.get(key)?.count ?? 0) + 1 });
  }
  return [...causes.values()].sort((a, b) => b.count - a.count);
}

const causeOf = (
  { provider }: Delivery,
  { class: failureClass, code, message }: NonNullable<Delivery['lastError']>,
) => ({ provider, class: failureClass, code, message });

/**
 * What is in progress for a tenant, and what holds it up. The queues are shared: their depths are of all
 * tenants. Only CloudWatch knows how long the oldest record has been on a queue.
 */
export async function statusOf(tenantId: string, deps: OperatorDeps): Promise<StatusAnswer> {
  const [queues, retrying, inDoubt, lastSuccess, replays] = await Promise.all([
    deps.queueDepths(),
    waiting(tenantId, 'retrying', deps),
    waiting(tenantId, 'in-doubt', deps),
    deps.lastSuccesses.of(tenantId),
    deps.replays.list(tenantId, { limit: REPLAYS }),
  ]);
  const sample = [...retrying.sample, ...inDoubt.sample];
  return {
    tenantId,
    at: new Date(deps.clock()).toISOString(),
    queues,
    messages: { retrying: retrying.view, inDoubt: inDoubt.view, looked: sample.length },
    causes: causesOf(sample),
    lastSuccess: {
      ...forEachProvider((id) => iso(lastSuccess(id))),
      ci360: iso(lastSuccess('ci360')),
    },
    replays: replays.items
      .filter(({ status }) => status !== 'completed' && status !== 'canceled')
      .map(viewOfReplay),
  };
}
