import type { Pair, Windows } from '../../domain/content/window.ts';

/** Windows in memory. */
export function fakeWindows(): Windows {
  const last = new Map<string, number>();
  const key = ({ tenantId, sender, person }: Pair) => JSON.stringify([tenantId, sender, person]);
  return {
    open: async (pair, at) => {
      last.set(key(pair), Math.max(at, last.get(key(pair)) ?? 0));
    },
    lastWroteAt: async (pair) => last.get(key(pair)),
  };
}
