import type { AuditEntry, AuditLog } from '../../domain/operator/audit.ts';
import { outageOf } from './outage.ts';

/** The audit in memory. */
export function fakeAuditLog() {
  const entries = new Map<string, AuditEntry>();
  const outage = outageOf('audit');
  const log: AuditLog = {
    put: async (entry) => {
      outage.check();
      entries.set(entry.entryId, entry);
    },
    list: async (tenantId, since) => ({
      items: [...entries.values()]
        .filter((entry) => entry.tenantId === tenantId && entry.at >= since)
        .sort((a, b) => (a.entryId < b.entryId ? 1 : -1)),
    }),
  };
  return { ...log, outage, all: () => [...entries.values()] };
}
