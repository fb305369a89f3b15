import { describe, expect, it } from 'vitest';
import { countsOf, totalsKeyOf } from '../../../domain/campaigns/counted.ts';
import { aCounted } from '../../builders/counted.ts';

const accepted = aCounted().acceptedAt ?? 0;
const sent = { status: 'sent', sentAt: accepted + 9_000 };

describe('what a delivery counts for', () => {
  it.each([
    ['waiting', {}, {}],
    ['inDoubt', { status: 'unknown' }, {}],
    ['inDoubt', { doubt: { from: 1, to: 2 } }, {}],
    ['held', { status: 'held', held: { reason: 'window' } }, { 'held:window': 1 }],
    [
      'failed',
      { status: 'failed', lastError: { class: 'config', code: '20003' } },
      { 'error:failed:config:20003': 1 },
    ],
    [
      'expired',
      { status: 'expired', lastError: { class: 'expired', code: 'event-ttl' } },
      { 'error:expired:expired:event-ttl': 1 },
    ],
    ['failed', { status: 'failed' }, { 'error:failed:unknown:no-code': 1 }],
    ['other', { status: 'a status to come' }, {}],
  ])('is one accepted message that is %s', (state, change, more) => {
    expect(countsOf(aCounted(change))).toEqual({ accepted: 1, [state]: 1, ...more });
  });

  it('is its segments and how soon it was sent, once the provider has it', () => {
    const segments = { segments: 2, segmentsOf: 1 };
    const timed = { timed: 1, within60s: 1 };
    expect(countsOf(aCounted(sent))).toEqual({
      ...{ accepted: 1, sent: 1, within10s: 1 },
      ...segments,
      ...timed,
    });
    expect(countsOf(aCounted({ status: 'read', sentAt: accepted + 60_000 }))).toEqual({
      ...{ accepted: 1, read: 1 },
      ...segments,
      ...timed,
    });
    expect(countsOf(aCounted({ ...sent, tried: undefined, sentAt: accepted + 60_001 }))).toEqual({
      ...{ accepted: 1, sent: 1, timed: 1 },
    });
  });

  it('is not measured when an operator replayed it', () => {
    expect(countsOf(aCounted({ ...sent, replayNo: 1, tried: undefined }))).toEqual({
      ...{ accepted: 1, sent: 1, replayed: 1 },
    });
  });

  it('is a click, whichever of SCG’s words reported it', () => {
    const reports = { READ: 'reported', CONVERTED: 17 };
    expect(countsOf(aCounted({ status: 'read', reports }))).toMatchObject({ clicked: 1 });
    expect(countsOf(aCounted({ status: 'read', reports: { READ: 1 } }))).not.toHaveProperty(
      'clicked',
    );
  });

  it('is kept by the hour in which it was accepted; without one, in which it was first claimed', () => {
    expect(totalsKeyOf(aCounted())).toEqual({
      tenantId: 'tenant-a',
      taskId: 'task-1',
      hour: '2026-11-20T09',
      provider: 'twilio',
      channel: 'SMS',
      country: 'US',
      sender: '+12025550100',
    });
    const old = aCounted({
      acceptedAt: undefined,
      createdAt: accepted + 3_600_000,
      tried: undefined,
      country: undefined,
    });
    expect(totalsKeyOf(old)).toMatchObject({ hour: '2026-11-20T10', country: '', sender: '' });
  });

  it('is nothing for a message without a task: an answer, or another connector’s', () => {
    expect(totalsKeyOf(aCounted({ taskId: '' }))).toBeUndefined();
  });
});
