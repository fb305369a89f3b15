import * as z from 'zod';
import { phoneAddress } from '../../domain/agents/contacts/address.ts';
import type { Contact, ContactDraft, Template } from '../../domain/agents/contacts/contact.ts';
import type { Numbering } from '../../domain/outbound/phone-number.ts';

/** Airtable leaves out fields that are empty or false. */
export const recordSchema = z.object({
  id: z.string(),
  fields: z.record(z.string(), z.unknown()).default({}),
});
export type AirtableRecord = z.infer<typeof recordSchema>;

/** Longest value of a further column that a template can name. */
const MAX_FIELD = 1000;

/** The text for a cell of another type: a collaborator's address, an attachment's URL, a linked name. */
const cellSchema = z.object({
  email: z.string().optional(),
  url: z.string().optional(),
  name: z.string().optional(),
});

function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.map(textOf).filter(Boolean).join(', ');
  const cell = cellSchema.safeParse(value).data;
  return cell?.email ?? cell?.url ?? cell?.name ?? '';
}

/** Columns that have a place of their own in a contact. */
const own = ['name', 'email', 'linkedin', 'notes', 'avatar', 'owner'] as const;
const known = new Set<string>([...own, 'sms', 'whatsapp', 'opt_out']);
/** A checkbox, or text in its place. */
const ticked = new Set(['true', 'yes', 'y', '1', 'x']);

const byColumn = (record: AirtableRecord): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(record.fields)
      .map(([name, value]) => [name.trim().toLowerCase(), textOf(value)] as const)
      .filter(([, text]) => text !== ''),
  );

/** A record as a contact. An invalid number is left out: it reaches no one. */
export function toContact(record: AirtableRecord, numbering: Numbering): Contact {
  const columns = byColumn(record);
  const phone = phoneAddress(columns.get('sms') ?? '', numbering)?.number;
  const formerId = columns.get('id')?.slice(0, 100);
  const whatsapp = phoneAddress(columns.get('whatsapp') ?? '', numbering)?.number;
  return {
    id: record.id,
    ...(formerId ? { formerId } : {}),
    name: '',
    ...Object.fromEntries(own.flatMap((c) => (columns.has(c) ? [[c, columns.get(c)]] : []))),
    ...(phone ? { phone } : {}),
    ...(whatsapp ? { whatsapp } : {}),
    optedOut: ticked.has((columns.get('opt_out') ?? '').toLowerCase()),
    fields: Object.fromEntries(
      [...columns]
        .filter(([name, text]) => !known.has(name) && text.length <= MAX_FIELD)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  };
}

/** A draft as Airtable's columns. */
export const fromDraft = ({ name, phone, whatsapp, email, owner }: ContactDraft) => ({
  name,
  ...(phone ? { sms: phone } : {}),
  ...(whatsapp ? { whatsapp } : {}),
  ...(email ? { email } : {}),
  ...(owner ? { owner } : {}),
});

/** A record of the templates table; undefined if it has no text yet. */
export function toTemplate(record: AirtableRecord): Template | undefined {
  const columns = byColumn(record);
  const text = columns.get('text');
  if (text === undefined) return undefined;
  return {
    category: columns.get('category') ?? 'Templates',
    text,
    whatsAppApproved: ticked.has((columns.get('whatsappapproved') ?? '').toLowerCase()),
  };
}
