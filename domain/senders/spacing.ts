import type { Clock } from '../clock.ts';
import type { Slot } from './take-slots.ts';

/** Shorter slots are not kept apart: what was late could never be made up for. */
const KEPT_APART_MS = 100;

/**
 * Waits for the slots of this worker. A slow sender's messages keep their distance even when one was late: a
 * provider that takes one in a second would refuse the next.
 */
export function spacing(clock: Clock, waitUntil: (time: number) => Promise<void>) {
  /** When each slow sender may send again. */
  const free = new Map<string, number>();
  return async ({ at, sender, lengthMs }: Slot): Promise<void> => {
    if (lengthMs < KEPT_APART_MS) return waitUntil(at);
    for (;;) {
      const due = Math.max(at, free.get(sender) ?? 0);
      const now = clock();
      if (due <= now) {
        free.set(sender, now + lengthMs);
        return;
      }
      await waitUntil(due);
    }
  };
}
