import * as z from 'zod';
import type { InDoubt, LookUpWindow } from '../../domain/delivery/outcome.ts';
import { addressKey } from '../../domain/outbound/address-key.ts';
import { channelOfAddress } from '../../domain/outbound/address-prefix.ts';
import type { MessageRequest } from '../../domain/outbound/message-request.ts';
import { isWithin } from '../look-up-window.ts';
import type { TwilioAddresses } from './address.ts';
import { smartForm } from './smart-encoding.ts';

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

/**
 * `unsure`: nothing shows that it is another message, and not everything shows that it is the same.
 * `longer`: the same, but for something added to its text. `unread`: the same, as far as can be compared
 * without a text.
 */
export type Match = 'same' | 'longer' | 'unread' | 'unsure' | 'other';

const TRIAL_PREFIX = 'Sent from your Twilio trial account - ';
/** A text this long inside another is the same text with something added, such as an opt-out line. */
const TELLING_LENGTH = 20;

/**
 * A text without what Twilio may change on the way in: Smart Encoding, which is done to both sides and
 * so does not depend on whether it was switched on, and blanks at the ends and within.
 */
function fold(text: string): string {
  return smartForm(text.toWellFormed())
    .replace(/′/g, "'")
    .replace(/″/g, '"')
    .replace(/[‑‒−]/g, '-')
    .replace(/\p{Cf}/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function compareText(stored: string, ours: string): Match {
  const [a, b] = [fold(stored), fold(ours)];
  if (a === b || a === fold(TRIAL_PREFIX + ours)) return 'same';
  return b.length >= TELLING_LENGTH && a.includes(b) ? 'longer' : 'unsure';
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
function compareAddress(listed: string | null | undefined, ours: string): Match {
  if (!listed?.trim()) return 'unsure';
  const b = ours.trim().toLowerCase();
  const a = unhidden(listed.trim().toLowerCase(), b);
  const isSame = channelOfAddress(a) === channelOfAddress(b) && addressKey(a) === addressKey(b);
  return isSame ? 'same' : 'other';
}

/** What Twilio lists for messages that no request of ours to send has made. */
const notSentByUs = new Set(['inbound', 'outbound-reply', 'outbound-call']);

function compareSender(listed: Listed, sender: TwilioAddresses['sender']): Match {
  if ('from' in sender) return compareAddress(listed.from, sender.from);
  const { messaging_service_sid: service } = listed;
  // Null beside a sender says that no service was used; a field that is missing says nothing.
  if (service === null && listed.from?.trim()) return 'other';
  return compareAddress(service, sender.messagingServiceSid);
}

function compareTime(listed: Listed, window: LookUpWindow): Match {
  const createdAt = Date.parse(listed.date_created ?? '');
  if (Number.isNaN(createdAt)) return 'unsure';
  return isWithin(window, createdAt) ? 'same' : 'other';
}

/**
 * The template's text or, within WhatsApp's window, the body beside it: either is what was sent. Twilio may
 * list a template without its text, and a card has none that we know.
 */
function compareTemplate(stored: string, text: string | undefined, body: string): Match {
  const ours = [text ?? '', body].filter((one) => one.trim() !== '');
  if (stored !== '' && ours.some((one) => compareText(stored, one) === 'same')) return 'same';
  return stored === '' || text === undefined ? 'unread' : 'unsure';
}

/** A different text does not prove a different message: only Twilio knows everything that it changes in one. */
function compareContent(listed: Listed, { body, template }: MessageRequest): Match {
  if (template !== undefined)
    return compareTemplate(listed.body?.trim() ?? '', template.text, body);
  if (body.trim() === '') {
    return !listed.body && Number(listed.num_media ?? 0) > 0 ? 'same' : 'unsure';
  }
  return listed.body ? compareText(listed.body, body) : 'unsure';
}

/**
 * Whether a listed message is the one that was asked for. What became of it does not matter: failed or
 * canceled, it had been accepted. Only another recipient, sender, time or kind makes it another one;
 * what is missing or cannot be read does not. `window` is by the provider's clock.
 */
export function match(
  listed: Listed,
  request: MessageRequest,
  { to, sender }: TwilioAddresses,
  window: LookUpWindow,
  attempt: Pick<InDoubt, 'isSenderOpen' | 'isOtherContent'> = {},
): Match {
  if (notSentByUs.has(listed.direction ?? '')) return 'other';
  const parts: Match[] = [
    // Twilio was asked for messages to this recipient, so one that does not show it is to them.
    listed.to?.trim() ? compareAddress(listed.to, to) : 'same',
    attempt.isSenderOpen ? 'same' : compareSender(listed, sender),
    compareTime(listed, window),
    attempt.isOtherContent ? 'unsure' : compareContent(listed, request),
  ];
  if (parts.includes('other')) return 'other';
  if (parts.includes('unsure')) return 'unsure';
  if (parts.includes('unread')) return 'unread';
  return parts.includes('longer') ? 'longer' : 'same';
}
