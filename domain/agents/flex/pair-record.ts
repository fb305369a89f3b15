import * as z from 'zod';
import { DAY, SECOND } from '../../clock.ts';
import { addressKey } from '../../outbound/address-key.ts';
import type { AgentRecord } from '../agent-records.ts';
import { type Opened, type OpenRequest, openedSchema } from './engine.ts';

/** Longer than a call may last: after it, a record that is still `opening` belongs to no running call. */
export const OPENING_LEASE = 40 * SECOND;
/** Before a task is reused the platform is asked whether it is open, so a record can be kept for long. */
const KEPT_FOR = 30 * DAY;

/** What is known about the open task or channel of a pair of numbers. */
const pairSchema = z.object({
  state: z.enum(['opening', 'open', 'closed']),
  /** While `opening`: when the call that opens it has certainly ended, ms since 1970. */
  until: z.number(),
  /** The customer's identities in chat: of the last opening, and the pair's permanent one. */
  fresh: z.string(),
  lasting: z.string(),
  /** What is open, as far as known. */
  opened: openedSchema.optional(),
});
export type PairRecord = z.infer<typeof pairSchema>;

export const pairId = (tenantId: string, { purpose, kind, from, to }: OpenRequest): string =>
  `${tenantId}#flex-${purpose}#${kind}#${addressKey(from)}#${addressKey(to)}`;

export const readPair = (record: AgentRecord | undefined): PairRecord | undefined =>
  pairSchema.safeParse(record?.data).data;

/** What a call finds: a pair that it may open, one that is open, or one that another call is opening. */
export type PairFound =
  | { readonly kind: 'free'; readonly inDoubt: boolean; readonly leftover?: Opened }
  | { readonly kind: 'open'; readonly opened: Opened }
  | { readonly kind: 'held' };

export function judgePair(pair: PairRecord | undefined, now: number): PairFound {
  if (pair === undefined || pair.state === 'closed') return { kind: 'free', inDoubt: false };
  if (pair.state === 'open' && pair.opened) return { kind: 'open', opened: pair.opened };
  if (pair.until > now) return { kind: 'held' };
  // The call that was opening it died or got no clear response. What it recorded is closed, the rest is looked up.
  return pair.opened
    ? { kind: 'free', inDoubt: false, leftover: pair.opened }
    : { kind: 'free', inDoubt: true };
}

export const nextPair = (
  id: string,
  version: number,
  pair: PairRecord,
  now: number,
): AgentRecord => ({ id, version, data: pair, expiresAt: now + KEPT_FOR });
