import { Unavailable } from '../../domain/unavailable.ts';

/** A switch on a fake: while it is on, every call throws `Unavailable` and changes nothing. */
export type Outage = {
  /** Down until `end`, or for so many calls. */
  readonly begin: (calls?: number) => void;
  readonly end: () => void;
  /** Called by the fake at the start of each of its calls. */
  readonly check: () => void;
};

export function outageOf(dependency: string): Outage {
  let left = 0;
  return {
    begin: (calls = Number.POSITIVE_INFINITY) => {
      left = calls;
    },
    end: () => {
      left = 0;
    },
    check: () => {
      if (left <= 0) return;
      left -= 1;
      throw new Unavailable(dependency);
    },
  };
}
