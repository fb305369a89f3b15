import type { OptOuts } from '../../domain/delivery/ports.ts';
import { outageOf } from './outage.ts';

/** Opt-outs in memory. */
export function fakeOptOuts() {
  const words = new Map<string, { out: boolean; at: number }>();
  const outage = outageOf('opt-outs');
  const say =
    (out: boolean) => async (tenantId: string, address: string, _source: string, at: number) => {
      outage.check();
      const id = `${tenantId}#${address}`;
      const latest = words.get(id);
      if (latest === undefined || at > latest.at || (out && at === latest.at)) {
        words.set(id, { out, at });
      }
    };
  const port: OptOuts = {
    isOptedOut: async (tenantId, address) => {
      outage.check();
      return words.get(`${tenantId}#${address}`)?.out === true;
    },
    optOut: say(true),
    optIn: say(false),
  };
  return { ...port, outage };
}
