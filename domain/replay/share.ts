import { MINUTE, SECOND } from '../clock.ts';
import type { ReplayDeps } from './deps.ts';
import { dueAt } from './pace.ts';
import type { Replay } from './replay.ts';

/** A replay that would wait longer for its slot reserves none and asks again after as long. */
export const LONGEST_WAIT = 5 * SECOND;
/** No schedule is busy for longer, however many replays run and by whatever their clocks differ. */
const LONGEST_BUSY = MINUTE;
/** Times are sums of fractions: two that are equal may differ by a little. */
const ROUNDING_MS = 1;

type Pace = NonNullable<Replay['pace']>;

/**
 * Waits until a batch of `count` messages fits into the rate of all running replays. `held` are slots that
 * this replay has reserved and not used, for requests that it skipped. Returns the schedule to keep from
 * here on: a batch that waited for other replays moves it, so that the replay does not exceed its own rate
 * afterwards. Undefined when the wait is too long for a task; nothing is reserved then.
 *
 * A slot begins when the batch is due, not when it is asked for. So a replay that is alone never waits, and
 * can catch up what a slow batch cost.
 */
export async function waitForShare(
  replay: Pick<Replay, 'requeued' | 'options'>,
  pace: Pace,
  { count, held }: { readonly count: number; readonly held: number },
  deps: Pick<ReplayDeps, 'schedule' | 'limits' | 'clock' | 'sleep'>,
): Promise<Pace | undefined> {
  if (held >= count) return pace;
  const msEach = SECOND / deps.limits.maxRate;
  const now = deps.clock();
  const due = Math.min(now, dueAt(replay, pace));
  const begins = await deps.schedule.reserve({
    freeBy: due + held * msEach + ROUNDING_MS,
    dueAt: due,
    endsAt: due + count * msEach,
    lengthMs: (count - held) * msEach,
    latestAt: now + LONGEST_WAIT,
    wrongAfter: now + LONGEST_BUSY,
  });
  if (begins === undefined) return undefined;
  const waitMs = begins - deps.clock();
  if (waitMs > 0) await deps.sleep(waitMs);
  return begins > due ? { at: begins, from: replay.requeued } : pace;
}
