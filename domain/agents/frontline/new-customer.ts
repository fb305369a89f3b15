import * as z from 'zod';
import { parseJson } from '../../json.ts';
import type { Numbering } from '../../outbound/phone-number.ts';
import { phoneAddress } from '../contacts/address.ts';
import type { ContactDraft } from '../contacts/contact.ts';
import type { Callback } from './callback.ts';

export type NewCustomer =
  | { readonly ok: true; readonly draft: ContactDraft }
  /** Every mistake, in sentences for the agent. */
  | { readonly ok: false; readonly reasons: readonly string[] };

const MAX_NAME = 256;

const channelsSchema = z
  .array(z.object({ type: z.string(), value: z.string().trim().min(1) }))
  .min(1);

/** An address of the customer as a field of the draft, or what is wrong with it. */
type ReadAddress = { readonly field: Partial<ContactDraft> } | { readonly reason: string };

function readAddress(type: string, value: string, numbering: Numbering): ReadAddress {
  switch (type.toLowerCase()) {
    case 'email':
      return z.email().safeParse(value).success
        ? { field: { email: value } }
        : { reason: 'The e-mail address is not valid.' };
    case 'sms': {
      const phone = phoneAddress(value, numbering)?.number;
      return phone === undefined ? { reason: invalidNumber('phone') } : { field: { phone } };
    }
    case 'whatsapp': {
      const whatsapp = phoneAddress(value, numbering)?.number;
      return whatsapp === undefined
        ? { reason: invalidNumber('WhatsApp') }
        : { field: { whatsapp } };
    }
    default:
      return { reason: 'A channel is sms, whatsapp or email.' };
  }
}

const invalidNumber = (which: string): string =>
  `The ${which} number is not valid; write it with its country code.`;

function nameIssue(name: string): string | undefined {
  if (name === '') return 'A name is missing.';
  return name.length > MAX_NAME ? `The name is longer than ${MAX_NAME} characters.` : undefined;
}

/** Reads the fields of a new customer; `channels` is a JSON list of `{type, value}`. */
export function newCustomer({ field }: Pick<Callback, 'field'>, numbering: Numbering): NewCustomer {
  const name = field('displayName').trim();
  const owner = field('worker').trim();
  const channels = channelsSchema.safeParse(parseJson(field('channels'))).data;
  const read = channels?.map(({ type, value }) => readAddress(type, value, numbering)) ?? [];
  const reasons = [
    nameIssue(name),
    owner === '' ? 'The worker is missing.' : undefined,
    channels === undefined
      ? 'A channel is missing: a phone number, a WhatsApp number or an e-mail address.'
      : undefined,
    ...read.map((address) => ('reason' in address ? address.reason : undefined)),
  ].filter((reason) => reason !== undefined);
  if (reasons.length > 0) return { ok: false, reasons };
  let draft: ContactDraft = { name, owner };
  for (const address of read) if ('field' in address) draft = { ...draft, ...address.field };
  return { ok: true, draft };
}
