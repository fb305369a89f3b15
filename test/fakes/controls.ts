import type { Control } from '../../domain/campaigns/control.ts';
import type { Controls } from '../../domain/campaigns/ports.ts';
import { outageOf } from './outage.ts';

/** Controls in memory. */
export function fakeControls(initial: readonly Control[] = []) {
  const keyOf = ({ tenantId, taskId }: Control) => `${tenantId}#${taskId}`;
  const kept = new Map(initial.map((control) => [keyOf(control), control]));
  const outage = outageOf('controls');
  const port: Controls = {
    ofTenant: async (tenantId) => {
      outage.check();
      return [...kept.values()].filter((control) => control.tenantId === tenantId);
    },
    put: async (control, replaces) => {
      outage.check();
      if (kept.get(keyOf(control))?.at !== replaces) return false;
      kept.set(keyOf(control), control);
      return true;
    },
  };
  return { ...port, outage };
}
