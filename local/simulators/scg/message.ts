import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { callbackModes } from '../fault.ts';
import type { Behaviour } from '../magic-numbers.ts';

const stepSchema = z.object({
  /** A message state of SCG's. */
  state: z.string(),
  reasonCode: z.string().optional(),
  reason: z.string().optional(),
});
export type Step = z.infer<typeof stepSchema>;

/** One message to one recipient, with what it shares with the others of its request. */
export const scgMessageSchema = z.object({
  messageId: z.string(),
  requestId: z.string(),
  tenantId: z.string(),
  direction: z.enum(['MT', 'MO']),
  /** As given: `sender_id:…`, `channel:…` or an address. */
  from: z.string(),
  /** As given: a number, or an address with its prefix. */
  to: z.string(),
  body: z.string(),
  mediaUrls: z.array(z.string()),
  externalId: z.string(),
  /** Empty before the first state. */
  state: z.string(),
  failureCode: z.string().nullable(),
  failureDetails: z.string().nullable(),
  /** ms since 1970 */
  createdAt: z.number(),
  sentAt: z.number().nullable(),
  deliveredAt: z.number().nullable(),
  plan: z.array(stepSchema),
  reached: z.number(),
  callbacks: z.enum(callbackModes),
});
export type ScgMessage = z.infer<typeof scgMessageSchema>;

/** 22 characters of base64url, as SCG's ids are. */
export const newScgId = (): string => randomBytes(16).toString('base64url');

const types: Readonly<Record<string, string>> = {
  wa: 'WHATSAPP',
  fb: 'FACEBOOK',
  we: 'WECHAT',
  voice: 'VOICE',
  psh: 'PSH',
};

export const typeOf = (to: string, mediaUrls: readonly string[]): string =>
  types[/^([a-z]+):/.exec(to)?.[1] ?? ''] ?? (mediaUrls.length > 0 ? 'MMS' : 'SMS');

/** An address to compare by: numbers come with and without their plus. */
export const comparable = (address: string): string => address.replace('+', '');

/** `sender_id:abc`, `channel:abc`, `wa:+1…` → what comes after. */
export const withoutPrefix = (address: string): string => address.replace(/^[a-z_]+: ?/, '');

/** Messages of one customer over all channels, to look among. */
export const customerKey = (address: string): string => `to:${comparable(withoutPrefix(address))}`;

/** The state of a request of which no message is made. No event reports it. */
const REJECTED = 'REJECTED';
export const isMade = ({ plan }: Pick<ScgMessage, 'plan'>): boolean => plan[0]?.state !== REJECTED;

/** The states a message to this recipient goes through. */
export function planOf(behaviour: Behaviour, to: string, mayWrite: boolean): Step[] {
  const created = { state: 'CREATED' };
  const sent = [created, { state: 'SENT' }];
  const delivered = [...sent, { state: 'DELIVERED' }];
  const failed = (reasonCode: string, reason: string): Step => ({
    state: 'FAILED',
    reasonCode,
    reason,
  });
  if (!mayWrite || behaviour === 'opted-out')
    return [created, failed('1005', 'No subscriber consent')];
  switch (behaviour) {
    case 'reads':
      return typeOf(to, []) === 'SMS' ? delivered : [...delivered, { state: 'READ' }];
    case 'clicks':
      return [...delivered, { state: 'CONVERTED' }];
    case 'rejected-later':
      return [{ state: REJECTED, reasonCode: 'OTHER', reason: 'Rejected' }];
    case 'landline':
    case 'unknown':
      return [created, failed('1002', 'Invalid recipient')];
    case 'unreachable':
      return [...sent, failed('1009', 'Delivery failure')];
    case 'filtered':
      return [...sent, failed('1004', 'Forbidden phrase')];
    default:
      return delivered;
  }
}
