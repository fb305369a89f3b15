import * as z from 'zod';
import { DAY } from '../clock.ts';
import { type CheckDeps, checkTotals } from './check.ts';

const resultSchema = z.object({
  deliveries: z.number(),
  compared: z.number(),
  changing: z.number(),
  different: z.number(),
  repaired: z.number(),
});

/** The latest check of the totals, and what was asked for. Times in ms since 1970. */
export const checkStateSchema = z.object({
  /** A rebuild that nobody has begun. */
  requestedAt: z.number().optional(),
  requestedBy: z.string().optional(),
  startedAt: z.number().optional(),
  finishedAt: z.number().optional(),
  result: resultSchema.optional(),
});
export type CheckState = z.infer<typeof checkStateSchema>;

/** Where the state is kept: one record; the last writer wins. Throws `Unavailable`. */
export type CheckStates = {
  readonly get: () => Promise<CheckState>;
  readonly put: (state: CheckState) => Promise<void>;
};

/** Runs begin some minutes apart, so a daily check keeps its time of day. */
const ALMOST_A_DAY = DAY - DAY / 48;

/**
 * What a scheduled run does: the rebuild that was asked for, else once a day a check. A run that dies is
 * begun again by the next.
 */
export async function runCheck(
  deps: CheckDeps & { readonly states: CheckStates },
): Promise<CheckState> {
  const { clock, states } = deps;
  const state = await states.get();
  const startedAt = clock();
  const repair = state.requestedAt !== undefined;
  if (!repair && startedAt - (state.finishedAt ?? 0) < ALMOST_A_DAY) return state;
  const result = await checkTotals({ repair }, deps);
  // Asked for again meanwhile: the next run does it.
  const { requestedAt, requestedBy } = await states.get();
  const isNew = requestedAt !== undefined && requestedAt > startedAt;
  const next: CheckState = {
    ...(isNew ? { requestedAt, requestedBy } : {}),
    startedAt,
    finishedAt: clock(),
    result,
  };
  await states.put(next);
  return next;
}
