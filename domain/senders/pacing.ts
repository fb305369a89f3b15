import type { Clock } from '../clock.ts';
import type { MessageRequest } from '../outbound/message-request.ts';
import { isRemembered, type Pace, rateAt, slowDown } from './pace.ts';
import type { Paces, Schedule } from './ports.ts';
import {
  accountLimitOf,
  kindDefaults,
  limitOf,
  type SenderLimit,
  type SenderRates,
  type Unit,
  unitsOf,
} from './rates.ts';
import { accountKeyOf, type PaceKey, paceKeyOf, senderKindOf } from './sender.ts';
import { msPerUnit, reservation } from './slots.ts';

/** What holds a message back: its sender, or its whole account. */
export type Governor = {
  readonly key: PaceKey;
  /** Undefined where the settings give it none and it was found to have one. */
  readonly limit: SenderLimit | undefined;
  readonly unit: Unit;
  /** Where looking for an unknown limit begins, units per second. */
  readonly start: number;
};

/** Whose limit a provider's answer was about. */
export type ThrottleScope = 'sender' | 'account';

export type PacingDeps = {
  readonly paces: Paces;
  readonly rates: SenderRates;
  readonly clock: Clock;
};

const SWAP_TRIES = 3;
/** A slot begins so much later than it is reserved at least: its message is claimed meanwhile. */
const LEAD_MS = 200;

type Throttled = { readonly of: Governor; readonly isPaced: boolean; times: number };

/** A governor's key as one word. */
export const nameOf = ({ tenantId, sender }: PaceKey): string => `${tenantId}/${sender}`;

/**
 * The paces of senders as one worker knows them: what the settings say, and what it has seen of the others.
 * A sender without a limit costs nothing here until it is throttled.
 */
export function pacing({ paces, rates, clock }: PacingDeps) {
  const seen = new Map<string, Pace>();
  /** What was throttled, and whether this worker knew of a pace then. */
  const throttles = new Map<string, Throttled>();
  const accountLimit = accountLimitOf(rates);

  const senderOf = (request: MessageRequest): Governor => {
    const limit = limitOf(request, rates);
    const standard = kindDefaults[senderKindOf(request)];
    return {
      key: paceKeyOf(request),
      limit,
      unit: limit?.unit ?? standard.unit,
      start: standard.perSecond,
    };
  };
  const accountOf = (request: MessageRequest): Governor => ({
    key: accountKeyOf(request),
    limit: accountLimit,
    unit: accountLimit?.unit ?? 'messages',
    start: kindDefaults.account.perSecond,
  });

  const governs = ({ key, limit }: Governor): boolean =>
    limit !== undefined || isRemembered(seen.get(nameOf(key)), clock());

  const rateOf = ({ key, limit, start }: Governor): number => {
    const pace = seen.get(nameOf(key));
    if (pace === undefined) return limit?.perSecond ?? start;
    return rateAt(pace, limit?.perSecond, clock());
  };

  const note = (key: PaceKey, pace: Pace | undefined): void => {
    if (pace === undefined) seen.delete(nameOf(key));
    else seen.set(nameOf(key), pace);
  };

  /** Stores that a governor was throttled; what was learned of it meanwhile counts. */
  async function store({ of: { key, limit, start }, isPaced, times }: Throttled): Promise<void> {
    for (let tries = 0; tries < SWAP_TRIES; tries += 1) {
      const read = await paces.get(key);
      // Another worker found the pace already; what was sent without it says nothing against it.
      if (!isPaced && isRemembered(read, clock())) return note(key, read);
      const at = { limit: limit?.perSecond, start, now: clock() };
      const next = slowDown(read, at, times);
      if (await paces.swap(key, read, next)) {
        note(key, next);
        return;
      }
    }
  }

  return {
    now: clock,

    /** What holds this message back now, the sender first; empty for nothing. */
    governorsOf: (request: MessageRequest): readonly Governor[] =>
      [senderOf(request), accountOf(request)].filter(governs),

    rateOf,

    /** Slots for messages with so many units together; `aheadMs`: how far ahead they may begin. */
    reserve: async (
      governor: Governor,
      schedule: Schedule,
      units: number,
      aheadMs: number,
    ): Promise<{ begins: number | undefined; freeAt: number | undefined; msEach: number }> => {
      const msEach = msPerUnit(rateOf(governor));
      const from = clock() + (schedule === 'send' ? LEAD_MS : 0);
      const asked = reservation(from, units * msEach, aheadMs);
      const { begins, freeAt, pace } = await paces.reserve(governor.key, schedule, asked);
      note(governor.key, pace);
      return { begins, freeAt, msEach };
    },

    /** Whether a sender with a daily cap may send so many units more today. */
    spend: async ({ key, limit }: Governor, units: number): Promise<boolean> =>
      limit?.dailyCap === undefined ||
      paces.spend(key, new Date(clock()).toISOString().slice(0, 10), units, limit.dailyCap),

    /** Notes that the provider throttled a message; `save` stores it. */
    throttled: (request: MessageRequest, scope: ThrottleScope): void => {
      const of = scope === 'account' ? accountOf(request) : senderOf(request);
      const noted = throttles.get(nameOf(of.key));
      throttles.set(nameOf(of.key), {
        of,
        isPaced: noted?.isPaced ?? governs(of),
        times: (noted?.times ?? 0) + 1,
      });
    },

    /** Stores what was throttled since the last time. Best effort: the next throttle does it again. */
    save: async (): Promise<void> => {
      const noted = [...throttles.values()];
      throttles.clear();
      await Promise.allSettled(noted.map(store));
    },
  };
}

export type Pacing = ReturnType<typeof pacing>;

/** The units that messages take of a governor's limit. */
export const unitsFor = ({ unit }: Governor, requests: readonly MessageRequest[]): number =>
  requests.reduce((sum, request) => sum + unitsOf(request, unit), 0);
