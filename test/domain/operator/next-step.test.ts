import { expect, it } from 'vitest';
import type { Delivery } from '../../../domain/delivery/delivery.ts';
import { nextStepOf } from '../../../domain/operator/next-step.ts';
import { aDelivery } from '../../builders/delivery.ts';

const now = 1_000_000;
const waits = { graceMs: 60_000, reconcileMs: 3_600_000 };
const lease = (until: number) => ({ token: 'one', since: now - 10, until });
const asked = 'The provider is asked whether it has the message; it is sent again only if not.';
const doubt = { from: now - 9, to: now - 5 };
const created = { createdAt: now - 100 };
const hold = (reason: NonNullable<Delivery['held']>['reason']): Partial<Delivery> => ({
  status: 'held',
  held: { reason, since: now - 1, until: now + 7 },
});

it.each<[string, Partial<Delivery>, string, number?]>([
  [
    'sent',
    { status: 'sent', sentAt: now - 50, ...created },
    'The provider reports what becomes of it; if it does not, it is asked once.',
    now - 50 + waits.reconcileMs,
  ],
  [
    'sent, as older versions noted it',
    { status: 'sent', ...created },
    'The provider reports what becomes of it; if it does not, it is asked once.',
    now - 100 + waits.reconcileMs,
  ],
  [
    'sent, and asked about',
    { status: 'sent', reconciledAt: now },
    'Nothing more is asked; a late report of the provider still counts.',
  ],
  [
    'failed',
    { status: 'failed', doubt },
    'Nothing until it is replayed: `failed show` says whether that helps.',
  ],
  [
    'expired',
    { status: 'expired' },
    'Nothing until it is replayed: `failed show` says whether that helps.',
  ],
  [
    'being sent',
    { lease: lease(now + 1) },
    'A worker is sending it now; if that worker died, another looks at it.',
    now + 1,
  ],
  ['left by a worker that died', { lease: lease(now) }, asked, now + waits.graceMs],
  ['in doubt', { status: 'unknown', doubt }, asked, now - 5 + waits.graceMs],
  ['to be tried', {}, 'The next attempt, as soon as its queue gives it out.'],
  ['to be tried later', { nextTryAt: now + 3 }, 'The next attempt.', now + 3],
  [
    'on hold',
    hold('hold'),
    'Its campaign is on hold: it waits until that is resumed, and expires if that takes too long.',
    now + 7,
  ],
  [
    'outside its hours',
    hold('window'),
    'It waits for the hours in which its category may be sent.',
    now + 7,
  ],
  ['before its time', hold('schedule'), 'It waits for the time that its creative names.', now + 7],
  [
    'above a budget',
    hold('budget'),
    'A daily limit is reached: it waits for the next day.',
    now + 7,
  ],
  ['behind its sender’s pace', hold('pace'), 'Its sender is busy: it waits for its turn.', now + 7],
])('what happens next to a message that is %s', (_, over, what, at) => {
  expect(nextStepOf(aDelivery(over), waits, now)).toEqual({
    what,
    ...(at === undefined ? {} : { at }),
  });
});

it.each(['delivered', 'undelivered', 'read', 'canceled'] as const)(
  'nothing happens to a message that is %s',
  (status) => {
    expect(nextStepOf(aDelivery({ status }), waits, now)).toBeUndefined();
  },
);
