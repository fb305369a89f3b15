import type { Clock } from '../../clock.ts';
import type { Delivery } from '../../delivery/delivery.ts';
import {
  erasedDelivery,
  isInFlight,
  isWithoutPerson,
  withoutPerson,
} from '../../delivery/erased.ts';
import type { Deliveries } from '../../delivery/ports.ts';
import { swapUntil } from '../../swap-until.ts';
import type { Erasing } from '../ports.ts';

export type DeliveryDeps = {
  readonly deliveries: Pick<Deliveries, 'get' | 'swap'>;
  readonly clock: Clock;
};

/** What an export shows of a delivery. */
export const dataOfDelivery = ({
  guid,
  status,
  provider,
  channel,
  country,
  taskId,
  identityId,
  externalCode,
  responseTrackingCode,
  providerMessageId,
  tried,
  lastError,
  createdAt,
  sentAt,
}: Delivery): Record<string, unknown> => ({
  guid,
  status,
  provider,
  channel,
  country,
  taskId,
  identityId,
  externalCode,
  responseTrackingCode,
  providerMessageId,
  sender: tried?.sender,
  error: lastError && { class: lastError.class, code: lastError.code },
  createdAt: new Date(createdAt).toISOString(),
  sentAt: sentAt === undefined ? undefined : new Date(sentAt).toISOString(),
});

/**
 * Takes the person out of a delivery; what became of the message stays, for the totals. A held one is settled,
 * so that a copy of it that is on a queue is dropped. Safe to repeat. One that a worker is at is left whole.
 */
export const eraseDelivery = (
  deliveryId: string,
  { deliveries, clock }: DeliveryDeps,
): Promise<Erasing> =>
  swapUntil<Erasing>('deliveries', async () => {
    const delivery = await deliveries.get(deliveryId);
    if (delivery === undefined) return 'erased';
    if (isInFlight(delivery, clock())) return 'in-flight';
    const isHeld = delivery.status === 'held';
    if (isWithoutPerson(delivery) && !isHeld) return 'erased';
    const without = isHeld ? erasedDelivery(delivery) : withoutPerson(delivery);
    const isStored = await deliveries.swap({ ...without, version: delivery.version + 1 });
    return isStored ? 'erased' : undefined;
  });
