import type { Delivery, DeliveryStatus } from './delivery.ts';

/**
 * What a provider can say of a message that it has, from the least to the most telling. Of two words
 * about one message the higher one stands, in whatever order and however often they arrive: a late
 * `sent` does not undo `delivered`, and `delivered` corrects an `undelivered` (carriers do send
 * late receipts). Our own statuses, from `sending` to `expired`, rank below all of them.
 */
const order: readonly DeliveryStatus[] = ['sent', 'canceled', 'undelivered', 'delivered', 'read'];

/** 0 for our own statuses, else the place in the order from 1. */
export const statusRank = (status: DeliveryStatus): number => order.indexOf(status) + 1;

/** Whether the provider has the message: then it is never sent again, whatever became of it there. */
export const isAtProvider = (status: DeliveryStatus): boolean => statusRank(status) > 0;

/** Whether `status` leaves nothing to ask the provider about. `sent` may be the last word that ever comes. */
export const isFinal = (status: DeliveryStatus): boolean => statusRank(status) > statusRank('sent');

/** Whether the provider is still to be asked what became of it (see feedback/reconcile.ts). */
export const isOpen = (delivery: Pick<Delivery, 'status' | 'reconciledAt'>): boolean =>
  delivery.status === 'sent' && delivery.reconciledAt === undefined;

/**
 * Since when the provider has had the message, ms since 1970: what a final status is waited for from.
 * A message that was throttled for hours, or replayed after days, was created long before.
 */
export const openSince = (delivery: Pick<Delivery, 'sentAt' | 'createdAt'>): number =>
  delivery.sentAt ?? delivery.createdAt;
