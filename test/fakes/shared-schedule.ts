import type { SharedSchedule } from '../../domain/shared-schedule.ts';
import { outageOf } from './outage.ts';

/** The shared schedule in memory. */
export function fakeSharedSchedule() {
  let busyUntil = Number.NEGATIVE_INFINITY;
  const outage = outageOf('replays');
  const port: SharedSchedule = {
    reserve: async ({ freeBy, dueAt, endsAt, lengthMs, latestAt, wrongAfter }) => {
      outage.check();
      if (busyUntil <= freeBy || busyUntil > wrongAfter) {
        busyUntil = endsAt;
        return dueAt;
      }
      if (busyUntil > latestAt) return undefined;
      const begins = busyUntil;
      busyUntil += lengthMs;
      return begins;
    },
  };
  return { ...port, outage };
}
