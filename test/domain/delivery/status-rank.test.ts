import { expect, test } from 'vitest';
import { deliveryStatuses } from '../../../domain/delivery/delivery.ts';
import { isFinal, statusRank } from '../../../domain/delivery/status-rank.ts';

test('our own statuses rank below every word of a provider', () => {
  const own = ['sending', 'unknown', 'failed', 'expired'] as const;
  expect(own.map(statusRank)).toEqual([0, 0, 0, 0]);
});

test('a receipt corrects a failure, and a reading is the last word', () => {
  const ranked = deliveryStatuses
    .filter((status) => statusRank(status) > 0)
    .sort((a, b) => statusRank(a) - statusRank(b));
  expect(ranked).toEqual(['sent', 'canceled', 'undelivered', 'delivered', 'read']);
});

test('sent may be the last word and yet leaves a question', () => {
  expect(deliveryStatuses.filter(isFinal)).toEqual([
    'canceled',
    'undelivered',
    'delivered',
    'read',
  ]);
});
