import type { AgentRecord, AgentRecords } from '../../domain/agents/agent-records.ts';
import { outageOf } from './outage.ts';

/** Agents' records in memory. */
export function fakeAgentRecords() {
  const kept = new Map<string, AgentRecord>();
  const counters = new Map<string, number>();
  const outage = outageOf('agent-records');
  const port: AgentRecords = {
    get: async (id) => {
      outage.check();
      return structuredClone(kept.get(id));
    },
    put: async (record) => {
      outage.check();
      if ((kept.get(record.id)?.version ?? 0) !== record.version - 1) return false;
      kept.set(record.id, structuredClone(record));
      return true;
    },
    next: async (id) => {
      outage.check();
      const count = (counters.get(id) ?? 0) + 1;
      counters.set(id, count);
      return count;
    },
  };
  return { ...port, outage, kept };
}
