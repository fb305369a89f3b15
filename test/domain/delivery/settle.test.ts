import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../../domain/clock.ts';
import { fullJitter } from '../../../domain/delivery/backoff.ts';
import type { Delivery } from '../../../domain/delivery/delivery.ts';
import { type Ending, settle } from '../../../domain/delivery/settle.ts';
import { aDelivery } from '../../builders/delivery.ts';
import { BUILT_AT } from '../../builders/message-request.ts';

const now = BUILT_AT + MINUTE;
const policy = {
  backoff: { baseSeconds: 10, maxSeconds: 100 },
  maxAttempts: 3,
  inDoubtGraceMs: MINUTE,
  failedRequestTtlSeconds: 3600,
  random: () => 0.5,
};
const lease = { token: 'mine', since: now - 4 * SECOND, until: now + MINUTE };
const failureOf = <C extends string>(failureClass: C) => ({
  class: failureClass,
  code: 'X',
  message: 'x',
});
const end = (ending: Ending, delivery: Partial<Delivery> = {}, receiveCount = 1) =>
  settle(aDelivery({ lease, version: 4, ...delivery }), ending, { now, receiveCount }, policy);

describe('the end of a claim', () => {
  it('frees the lease and counts the version, whatever it came to', () => {
    const endings: Ending[] = [
      { kind: 'accepted', providerMessageId: 'SM1' },
      { kind: 'throttled', failure: failureOf('transient') },
      { kind: 'transient', failure: failureOf('transient') },
      { kind: 'unknown', failure: failureOf('unknown') },
      { kind: 'rejected', failure: failureOf('permanent') },
      { kind: 'expired', failure: failureOf('expired') },
      { kind: 'given-up', failure: failureOf('config') },
      { kind: 'postponed', failure: failureOf('transient') },
    ];
    for (const ending of endings) {
      const { next } = end(ending);
      expect(next.lease).toBeUndefined();
      expect(next.version).toBe(5);
    }
  });

  it('records an accepted message and forgets past doubts and errors', () => {
    const { next, disposition } = end(
      { kind: 'accepted', providerMessageId: 'SM1' },
      { doubt: { from: 1, to: 2 }, lastError: failureOf('transient') },
    );

    expect(disposition).toEqual({ kind: 'done' });
    expect(next).toMatchObject({ status: 'sent', sentAt: now, providerMessageId: 'SM1' });
    expect(next).not.toHaveProperty('doubt');
    expect(next).not.toHaveProperty('lastError');
  });

  it.each(['throttled', 'transient'] as const)(
    'gives a provider the wait that it asks for, up to half an hour: %s',
    (kind) => {
      const waitFor = (retryAfterSeconds: number) =>
        end({ kind, failure: failureOf('transient'), retryAfterSeconds }).disposition;

      expect(waitFor(120)).toMatchObject({ kind: 'retry', seconds: 120 });
      expect(waitFor(86_400)).toMatchObject({ kind: 'retry', seconds: 1800 });
    },
  );

  it('keeps a failed delivery, and what is in doubt about it, for as long as it can be replayed', () => {
    const endings: Ending[] = [
      { kind: 'rejected', failure: failureOf('permanent') },
      { kind: 'given-up', failure: failureOf('unknown') },
      { kind: 'expired', failure: failureOf('expired') },
    ];
    for (const ending of endings) {
      const { next } = end(ending, { expireTs: now / SECOND + 1 });
      expect(next.expireTs).toBeGreaterThanOrEqual(now / SECOND + 3600 + 14 * 24 * 3600);
      expect(end(ending, { expireTs: now }).next.expireTs).toBe(now);
    }
  });

  it.each(['sent', 'delivered', 'undelivered', 'read'] as const)(
    'keeps what a callback has told meanwhile: %s',
    (status) => {
      const accepted = end({ kind: 'accepted', providerMessageId: 'SM1' }, { status });
      const unknown = end({ kind: 'unknown', failure: failureOf('unknown') }, { status });

      expect(accepted.next).toMatchObject({ status, providerMessageId: 'SM1' });
      expect(unknown.next.status).toBe(status);
      expect(unknown.disposition).toEqual({ kind: 'done' });
    },
  );

  it('keeps the id of the message that a callback named', () => {
    const { next } = end(
      { kind: 'unknown', failure: failureOf('unknown') },
      { status: 'delivered', providerMessageId: 'SM1' },
    );

    expect(next.providerMessageId).toBe('SM1');
  });

  it('hands a refused message over with its reason', () => {
    const failure = failureOf('permanent' as const);

    expect(end({ kind: 'rejected', failure })).toMatchObject({
      next: { status: 'failed', lastError: failure },
      disposition: { kind: 'hand-over', failure },
    });
  });

  it('keeps the doubt of a message that is given up, so that a replay looks it up first', () => {
    const doubt = { from: now - MINUTE, to: now - SECOND };

    expect(end({ kind: 'given-up', failure: failureOf('config') }, { doubt }).next).toMatchObject({
      status: 'failed',
      doubt,
    });
  });

  it('spends nothing for being throttled and waits as long as the provider asks', () => {
    const { next, disposition } = end(
      { kind: 'throttled', failure: failureOf('transient'), retryAfterSeconds: 40 },
      { attempts: 2 },
    );

    expect(next).toMatchObject({ status: 'sending', attempts: 2 });
    expect(disposition).toEqual({ kind: 'retry', seconds: 40, isThrottled: true });
  });

  it('spends an attempt for a transient error and hands over when the budget is spent', () => {
    const failure = failureOf('transient' as const);
    const second = end({ kind: 'transient', failure }, { attempts: 1 });
    const third = end({ kind: 'transient', failure }, { attempts: 2 });

    expect(second.next).toMatchObject({ status: 'sending', attempts: 2 });
    expect(second.disposition.kind).toBe('retry');
    expect(third.next).toMatchObject({ status: 'failed', attempts: 3, lastError: failure });
    expect(third.disposition).toEqual({ kind: 'hand-over', failure });
  });

  it('puts an unknown attempt in doubt from the claim on and rests at least for the grace', () => {
    const { next, disposition } = end({ kind: 'unknown', failure: failureOf('unknown') });

    expect(next).toMatchObject({
      status: 'unknown',
      attempts: 1,
      doubt: { from: lease.since, to: now },
    });
    expect(disposition).toEqual({ kind: 'retry', seconds: 60 });
  });

  it('never gives an unknown attempt up without asking, however many were spent', () => {
    const { disposition } = end(
      { kind: 'unknown', failure: failureOf('unknown') },
      { attempts: 99 },
    );

    expect(disposition.kind).toBe('retry');
  });

  it('spends nothing when nothing was tried', () => {
    const { next } = end(
      { kind: 'postponed', failure: failureOf('transient') },
      { attempts: 2, doubt: { from: 1, to: 2 } },
    );

    expect(next).toMatchObject({ status: 'unknown', attempts: 2 });
  });
});

describe('the wait before the next attempt', () => {
  it('is drawn from the whole range, which doubles up to a ceiling', () => {
    const backoff = { baseSeconds: 10, maxSeconds: 100 };

    expect(fullJitter(backoff, 0, () => 0.999)).toBe(10);
    expect(fullJitter(backoff, 2, () => 0.999)).toBe(40);
    expect(fullJitter(backoff, 9, () => 0.999)).toBe(100);
    expect(fullJitter(backoff, 9, () => 0)).toBe(1);
  });

  it('is a whole second or more and never above the ceiling', () => {
    fc.assert(
      fc.property(
        fc.nat(5000),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (n, r) => {
          const seconds = fullJitter({ baseSeconds: 5, maxSeconds: 900 }, n, () => r);
          return Number.isInteger(seconds) && seconds >= 1 && seconds <= 900;
        },
      ),
    );
  });
});
