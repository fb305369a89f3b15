import type { AnswerLog } from '../../domain/feedback/ports.ts';
import { outageOf } from './outage.ts';

/** Who was answered lately, in memory. */
export function fakeAnswerLog() {
  const log = new Map<string, { readonly messageId: string; readonly until: number }>();
  const outage = outageOf('opt-outs');
  const port: AnswerLog = {
    take: async (id, { messageId, now, until }) => {
      outage.check();
      const last = log.get(id);
      if (last && last.until > now && last.messageId !== messageId) return false;
      log.set(id, { messageId, until });
      return true;
    },
  };
  /** `log`: what is written down. */
  return { ...port, outage, log };
}
