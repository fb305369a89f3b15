import * as z from 'zod';

/** A customer as agents see it. Numbers in E.164 without a prefix; empty fields of the source are absent. */
export const contactSchema = z.object({
  /** The source's own id (Airtable: `rec…`). */
  id: z.string().min(1),
  /** The customer's id in Twilio's own Frontline connector, from a column `id`: apps and conversations still use it. */
  formerId: z.string().min(1).max(100).optional(),
  /** Empty where the source has none; see `displayName`. */
  name: z.string(),
  phone: z.string().optional(),
  whatsapp: z.string().optional(),
  email: z.string().optional(),
  linkedin: z.string().optional(),
  notes: z.string().optional(),
  avatar: z.string().optional(),
  /** Identity of the worker who owns the contact. */
  owner: z.string().optional(),
  /** The source's `opt_out` column. Whether a message may be sent is decided by OptOuts alone. */
  optedOut: z.boolean(),
  /** Further columns of the source as text, for templates. */
  fields: z.record(z.string(), z.string()),
});
export type Contact = z.infer<typeof contactSchema>;

/** A contact to which its source has not given an id yet. */
export type ContactDraft = Pick<Contact, 'name' | 'phone' | 'whatsapp' | 'email' | 'owner'>;

export const templateSchema = z.object({
  category: z.string(),
  text: z.string(),
  whatsAppApproved: z.boolean(),
});
export type Template = z.infer<typeof templateSchema>;

/** A name that is never empty. */
export const displayName = (contact: Contact): string =>
  contact.name || contact.phone || contact.whatsapp || contact.email || contact.id;

/** The sort key of contacts: the name, case-insensitive, then the id. */
export const listKey = (contact: Contact): string =>
  `${displayName(contact).normalize('NFC').toLowerCase().slice(0, 200)}\u0000${contact.id}`;

/** Values that other tools write into an owner column for no owner. */
const nobody = new Set(['', 'undefined', 'null', 'none']);

/** The worker who owns a contact, if any. */
export function ownerOf(contact: Contact): string | undefined {
  const owner = contact.owner?.trim();
  return owner === undefined || nobody.has(owner.toLowerCase()) ? undefined : owner;
}
