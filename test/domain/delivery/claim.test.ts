import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../../domain/clock.ts';
import { decideClaim, firstClaim } from '../../../domain/delivery/claim.ts';
import type { Delivery } from '../../../domain/delivery/delivery.ts';
import { aDelivery } from '../../builders/delivery.ts';
import { aMessageRequest, BUILT_AT } from '../../builders/message-request.ts';

const policy = { leaseMs: 90 * SECOND, inDoubtGraceMs: MINUTE, deliveryTtlSeconds: 3600 };
const now = BUILT_AT + 10 * MINUTE;
const by = { now, token: 'mine' };
const failure = { class: 'config', code: '20003', message: 'refused' } as const;
const replay = (no: number) => ({ id: `replay-${no}`, no, ignoreTtl: false });
const decide = (delivery: Partial<Delivery>, request = aMessageRequest()) =>
  decideClaim(aDelivery(delivery), request, by, policy);

describe('the first claim of a message', () => {
  it('holds the delivery for the lease and keeps it for the time to live', () => {
    const first = firstClaim(aMessageRequest(), by, policy);

    expect(first).toMatchObject({
      deliveryId: `${first.tenantId}#${first.guid}`,
      status: 'sending',
      version: 1,
      attempts: 0,
      lease: { token: 'mine', since: now, until: now + 90 * SECOND },
      expireTs: now / 1000 + 3600,
    });
  });

  it('names the key that posted the event, where that is known', () => {
    expect(firstClaim(aMessageRequest({ caller: 'ci360' }), by, policy).caller).toBe('ci360');
    expect(firstClaim(aMessageRequest(), by, policy)).not.toHaveProperty('caller');
  });

  it('names the replay that it belongs to, if there is one', () => {
    expect(firstClaim(aMessageRequest({ replay: replay(2) }), by, policy)).toMatchObject({
      replayNo: 2,
      replayId: 'replay-2',
    });
    expect(firstClaim(aMessageRequest(), by, policy)).not.toHaveProperty('replayId');
  });

  it('says what is tried, without the number of the recipient and the text', () => {
    const request = aMessageRequest();
    const first = firstClaim(request, by, policy);

    expect(first).toMatchObject({ provider: 'twilio', tried: { sender: request.from } });
    expect(JSON.stringify(first)).not.toContain(request.to);
    expect(JSON.stringify(first)).not.toContain(request.to.slice(1));
    expect(JSON.stringify(first)).not.toContain(request.body);
  });
});

describe('a claim of a delivery that exists', () => {
  it('keeps it for the time to live from now on, so that it outlives the attempt', () => {
    const old = { replayNo: 0, status: 'failed', expireTs: now / 1000 + 1 } as const;

    expect(decide(old, aMessageRequest({ replay: replay(1) }))).toMatchObject({
      next: { expireTs: now / 1000 + 3600 },
    });
    expect(decide({ expireTs: now })).toMatchObject({ next: { expireTs: now } });
  });

  it.each(['sent', 'canceled', 'undelivered', 'delivered', 'read'] as const)(
    'never takes one that the provider has: %s',
    (status) => {
      expect(decide({ status })).toEqual({ kind: 'sent' });
      expect(decide({ status }, aMessageRequest({ replay: replay(9) }))).toEqual({ kind: 'sent' });
    },
  );

  it.each(['failed', 'expired'] as const)('sends a copy of a %s one after the first', (status) => {
    expect(decide({ status, lastError: failure })).toEqual({ kind: 'failed', failure });
  });

  it('takes a failed one for a replay that it has not seen, with a fresh budget', () => {
    const decision = decide(
      { status: 'failed', attempts: 8, lastError: failure, replayNo: 1, version: 5 },
      aMessageRequest({ replay: replay(2) }),
    );

    expect(decision).toMatchObject({
      kind: 'take',
      next: {
        status: 'sending',
        attempts: 0,
        replayNo: 2,
        replayId: 'replay-2',
        version: 6,
        lease: { token: 'mine' },
      },
    });
  });

  it('does not take a failed one for a late copy of a replay that it has seen', () => {
    const decision = decide(
      { status: 'failed', lastError: failure, replayNo: 2 },
      aMessageRequest({ replay: replay(2) }),
    );

    expect(decision).toEqual({ kind: 'failed', failure });
  });

  it('waits for a running lease', () => {
    const lease = { token: 'theirs', since: now - SECOND, until: now + 30 * SECOND };

    expect(decide({ lease })).toEqual({ kind: 'wait', seconds: 30 });
  });

  it('puts an attempt in doubt whose lease ran out, rests for the grace and counts the attempt', () => {
    const lease = { token: 'dead', since: now - 3 * MINUTE, until: now - 90 * SECOND };
    const fresh = { ...lease, until: now - 20 * SECOND };

    expect(decide({ lease: fresh })).toEqual({ kind: 'wait', seconds: 40 });
    expect(decide({ lease, attempts: 2 })).toMatchObject({
      kind: 'take',
      next: { attempts: 3, doubt: { from: lease.since, to: lease.until } },
    });
  });

  it('waits no longer than to the very end of a lease, and of the grace', () => {
    const lease = { token: 'dead', since: now - 3 * MINUTE, until: now };
    const doubt = { from: now - 3 * MINUTE, to: now - policy.inDoubtGraceMs };

    expect(decide({ lease })).toEqual({ kind: 'wait', seconds: policy.inDoubtGraceMs / SECOND });
    expect(decide({ status: 'unknown', doubt })).toMatchObject({ kind: 'take', next: { doubt } });
  });

  it('lets an unknown attempt rest before the provider is asked', () => {
    const doubt = { from: now - 70 * SECOND, to: now - 50 * SECOND };

    expect(decide({ status: 'unknown', doubt })).toEqual({ kind: 'wait', seconds: 10 });
  });

  it('widens the doubt when a second attempt is lost, so that neither escapes the look-up', () => {
    const doubt = { from: now - 20 * MINUTE, to: now - 15 * MINUTE };
    const lease = { token: 'dead', since: now - 5 * MINUTE, until: now - 3 * MINUTE };

    expect(decide({ doubt, lease })).toMatchObject({
      next: { doubt: { from: doubt.from, to: lease.until } },
    });
  });

  it('keeps the doubt of a failed one through a replay', () => {
    const doubt = { from: now - 20 * MINUTE, to: now - 15 * MINUTE };
    const decision = decide(
      { status: 'failed', doubt, lastError: failure },
      aMessageRequest({ replay: replay(1) }),
    );

    expect(decision).toMatchObject({ kind: 'take', next: { doubt } });
  });

  it('takes one that waits for its next attempt, spending nothing', () => {
    expect(decide({ status: 'sending', attempts: 3, version: 7 })).toMatchObject({
      kind: 'take',
      next: { attempts: 3, version: 8 },
    });
  });
});
