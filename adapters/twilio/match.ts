import * as z from 'zod';
import type { LookUpWindow } from '../../domain/delivery/outcome.ts';
import { addressKey } from '../../domain/outbound/address-key.ts';
import { channelOfAddress } from '../../domain/outbound/address-prefix.ts';
import type { MessageRequest } from '../../domain/outbound/message-request.ts';
import { isWithin } from '../look-up-window.ts';
import type { TwilioAddresses } from './address.ts';

/** One message of a list, as far as it is compared. */
export const listedSchema = z.object({
  sid: z.string().min(1),
  to: z.string().nullish(),
  from: z.string().nullish(),
  messaging_service_sid: z.string().nullish(),
  body: z.string().nullish(),
  direction: z.string().nullish(),
  num_media: z.union([z.string(), z.number()]).nullish(),
  date_created: z.string().nullish(),
});
export type Listed = z.infer<typeof listedSchema>;

/** `hidden`: everything visible fits, and the account keeps texts out of its records. */
export type Match = 'same' | 'hidden' | 'other';

const TRIAL_PREFIX = 'Sent from your Twilio trial account - ';
/** A text this long inside another is the same text with something added, such as an opt-out line. */
const TELLING_LENGTH = 20;

/**
 * A text without what Twilio may change on the way in: Smart Encoding replaces typographic signs and
 * unusual blanks by plain ones, and blanks at the ends are cut.
 */
function fold(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFKC')
    .replace(/[‘’‚‛′]/g, "'")
    .replace(/[“”„‟«»″]/g, '"')
    .replace(/[‐‑‒–—―−]/g, '-')
    .replace(/\p{Cf}/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function sameText(stored: string, ours: string): boolean {
  const [a, b] = [fold(stored), fold(ours)];
  return (
    a === b || a === fold(TRIAL_PREFIX + ours) || (b.length >= TELLING_LENGTH && a.includes(b))
  );
}

/** A number whose last four digits an account with number redaction keeps out of its records: `+1202555XXXX`. */
const REDACTED = /^([a-z]+:)?\+?\d+x{4}$/;

/**
 * A listed address with the digits that the account keeps hidden. They are taken to be ours: the list
 * was asked for by this very recipient, and a message passed over would be sent again.
 */
const unhidden = (listed: string, ours: string): string =>
  REDACTED.test(listed) && /\d{4}$/.test(ours) ? listed.replace(/x{4}$/, ours.slice(-4)) : listed;

/** Whether a listed address is ours, in whichever of its forms Twilio lists a number that has two. */
function sameAddress(listed: string | null | undefined, ours: string): boolean {
  const b = ours.trim().toLowerCase();
  const a = unhidden(listed?.trim().toLowerCase() ?? '', b);
  return channelOfAddress(a) === channelOfAddress(b) && addressKey(a) === addressKey(b);
}

/**
 * Whether a listed message is the one that was asked for. What became of it does not matter: failed or
 * canceled, it had been accepted. Two equal texts to one person within one window cannot be told apart.
 */
export function match(
  listed: Listed,
  request: MessageRequest,
  { to, sender }: TwilioAddresses,
  window: LookUpWindow,
): Match {
  const createdAt = Date.parse(listed.date_created ?? '');
  const fits =
    sameAddress(listed.to, to) &&
    ('from' in sender
      ? sameAddress(listed.from, sender.from)
      : sameAddress(listed.messaging_service_sid, sender.messagingServiceSid)) &&
    (listed.direction ?? 'outbound').startsWith('outbound') &&
    isWithin(window, createdAt);
  if (!fits) return 'other';
  if (request.body.trim() === '') {
    return !listed.body && Number(listed.num_media ?? 0) > 0 ? 'same' : 'other';
  }
  if (!listed.body) return 'hidden';
  return sameText(listed.body, request.body) ? 'same' : 'other';
}
