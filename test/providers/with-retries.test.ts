import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../domain/delivery/outcome.ts';
import { withRetries } from '../../providers/with-retries.ts';
import { aMessageRequest } from '../builders/message-request.ts';

const failure = { class: 'transient', code: '20503', message: 'x' } as const;
const accepted: Outcome = { kind: 'accepted', providerMessageId: 'SM1' };
const transient: Outcome = { kind: 'transient', failure };
const throttled: Outcome = { kind: 'throttled', failure };

/** A gateway that answers in turn and then accepts, with waits too short to notice. */
function setUp(answers: Outcome[], options = {}) {
  let sends = 0;
  const gateway = withRetries(
    {
      lookUp: async () => ({ kind: 'absent' }),
      send: async () => {
        sends += 1;
        return answers.shift() ?? accepted;
      },
    },
    {
      retries: 2,
      minTimeoutMs: 1,
      maxTimeoutMs: 2,
      maxRetryTimeMs: 60_000,
      tryTimeoutMs: 60_000,
      ...options,
    },
  );
  const never = new AbortController().signal;
  return {
    send: (signal = never) => gateway.send(aMessageRequest(), {}, signal),
    sends: () => sends,
  };
}

describe('sending again within one invocation', () => {
  it('repeats a transient error', async () => {
    const { send, sends } = setUp([transient, transient]);

    expect(await send()).toEqual(accepted);
    expect(sends()).toBe(3);
  });

  it.each<[string, Outcome]>([
    ['an unknown outcome', { kind: 'unknown', failure: { ...failure, class: 'unknown' } }],
    ['a refusal', { kind: 'rejected', failure: { ...failure, class: 'permanent' } }],
    ['a throttled message', throttled],
    ['a throttled message with a time to wait', { ...throttled, retryAfterSeconds: 2 }],
    ['a transient error with a time to wait', { ...transient, retryAfterSeconds: 2 }],
    [
      'a transient error that may be retried in zero seconds',
      { ...transient, retryAfterSeconds: 0 },
    ],
  ])('never repeats %s', async (_name, answer) => {
    const { send, sends } = setUp([answer]);

    expect(await send()).toEqual(answer);
    expect(sends()).toBe(1);
  });

  it('gives the last answer when its tries are spent', async () => {
    const { send, sends } = setUp([transient, transient, transient]);

    expect(await send()).toEqual(transient);
    expect(sends()).toBe(3);
  });

  it('stops at a throttled answer to a repeated send', async () => {
    const { send, sends } = setUp([transient, throttled]);

    expect(await send()).toEqual(throttled);
    expect(sends()).toBe(2);
  });

  it('keeps what was accepted although the time was up meanwhile', async () => {
    const controller = new AbortController();
    const gateway = withRetries(
      {
        lookUp: async () => ({ kind: 'absent' }),
        send: async () => {
          controller.abort();
          return accepted;
        },
      },
      { retries: 2, minTimeoutMs: 1, maxTimeoutMs: 1, maxRetryTimeMs: 1000, tryTimeoutMs: 1000 },
    );

    expect(await gateway.send(aMessageRequest(), {}, controller.signal)).toEqual(accepted);
  });

  it('sends nothing when the time was up before', async () => {
    const { send, sends } = setUp([]);

    expect(await send(AbortSignal.abort())).toMatchObject({ kind: 'transient' });
    expect(sends()).toBe(0);
  });
});
