/** ms since 1970 as of the process's start, which no change of the calendar moves: the same in every thread. */
export const monotonicNow = (): number => performance.timeOrigin + performance.now();
