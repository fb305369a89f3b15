import { SECOND } from '../clock.ts';
import type { BackoffPolicy } from '../delivery/backoff.ts';

/** So many calls in a row that CI360 did not answer, or could not take, before a tenant's events wait. */
const FAILURES_TO_OPEN = 3;

/** Whether CI360 may be called for a tenant now, or after how many seconds. */
type Leave = { readonly kind: 'go' } | { readonly kind: 'wait'; readonly seconds: number };

/**
 * Keeps a tenant whose CI360 does not answer from making each of its events wait for the full time-out.
 * One per execution environment, in memory: what it learns costs nothing, is forgotten with the
 * environment, and a limit of CI360 by source address concerns just this environment.
 */
export type Breaker = {
  /** Asks to call CI360. Once a pause is over, one caller at a time finds out how things are. */
  readonly enter: (tenantId: string, now: number) => Leave;
  /** CI360 answered, whatever it said. */
  readonly answered: (tenantId: string) => void;
  /** CI360 did not answer or could not take it. Resolves to the seconds of a pause that begins with it. */
  readonly failed: (
    tenantId: string,
    now: number,
    retryAfterSeconds?: number,
  ) => number | undefined;
};

type State = { failures: number; openUntil: number; probeUntil: number };

/** `pause`: the first pause of a tenant and the longest, each twice the one before. `probeMs`: how long a probe may take. */
export function breaker({
  pause,
  probeMs,
}: {
  readonly pause: BackoffPolicy;
  readonly probeMs: number;
}): Breaker {
  const states = new Map<string, State>();
  const secondsUntil = (time: number, now: number) => Math.ceil((time - now) / SECOND);
  return {
    enter: (tenantId, now) => {
      const state = states.get(tenantId);
      if (state === undefined || state.failures < FAILURES_TO_OPEN) return { kind: 'go' };
      if (now < state.openUntil)
        return { kind: 'wait', seconds: secondsUntil(state.openUntil, now) };
      if (now < state.probeUntil) return { kind: 'wait', seconds: pause.baseSeconds };
      state.probeUntil = now + probeMs;
      return { kind: 'go' };
    },
    answered: (tenantId) => {
      states.delete(tenantId);
    },
    failed: (tenantId, now, retryAfterSeconds = 0) => {
      const state = states.get(tenantId) ?? { failures: 0, openUntil: 0, probeUntil: 0 };
      // A call that began before the pause says nothing new.
      if (now < state.openUntil) return undefined;
      state.failures += 1;
      states.set(tenantId, state);
      if (state.failures < FAILURES_TO_OPEN) return undefined;
      const doubled = pause.baseSeconds * 2 ** Math.min(state.failures - FAILURES_TO_OPEN, 20);
      const seconds = Math.max(retryAfterSeconds, Math.min(pause.maxSeconds, doubled));
      state.openUntil = now + seconds * SECOND;
      state.probeUntil = 0;
      return seconds;
    },
  };
}
