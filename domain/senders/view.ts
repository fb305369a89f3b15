import { MINUTE, SECOND } from '../clock.ts';
import { splitPrefix } from '../outbound/address-prefix.ts';
import { isRemembered, rateAt } from './pace.ts';
import type { SenderState } from './ports.ts';
import {
  accountLimitOf,
  kindDefaults,
  limitOf,
  type SenderLimit,
  type SenderRates,
  type Unit,
} from './rates.ts';
import { type SenderKind, senderKindOf } from './sender.ts';

/** How a sender is doing. */
export type SenderView = {
  readonly sender: string;
  readonly provider: string;
  readonly kind: SenderKind;
  readonly unit: Unit;
  /** Undefined where the settings give it none. */
  readonly limit: SenderLimit | undefined;
  /** Units per second now; undefined where nothing holds it back. */
  readonly rate: number | undefined;
  /** Units that have a turn and were not sent yet, as far as their turns are given. */
  readonly backlog: number;
  /** When those are sent, ms since 1970. */
  readonly backlogUntil: number | undefined;
  readonly throttledLastMinute: number;
  readonly throttledAt: number | undefined;
  readonly sentToday: number | undefined;
};

/** `twilio/whatsapp:+1…` taken apart; the account is called `*`. */
function named(key: string): { readonly provider: string; readonly name: string } {
  const slash = key.indexOf('/');
  return { provider: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** What a stored sender is limited to, by today's settings. */
function limitAndKind(
  { provider, name }: ReturnType<typeof named>,
  rates: SenderRates,
): { readonly kind: SenderKind; readonly limit: SenderLimit | undefined } {
  if (name === '*') return { kind: 'account', limit: accountLimitOf(rates) };
  const { channel = 'SMS' } = splitPrefix(name);
  const sentBy = { provider: provider === 'scg' ? 'scg' : 'twilio', channel, from: name } as const;
  return { kind: senderKindOf(sentBy), limit: limitOf(sentBy, rates) };
}

export function viewOfSender(state: SenderState, rates: SenderRates, now: number): SenderView {
  const { provider, name } = named(state.sender);
  const { kind, limit } = limitAndKind({ provider, name }, rates);
  const { pace } = state;
  const isPaced = limit !== undefined || isRemembered(pace, now);
  const free = pace === undefined ? limit?.perSecond : rateAt(pace, limit?.perSecond, now);
  const rate = isPaced ? free : undefined;
  const until = Math.max(state.busyUntil ?? 0, state.enteredUntil ?? 0);
  const waitsMs = Math.max(0, until - now);
  return {
    sender: name,
    provider,
    kind,
    unit: limit?.unit ?? kindDefaults[kind].unit,
    limit,
    rate,
    backlog: Math.round((waitsMs / SECOND) * (rate ?? 0)),
    backlogUntil: waitsMs === 0 || rate === undefined ? undefined : until,
    throttledLastMinute:
      pace?.throttledAt !== undefined && now - pace.throttledAt < MINUTE
        ? (pace.throttled ?? 0)
        : 0,
    throttledAt: pace?.throttledAt,
    sentToday: state.day === new Date(now).toISOString().slice(0, 10) ? state.sentToday : undefined,
  };
}
