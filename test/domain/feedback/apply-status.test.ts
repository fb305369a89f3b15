import { expect, it } from 'vitest';
import { SECOND } from '../../../domain/clock.ts';
import { stepFor } from '../../../domain/feedback/apply-status.ts';
import { statusOf } from '../../../domain/feedback/status-names.ts';
import { providers } from '../../../providers/registry.ts';
import { aDelivery } from '../../builders/delivery.ts';

const now = 1_000_000;
const held = aDelivery({ status: 'sent', reports: { sent: now + 5 * SECOND } });
const at = {
  now,
  leaseMs: 30 * SECOND,
  statusOf: (name: string) => statusOf(providers.twilio.statuses, name),
};

it('a later status waits a second longer than the earlier one that is being reported', () => {
  const word = { status: 'delivered', providerMessageId: 'SM1' } as const;

  expect(stepFor(held, word, 'delivered', at).after).toEqual({ waitSeconds: 6 });
});

it('the same status waits just as long as its report is held', () => {
  const word = { status: 'sent', providerMessageId: 'SM1' } as const;

  expect(stepFor(held, word, 'sent', at).after).toEqual({ waitSeconds: 5 });
});

it('an earlier status does not wait for a later one', () => {
  const delivery = aDelivery({ status: 'delivered', reports: { delivered: now + 5 * SECOND } });
  const word = { status: 'sent', providerMessageId: 'SM1' } as const;

  expect(stepFor(delivery, word, 'sent', at).after).toBe('report');
});
