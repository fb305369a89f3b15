import * as z from 'zod';
import type { AgentRecords } from '../../domain/agents/agent-records.ts';
import { type Clock, DAY, SECOND } from '../../domain/clock.ts';
import { Unavailable } from '../../domain/unavailable.ts';

/**
 * Airtable accepts 5 requests a second per base, and after one too many none for 30 s. Requests are spaced a
 * little more than a fifth of a second apart, because they do not arrive as evenly as they are sent.
 * https://airtable.com/developers/web/api/rate-limits
 */
const INTERVAL = 220;
const PENALTY = 30 * SECOND;

const schema = z.object({ nextAt: z.number() });

export type Pace = {
  /** Resolves when it is this request's turn; throws `Unavailable` if that takes too long. */
  readonly turn: (baseId: string, signal: AbortSignal) => Promise<void>;
  /** Records that Airtable has throttled a request: none is sent until the penalty is over. */
  readonly penalty: (baseId: string) => Promise<void>;
};

/** One queue per base: all functions share its record. */
export function pace(deps: {
  readonly records: AgentRecords;
  readonly clock: Clock;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** How long a caller waits for its turn, ms. */
  readonly patience: number;
}): Pace {
  const { records, clock, wait, patience } = deps;
  /** Reserves the next free moment, by compare-and-swap, and returns it. */
  const take = async (
    baseId: string,
    next: (free: number, now: number) => { taken: number; nextAt: number },
  ): Promise<number> => {
    const id = `airtable#${baseId}`;
    for (;;) {
      const record = await records.get(id);
      const now = clock();
      const free = schema.safeParse(record?.data).data?.nextAt ?? 0;
      const { taken, nextAt } = next(Math.max(free, now), now);
      if (taken - now > patience) throw new Unavailable('airtable');
      const version = (record?.version ?? 0) + 1;
      if (await records.put({ id, version, data: { nextAt }, expiresAt: now + DAY })) return taken;
    }
  };

  return {
    turn: async (baseId, signal) => {
      const at = await take(baseId, (free) => ({ taken: free, nextAt: free + INTERVAL }));
      const ahead = at - clock();
      if (ahead > 0) await wait(ahead, signal);
    },
    penalty: async (baseId) => {
      await take(baseId, (free, now) => ({ taken: now, nextAt: Math.max(free, now + PENALTY) }));
    },
  };
}
