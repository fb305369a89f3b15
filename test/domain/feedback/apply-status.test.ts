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

it('a status waits for one that is held beyond now, and not for one that was held until now', () => {
  const word = { status: 'sent', providerMessageId: 'SM1' } as const;
  const until = (ms: number) => aDelivery({ status: 'sent', reports: { sent: now + ms } });

  expect(stepFor(until(1), word, 'sent', at).after).toEqual({ waitSeconds: 1 });
  expect(stepFor(until(1001), word, 'sent', at).after).toEqual({ waitSeconds: 2 });
  expect(stepFor(until(0), word, 'sent', at).after).toBe('report');
});

it('a status waits for none that was reported, and for none of its own rank', () => {
  const word = { status: 'undelivered', providerMessageId: 'SM1' } as const;
  const reported = aDelivery({ status: 'sent', reports: { sent: 'reported' } });
  const beside = aDelivery({ status: 'undelivered', reports: { failed: now + 5 * SECOND } });

  expect(stepFor(reported, word, 'undelivered', at).after).toBe('report');
  expect(stepFor(beside, word, 'undelivered', at).after).toBe('report');
});

it('a status waits for the longest held of those before it', () => {
  const delivery = aDelivery({
    status: 'sent',
    reports: { undelivered: now + 9 * SECOND, sent: now + 5 * SECOND },
  });
  const word = { status: 'delivered', providerMessageId: 'SM1' } as const;

  expect(stepFor(delivery, word, 'delivered', at).after).toEqual({ waitSeconds: 10 });
});

it('a claim to report is stored with the status, for as long as it may take', () => {
  const word = { status: 'delivered', providerMessageId: 'SM1' } as const;
  const { next } = stepFor(aDelivery({ status: 'sent' }), word, 'delivered', at);

  expect(next).toMatchObject({
    status: 'delivered',
    version: 2,
    updatedAt: now,
    reports: { delivered: now + 30 * SECOND },
  });
  expect(next).not.toHaveProperty('sentAt');
});

it('the first status notes when it became known that the provider has the message', () => {
  const word = { status: 'delivered', providerMessageId: 'SM1' } as const;

  expect(stepFor(aDelivery({ status: 'unknown' }), word, undefined, at)).toMatchObject({
    next: { sentAt: now, version: 2, updatedAt: now },
    after: 'settled',
  });
});

it('a status that changes nothing and is reported as nothing stores nothing', () => {
  const delivery = aDelivery({ status: 'delivered', reports: { delivered: 'reported' } });
  const word = { status: 'delivered', providerMessageId: 'SM1' } as const;

  expect(stepFor(delivery, word, undefined, at)).toEqual({ after: 'settled' });
  expect(stepFor(delivery, word, 'delivered', at)).toEqual({ after: 'settled' });
});
