import * as z from 'zod';
import type { Delivery } from '../delivery/delivery.ts';
import type { WaitingKind } from '../delivery/waiting.ts';
import { selectionShape } from '../replay/selection.ts';
import { ok, queryFields, type Route } from './call.ts';
import { checkTenant, tenantOf } from './caller.ts';
import type { OperatorDeps } from './deps.ts';
import { parse } from './parse.ts';
import { companies } from './status-ports.ts';
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
 * What is under way for a tenant, and what holds it up. The queues are shared: their depths are of all
 * tenants. How long the oldest record has been on a queue, SQS tells CloudWatch only.
 */
const showStatus: Route = async ({ request, caller, deps }) => {
  const query = parse(
    z.strictObject({ tenantId: selectionShape.tenantId.optional() }),
    queryFields(request),
  );
  const tenantId = tenantOf(caller, query.tenantId);
  await checkTenant(caller, tenantId, deps);
  const [queues, retrying, inDoubt, lastSuccess, replays] = await Promise.all([
    deps.queueDepths(),
    waiting(tenantId, 'retrying', deps),
    waiting(tenantId, 'in-doubt', deps),
    deps.lastSuccesses.of(tenantId),
    deps.replays.list(tenantId, { limit: REPLAYS }),
  ]);
  const sample = [...retrying.sample, ...inDoubt.sample];
  return ok({
    tenantId,
    at: iso(deps.clock()),
    queues,
    messages: { retrying: retrying.view, inDoubt: inDoubt.view, looked: sample.length },
    causes: causesOf(sample),
    lastSuccess: Object.fromEntries(companies.map((name) => [name, iso(lastSuccess(name))])),
    replays: replays.items
      .filter(({ status }) => status !== 'completed' && status !== 'canceled')
      .map(viewOfReplay),
  });
};

/** The route of what is under way. */
export const statusRoutes: Readonly<Record<string, Route>> = { 'GET /status': showStatus };
