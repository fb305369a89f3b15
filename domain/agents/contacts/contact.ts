import * as z from 'zod';

/** A customer as agents see one. Numbers in E.164 without a prefix; what the source leaves empty is absent. */
export const contactSchema = z.object({
  /** The source's own id (Airtable: `rec…`). */
  id: z.string().min(1),
  /** The customer's id in Twilio's Frontline connector, from a column `id`: apps and conversations hold on to it. */
  formerId: z.string().min(1).max(100).optional(),
  /** Empty where the source has none; see `displayName`. */
  name: z.string(),
  phone: z.string().optional(),
  whatsapp: z.string().optional(),
  email: z.string().optional(),
  linkedin: z.string().optional(),
  notes: z.string().optional(),
  avatar: z.string().optional(),
  /** Identity of the worker to whom the contact belongs. */
  owner: z.string().optional(),
  /** What the source's `opt_out` column says. Whether a message may go out is decided by OptOuts alone. */
  optedOut: z.boolean(),
  /** Further columns of the source as text, for templates. */
  fields: z.record(z.string(), z.string()),
});
export type Contact = z.infer<typeof contactSchema>;

/** A contact that its source has yet to give an id. */
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

/** What contacts are listed by: the name without regard to case, then the id. */
export const listKey = (contact: Contact): string =>
  `${displayName(contact).normalize('NFC').toLowerCase().slice(0, 200)}\u0000${contact.id}`;

/** Words that mean nobody, as other tools write them into an owner column. */
const nobody = new Set(['', 'undefined', 'null', 'none']);

/** The worker to whom a contact belongs, or undefined. */
export function ownerOf(contact: Contact): string | undefined {
  const owner = contact.owner?.trim();
  return owner === undefined || nobody.has(owner.toLowerCase()) ? undefined : owner;
}
