import type { ReplyLog } from '../../domain/feedback/ports.ts';
import { outageOf } from './outage.ts';

/** Reported replies in memory. */
export function fakeReplyLog() {
  const log = new Map<string, 'reported' | number>();
  const outage = outageOf('deliveries');
  const port: ReplyLog = {
    claim: async (id, { now, until }) => {
      outage.check();
      const state = log.get(id);
      if (state === 'reported') return 'reported';
      if (state !== undefined && state > now) return 'held';
      log.set(id, until);
      return 'claimed';
    },
    reported: async (id) => {
      outage.check();
      log.set(id, 'reported');
    },
    release: async (id, until) => {
      outage.check();
      if (log.get(id) === until) log.delete(id);
    },
  };
  return { ...port, outage };
}
