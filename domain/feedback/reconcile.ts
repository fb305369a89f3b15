import { type Clock, MINUTE } from '../clock.ts';
import type { Delivery } from '../delivery/delivery.ts';
import type { Deliveries } from '../delivery/ports.ts';
import { isFinal, isOpen, openSince } from '../delivery/status-rank.ts';
import type { Observe } from '../observe.ts';
import type { ProviderId } from '../provider-id.ts';
import type { TenantSecrets } from '../tenant/tenant-secret.ts';
import { withFreshSecret, withoutSecret } from '../tenant/use-secret.ts';
import { providerMessageIdSchema, statusKey } from './external-event-request.ts';
import type { EventQueue, MessageState, OpenDeliveries, StateGateway } from './ports.ts';
import { type StatusNames, statusOf } from './status-names.ts';

export type ReconcileDeps = {
  readonly open: OpenDeliveries;
  readonly deliveries: Pick<Deliveries, 'get' | 'swap'>;
  readonly gateways: Readonly<Record<ProviderId, StateGateway>>;
  readonly providers: Readonly<Record<ProviderId, { readonly statuses: StatusNames }>>;
  readonly secrets: TenantSecrets;
  readonly queue: EventQueue;
  readonly clock: Clock;
  readonly observe: Observe;
};

/** One run: which deliveries it asks about, and until when. Times in ms since 1970. */
export type ReconcileRun = {
  /** With the provider since before this. */
  readonly before: number;
  /** Those that it has had since before this are not asked about again although the provider could not be asked. */
  readonly giveUpBefore: number;
  /** No further page is begun after this. */
  readonly until: number;
};

/** Providers are asked about so many messages at once. */
const AT_ONCE = 10;

/** Asks about every delivery that is due, as far as time allows; the next run goes on. */
export async function reconcileAll(run: ReconcileRun, deps: ReconcileDeps): Promise<void> {
  const start = Math.floor(deps.clock() / MINUTE);
  for await (const ids of deps.open.pages(run.before, start)) {
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      if (deps.clock() >= run.until) return;
      await Promise.all(ids.slice(at, at + AT_ONCE).map((id) => reconcile(id, run, deps)));
    }
  }
}

/**
 * Asks the provider once for a delivery whose callbacks never came. The answer is put on the
 * ci360-events queue as if it were a callback, so every status takes the same path. Safe to repeat.
 */
async function reconcile(
  deliveryId: string,
  run: ReconcileRun,
  deps: ReconcileDeps,
): Promise<void> {
  const { clock, deliveries, observe, queue } = deps;
  const delivery = await deliveries.get(deliveryId);
  if (delivery === undefined || !isOpen(delivery)) return;
  const { provider } = delivery;

  const state = await ask(delivery, deps);
  if (state.kind === 'known') {
    const status = statusOf(deps.providers[provider].statuses, state.word);
    if (status !== undefined && isFinal(status)) {
      await queue.enqueue(asCallback(delivery, state, clock()));
      observe.count('reconciled', { provider });
      return;
    }
  }
  observe.count('unreconciled', { provider, reason: state.kind });
  if (state.kind === 'unavailable') {
    observe.warn('the provider could not be asked', {
      tenantId: delivery.tenantId,
      guid: delivery.guid,
      provider,
      code: state.failure.code,
    });
    if (openSince(delivery) >= run.giveUpBefore) return;
  }
  // The provider knows no more than we do. A callback that comes at this very moment wins.
  const now = clock();
  const { version } = delivery;
  await deliveries.swap({ ...delivery, version: version + 1, reconciledAt: now, updatedAt: now });
}

async function ask(
  delivery: Delivery,
  { gateways, secrets }: ReconcileDeps,
): Promise<MessageState> {
  const { providerMessageId, tenantId } = delivery;
  if (!providerMessageIdSchema.safeParse(providerMessageId).success || !providerMessageId) {
    return { kind: 'absent' };
  }
  const answer = await secrets.get(tenantId);
  if (answer.kind !== 'found') return { kind: 'unavailable', failure: withoutSecret(answer) };
  return withFreshSecret({ tenantId, secret: answer.secret, secrets })(
    (secret) => gateways[delivery.provider].stateOf(providerMessageId, secret),
    (state: MessageState) => state.kind === 'unavailable' && state.authentication === true,
  );
}

const asCallback = (
  delivery: Delivery,
  state: Extract<MessageState, { kind: 'known' }>,
  now: number,
) => {
  const { provider, providerMessageId = '' } = delivery;
  const { word, errorCode, errorText } = state;
  return {
    v: 1 as const,
    kind: 'status' as const,
    key: statusKey({ provider, providerMessageId, word }),
    tenantId: delivery.tenantId,
    provider,
    channel: delivery.channel,
    providerMessageId,
    receivedAt: now,
    word,
    guid: delivery.guid,
    identityId: delivery.identityId,
    externalCode: delivery.externalCode,
    responseTrackingCode: delivery.responseTrackingCode,
    ...(errorCode ? { errorCode } : {}),
    ...(errorText ? { errorText } : {}),
  };
};
