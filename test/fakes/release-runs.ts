import type { Runs } from '../../domain/campaigns/ports.ts';
import type { Run } from '../../domain/campaigns/run.ts';
import { outageOf } from './outage.ts';

/** Releases that are not done, in memory. */
export function fakeReleaseRuns() {
  const kept = new Map<string, Run>();
  const outage = outageOf('held');
  const port: Runs = {
    list: async () => {
      outage.check();
      return [...kept.values()];
    },
    get: async (runId) => {
      outage.check();
      return kept.get(runId);
    },
    insert: async (run) => {
      outage.check();
      if (kept.has(run.runId)) return false;
      kept.set(run.runId, run);
      return true;
    },
    swap: async (next) => {
      outage.check();
      if (kept.get(next.runId)?.version !== next.version - 1) return false;
      kept.set(next.runId, next);
      return true;
    },
    end: async ({ runId, version }) => {
      outage.check();
      const current = kept.get(runId);
      if (current !== undefined && current.version !== version) return false;
      kept.delete(runId);
      return true;
    },
  };
  return { ...port, outage };
}
