import {
  changedBy,
  optedOutBy,
  type Preference,
  type RefusalRules,
  type Statement,
  withErasure,
  withRefusal,
  withStatement,
} from '../../domain/opt-outs/opt-out.ts';
import type { HistoryEntry, OptOutRegister, OptOuts } from '../../domain/opt-outs/ports.ts';
import { addressKey } from '../../domain/outbound/address-key.ts';
import { fakeClock } from './clock.ts';
import { outageOf } from './outage.ts';

const idOf = (tenantId: string, address: string) => `${tenantId}#${addressKey(address)}`;

/** Opt-outs in memory. */
export function fakeOptOuts(
  rules: RefusalRules = { refusalTtlSeconds: 2_592_000, clock: fakeClock() },
) {
  const preferences = new Map<string, Preference>();
  const outage = outageOf('opt-outs');
  const known = (tenantId: string, address: string): Preference => {
    outage.check();
    return preferences.get(idOf(tenantId, address)) ?? {};
  };
  const keep = (tenantId: string, address: string, preference: Preference | undefined) => {
    if (preference) preferences.set(idOf(tenantId, address), preference);
  };
  const say =
    (status: Statement['status']): OptOuts['optOut'] =>
    async (tenantId, address, source, at, messageId) => {
      const statement = { status, at, source, ...(messageId === undefined ? {} : { messageId }) };
      const next = withStatement(known(tenantId, address), statement);
      keep(tenantId, address, next);
      return messageId !== undefined && changedBy(known(tenantId, address), messageId);
    };
  const port: OptOuts = {
    isOptedOut: async (tenantId, address) =>
      optedOutBy(known(tenantId, address), rules) !== undefined,
    optOut: say('opted-out'),
    optIn: say('opted-in'),
    noteRefusal: async (tenantId, address, source, at) =>
      keep(tenantId, address, withRefusal(known(tenantId, address), { at, source })),
    stateOf: async (tenantId, address) => {
      const preference = known(tenantId, address);
      const isOptedOut = optedOutBy(preference, rules) !== undefined;
      return { isOptedOut, erasedAt: preference.erasedAt };
    },
    markErased: async (tenantId, address, at) =>
      keep(tenantId, address, withErasure(known(tenantId, address), at)),
    preferenceOf: async (tenantId, address) => known(tenantId, address),
  };
  const entries: (HistoryEntry & { readonly tenantId: string })[] = [];
  const pageOf = (items: readonly HistoryEntry[]) => ({ items });
  const register: OptOutRegister = {
    record: async (tenantId, address, statement, note) => {
      const next = withStatement(known(tenantId, address), statement);
      if (next === undefined) return 'known';
      keep(tenantId, address, next);
      const entry = { ...statement, tenantId, address: addressKey(address), recordedAt: 0 };
      entries.push(note === undefined ? entry : { ...entry, note });
      return 'recorded';
    },
    history: async (tenantId, address) =>
      pageOf(
        entries
          .filter((entry) => idOf(entry.tenantId, entry.address) === idOf(tenantId, address))
          .sort((a, b) => b.at - a.at),
      ),
    standingSince: async (tenantId, since) =>
      pageOf(
        entries.filter(
          (entry) =>
            entry.tenantId === tenantId &&
            entry.at >= since &&
            known(tenantId, entry.address).statement?.messageId === entry.messageId,
        ),
      ),
  };
  return { ...port, ...register, outage };
}
