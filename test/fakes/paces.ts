import type { Pace } from '../../domain/senders/pace.ts';
import type { Paces, SenderStates } from '../../domain/senders/ports.ts';
import type { PaceKey } from '../../domain/senders/sender.ts';
import { slotAt } from '../../domain/senders/slots.ts';
import { outageOf } from './outage.ts';

type Row = { send?: number; entry?: number; pace?: Pace; day?: string; sentToday?: number };

/** The paces in memory. */
export function fakePaces() {
  const rows = new Map<string, Row & PaceKey>();
  const outage = outageOf('senders');
  const rowOf = ({ tenantId, sender }: PaceKey) => {
    outage.check();
    const name = `${tenantId}/${sender}`;
    const row = rows.get(name) ?? { tenantId, sender };
    rows.set(name, row);
    return row;
  };
  const port: Paces & SenderStates = {
    reserve: async (key, schedule, reservation) => {
      const row = rowOf(key);
      const begins = slotAt(row[schedule], reservation);
      if (begins === undefined) return { begins, freeAt: row[schedule], pace: row.pace };
      row[schedule] = begins + reservation.lengthMs;
      return { begins, pace: row.pace };
    },
    spend: async (key, day, units, dailyCap) => {
      const row = rowOf(key);
      if (row.day !== undefined && row.day > day) return false;
      const spent = row.day === day ? (row.sentToday ?? 0) : 0;
      if (spent + units > dailyCap) return false;
      Object.assign(row, { day, sentToday: spent + units });
      return true;
    },
    get: async (key) => rowOf(key).pace,
    swap: async (key, read, next) => {
      const row = rowOf(key);
      const { pace } = row;
      if (pace?.throttledAt !== read?.throttledAt || pace?.throttled !== read?.throttled) {
        return false;
      }
      row.pace = next;
      return true;
    },
    list: async (tenantId) => {
      outage.check();
      return [...rows.values()]
        .filter((row) => row.tenantId === tenantId)
        .map((row) => ({
          tenantId,
          sender: row.sender,
          pace: row.pace,
          busyUntil: row.send,
          enteredUntil: row.entry,
          day: row.day,
          sentToday: row.sentToday,
        }));
    },
  };
  return { ...port, outage };
}
