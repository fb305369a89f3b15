import { DAY, MINUTE } from '../clock.ts';
import type { MessageRequest } from '../outbound/message-request.ts';

/** Between whom a window is open: one sender of a tenant's, and one person. Addresses without a prefix. */
export type Pair = { readonly tenantId: string; readonly sender: string; readonly person: string };

/** When people last wrote on WhatsApp. Both throw `Unavailable`. */
export type Windows = {
  /** Notes that a person wrote at this time, ms since 1970. Safe to repeat, and in any order. */
  readonly open: (pair: Pair, at: number) => Promise<void>;
  readonly lastWroteAt: (pair: Pair) => Promise<number | undefined>;
};

/**
 * What is done about free text without a template: `check` refuses it while no reply of the last 24 hours
 * is on record, `trust` sends it.
 */
export type WindowPolicy = 'check' | 'trust';

/** A message on its way when the window closes would be refused. */
const MARGIN_MS = 5 * MINUTE;

/** WhatsApp takes free text for 24 hours after a person's last message. */
export const isOpen = (lastWroteAt: number | undefined, now: number): boolean =>
  lastWroteAt !== undefined && now - lastWroteAt < DAY - MARGIN_MS;

/**
 * The pair of a message; undefined where nobody can say: a Messaging Service chooses its sender later, and
 * people reply to that one.
 */
export const pairOf = ({ tenantId, from, to }: MessageRequest): Pair | undefined => {
  const sender = from.replace(/^(whatsapp|wa):/i, '');
  return /^\+\d+$/.test(sender) ? { tenantId, sender, person: to } : undefined;
};
