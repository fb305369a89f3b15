import {
  changedBy,
  optedOutBy,
  type RefusalRules,
  type Wish,
  type Word,
  withRefusal,
  withWord,
} from '../../domain/opt-outs/opt-out.ts';
import type { OptOuts } from '../../domain/opt-outs/ports.ts';
import { addressKey } from '../../domain/outbound/address-key.ts';
import { fakeClock } from './clock.ts';
import { outageOf } from './outage.ts';

const idOf = (tenantId: string, address: string) => `${tenantId}#${addressKey(address)}`;

/** Opt-outs in memory. */
export function fakeOptOuts(
  rules: RefusalRules = { refusalTtlSeconds: 2_592_000, clock: fakeClock() },
) {
  const wishes = new Map<string, Wish>();
  const outage = outageOf('opt-outs');
  const known = (tenantId: string, address: string): Wish => {
    outage.check();
    return wishes.get(idOf(tenantId, address)) ?? {};
  };
  const keep = (tenantId: string, address: string, wish: Wish | undefined) => {
    if (wish) wishes.set(idOf(tenantId, address), wish);
  };
  const say =
    (status: Word['status']): OptOuts['optOut'] =>
    async (tenantId, address, source, at, messageId) => {
      const word = { status, at, source, ...(messageId === undefined ? {} : { messageId }) };
      const next = withWord(known(tenantId, address), word);
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
    wishOf: async (tenantId, address) => known(tenantId, address),
  };
  return { ...port, outage };
}
