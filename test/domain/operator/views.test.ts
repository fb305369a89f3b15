import { describe, expect, it } from 'vitest';
import {
  replayable,
  viewOfDelivery,
  viewOfReplay,
  viewOfRow,
} from '../../../domain/operator/views.ts';
import { aDelivery } from '../../builders/delivery.ts';
import { aFailedRequest } from '../../builders/failed-request.ts';
import { BUILT_AT } from '../../builders/message-request.ts';
import { aReplay } from '../../builders/replay.ts';

const iso = (ms: number) => new Date(ms).toISOString();
const waits = { graceMs: 60_000, reconcileMs: 43_200_000 };
const guid = '3f1c2f6e-8a55-4c1b-9d3f-000000000001';

describe('whether a replay helps', () => {
  it.each([
    ['permanent', 'with-include-permanent'],
    ['config', 'yes'],
    ['opted-out', 'if-opted-back-in'],
    ['expired', 'with-ignore-ttl'],
    ['transient', 'yes'],
    ['unknown', 'looked-up-first'],
    ['stopped', 'yes'],
    ['poison', 'no'],
  ] as const)('a message of class %s: %s', (failureClass, answer) => {
    expect(replayable('message', failureClass)).toBe(answer);
  });

  it('an external event: always, unless it cannot be read', () => {
    expect(replayable('external-event', 'permanent')).toBe('yes');
    expect(replayable('external-event', 'poison')).toBe('no');
  });
});

describe('a failed request', () => {
  it('is shown with its reason, without text and with two digits of the number', () => {
    expect(viewOfRow(aFailedRequest())).toEqual({
      guid,
      tenantId: 'tenant-a',
      kind: 'message',
      status: 'failed',
      provider: 'twilio',
      channel: 'SMS',
      to: '…23',
      sender: '+12025550100',
      taskId: 'task-1',
      class: 'config',
      code: '20003',
      message: 'The account refused the credentials.',
      advice: 'Put the current auth token into the tenant secret, then replay.',
      httpStatus: 401,
      attempts: 1,
      replays: 0,
      replayId: null,
      generatedAt: iso(BUILT_AT - 2000),
      failedAt: iso(BUILT_AT),
      expiresAt: iso(BUILT_AT + 7_776_000_000),
      replayable: 'yes',
    });
  });

  it('is shown as far as there is anything to show', () => {
    const {
      advice: _,
      httpStatus: __,
      ...row
    } = aFailedRequest({
      eventBody: 'not json',
      replayId: 'replay-1',
    });
    expect(viewOfRow(row)).toMatchObject({
      to: '',
      advice: '',
      httpStatus: null,
      replayId: 'replay-1',
    });
  });

  it('of an external event names nobody', () => {
    const eventBody = JSON.stringify({ v: 1, tenantId: 'tenant-a', to: '+12025550123' });
    expect(viewOfRow(aFailedRequest({ kind: 'external-event', eventBody })).to).toBe('');
  });
});

describe('a delivery', () => {
  it('is shown with nothing where it has nothing', () => {
    expect(viewOfDelivery(aDelivery(), waits, BUILT_AT)).toEqual({
      guid,
      tenantId: 'tenant-a',
      status: 'sending',
      provider: 'twilio',
      channel: 'SMS',
      taskId: 'task-1',
      caller: null,
      providerMessageId: null,
      encoding: null,
      segments: null,
      attempts: 0,
      replays: 0,
      replayId: null,
      heldUntil: null,
      held: null,
      inDoubt: null,
      lastError: null,
      next: { what: 'The next attempt, as soon as its queue gives it out.', at: null },
      reports: [],
      sentAt: null,
      createdAt: iso(BUILT_AT),
      updatedAt: iso(BUILT_AT),
    });
  });

  it('is shown with its claim, its doubt, its error, its replay and what CI360 heard', () => {
    const lastError = { class: 'unknown', code: 'no-answer', message: 'x' } as const;
    const delivery = aDelivery({
      status: 'unknown',
      caller: 'ci360',
      providerMessageId: 'SM1',
      attempts: 2,
      replayNo: 3,
      replayId: 'replay-1',
      lease: { token: 'one', since: BUILT_AT, until: BUILT_AT + 5 },
      doubt: { from: BUILT_AT + 1, to: BUILT_AT + 2 },
      lastError,
      reports: { sent: 'reported', delivered: BUILT_AT },
      sentAt: BUILT_AT + 3,
    });
    expect(viewOfDelivery(delivery, waits, BUILT_AT)).toMatchObject({
      caller: 'ci360',
      providerMessageId: 'SM1',
      attempts: 2,
      replays: 3,
      replayId: 'replay-1',
      heldUntil: iso(BUILT_AT + 5),
      inDoubt: { from: iso(BUILT_AT + 1), to: iso(BUILT_AT + 2) },
      lastError,
      next: { at: iso(BUILT_AT + 5) },
      reports: [
        { status: 'sent', reported: true },
        { status: 'delivered', reported: false },
      ],
      sentAt: iso(BUILT_AT + 3),
    });
  });

  it('that is over has no next step', () => {
    expect(viewOfDelivery(aDelivery({ status: 'read' }), waits, BUILT_AT).next).toBeNull();
  });

  it('is shown as held only while it is', () => {
    const held = { reason: 'pace', since: BUILT_AT, until: BUILT_AT + 1 } as const;
    const shown = (status: 'held' | 'sending') =>
      viewOfDelivery(aDelivery({ status, held }), waits, BUILT_AT).held;
    expect(shown('held')).toEqual({
      reason: 'pace',
      since: iso(BUILT_AT),
      until: iso(BUILT_AT + 1),
    });
    expect(shown('sending')).toBeNull();
  });
});

describe('a replay', () => {
  it('is shown with its counts', () => {
    const replay = aReplay({
      requeued: 10,
      outcomes: { resolved: 6, failed: 1, countedAt: BUILT_AT + 1 },
      skipped: { expired: 2 },
      generation: 2,
    });
    expect(viewOfReplay(replay)).toEqual({
      replayId: 'replay-1',
      tenantId: 'tenant-a',
      status: 'running',
      phase: 'requeue',
      asked: null,
      selection: { tenantId: 'tenant-a' },
      options: replay.options,
      startedBy: 'on-call',
      requeued: 10,
      sent: 6,
      failedAgain: 1,
      onTheirWay: 3,
      skipped: { expired: 2 },
      countedAt: iso(BUILT_AT + 1),
      reason: null,
      executions: 2,
      createdAt: iso(BUILT_AT),
      updatedAt: iso(BUILT_AT),
      finishedAt: null,
    });
  });

  it('is shown with what was asked of it, why it stopped and when it ended', () => {
    const over = { control: 'cancel', reason: 'x', finishedAt: BUILT_AT + 9 } as const;
    expect(viewOfReplay(aReplay(over))).toMatchObject({
      asked: 'cancel',
      reason: 'x',
      finishedAt: iso(BUILT_AT + 9),
    });
  });
});
