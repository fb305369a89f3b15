import type { Clock } from '../../domain/clock.ts';
import { SECOND } from '../../domain/clock.ts';
import type { EventGateway } from '../../domain/feedback/ports.ts';

/**
 * Calls the gateway at most `perSecond` times a second on average, and up to `burst` times at once: a
 * call that comes too soon waits for its turn. 0 sets no limit.
 */
export function paced(
  gateway: EventGateway,
  {
    perSecond,
    burst,
    clock,
    sleep,
  }: {
    readonly perSecond: number;
    readonly burst: number;
    readonly clock: Clock;
    readonly sleep: (ms: number) => Promise<unknown>;
  },
): EventGateway {
  if (perSecond === 0) return gateway;
  const intervalMs = SECOND / perSecond;
  let nextTurn = Number.NEGATIVE_INFINITY;
  return {
    inject: async (...call) => {
      const now = clock();
      // Turns that nobody took are saved up, as many as make a burst.
      const turn = Math.max(nextTurn, now - (burst - 1) * intervalMs);
      nextTurn = turn + intervalMs;
      if (turn > now) await sleep(turn - now);
      return gateway.inject(...call);
    },
  };
}
