import * as z from 'zod';
import { parseJson } from '../../json.ts';
import type { Numbering } from '../../outbound/phone-number.ts';
import { phoneAddress } from '../contacts/address.ts';
import type { ContactDraft } from '../contacts/contact.ts';

export type NewCustomer =
  | { readonly ok: true; readonly draft: ContactDraft }
  /** Every reason, in sentences for the agent. */
  | { readonly ok: false; readonly reasons: readonly string[] };

const channelsSchema = z
  .array(z.object({ type: z.string(), value: z.string().trim().min(1) }))
  .min(1);

/** Reads the fields of CreateCustomer; `Channels` is a JSON list of `{type, value}`. */
export function newCustomer(form: URLSearchParams, numbering: Numbering): NewCustomer {
  const reasons: string[] = [];
  const name = form.get('DisplayName')?.trim() ?? '';
  if (name === '') reasons.push('A name is missing.');
  else if (name.length > 256) reasons.push('The name is longer than 256 characters.');
  const owner = form.get('Worker')?.trim() ?? '';
  if (owner === '') reasons.push('The worker is missing.');
  const draft: { -readonly [K in keyof ContactDraft]: ContactDraft[K] } = { name, owner };
  const channels = channelsSchema.safeParse(parseJson(form.get('Channels') ?? '')).data;
  if (channels === undefined) {
    reasons.push('A channel is missing: a phone number, a WhatsApp number or an e-mail address.');
  }
  for (const { type, value } of channels ?? []) {
    const kind = type.toLowerCase();
    if (kind === 'email') {
      if (z.email().safeParse(value).success) draft.email = value;
      else reasons.push('The e-mail address is not valid.');
    } else if (kind === 'sms' || kind === 'whatsapp') {
      const number = phoneAddress(value, numbering)?.number;
      if (number === undefined) {
        const which = kind === 'sms' ? 'phone' : 'WhatsApp';
        reasons.push(`The ${which} number is not valid; write it with its country code.`);
      } else if (kind === 'sms') draft.phone = number;
      else draft.whatsapp = number;
    } else reasons.push('A channel is sms, whatsapp or email.');
  }
  return reasons.length > 0 ? { ok: false, reasons } : { ok: true, draft };
}
