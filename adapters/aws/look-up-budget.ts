import { type Clock, SECOND } from '../../domain/clock.ts';
import { Unavailable } from '../../domain/unavailable.ts';

/** Look-ups of unknown names at once, and how many more each second brings. */
const BURST = 50;
const PER_SECOND = 5;

/**
 * How often the secret store may be asked for names that it may not have: they come from anybody's
 * request path, so a flood of made-up ones must not become a flood of calls. Only a name that turns
 * out not to exist spends anything.
 */
export function lookUpBudget(clock: Clock) {
  let left = BURST;
  let countedAt = clock();
  return {
    /** Takes one look-up. Throws `Unavailable` when none is left. */
    take: (): void => {
      const now = clock();
      left = Math.min(BURST, left + ((now - countedAt) * PER_SECOND) / SECOND);
      countedAt = now;
      if (left < 1) throw new Unavailable('secrets');
      left -= 1;
    },
    giveBack: (): void => {
      left += 1;
    },
  };
}
