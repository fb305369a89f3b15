import {
  type Contact,
  displayName,
  listKey,
  ownerOf,
  type Template,
} from '../../domain/agents/contacts/contact.ts';
import { addressKey } from '../../domain/outbound/address-key.ts';
import {
  cutText,
  itemBytes,
  MAX_ITEM_BYTES,
  MAX_PARTITION_KEY_BYTES,
  textBytes,
  valueBytes,
} from './item-bytes.ts';
import type { Item } from './items.ts';

/** The longest id: in `list_key`, a sort key of 1,024 bytes, up to 200 characters of the name precede it. */
const MAX_ID_BYTES = 400;
/** How much of each text is kept of a contact that does not fit into an item. */
const LONGEST_TEXT_BYTES = 16 * 1024;
/** Templates in one item, unless their size allows fewer. */
const TEMPLATES_PER_ITEM = 100;

export const contactItem = (id: string): string => `contact#${id}`;
const templatesItem = (at: number): string => `templates#${String(at).padStart(4, '0')}`;

/** The sort key of `by_owner`. */
export const ownerKey = (tenantId: string, owner: string): string => `${tenantId}#${owner}`;

/** The key of `by_phone` and `by_whatsapp`. */
export const numberKey = (tenantId: string, number: string): string =>
  `${tenantId}#${addressKey(number)}`;

/** Whether the table can hold a contact with this id. */
export const isContactId = (id: string): boolean => textBytes(id) <= MAX_ID_BYTES;

/** Whether an index can hold this key; a contact whose key is longer has no entry there. */
export const isIndexKey = (key: string): boolean => textBytes(key) <= MAX_PARTITION_KEY_BYTES;

/** The attributes by which the indexes find a contact; an absent one keeps it out of that index. */
function toItem(tenantId: string, contact: Contact, asOf: number): Item {
  const owner = ownerOf(contact);
  const keys = {
    ...(owner ? { owner_key: ownerKey(tenantId, owner) } : {}),
    ...(contact.phone ? { phone_key: numberKey(tenantId, contact.phone) } : {}),
    ...(contact.whatsapp ? { whatsapp_key: numberKey(tenantId, contact.whatsapp) } : {}),
  };
  return {
    tenant_id: tenantId,
    item_id: contactItem(contact.id),
    contact,
    written_at: asOf,
    name_key: displayName(contact).toLowerCase(),
    list_key: listKey(contact),
    ...Object.fromEntries(Object.entries(keys).filter(([, key]) => isIndexKey(key))),
  };
}

/** The parts of a contact that the table cannot hold. */
export type Misfit = 'too-large' | 'owner-too-long' | 'id-too-long';

/**
 * A contact's item, made to fit the table. A contact that is too large loses the end of its long texts, and
 * its further columns if that is not enough. One with a too long owner is not listed for the owner, and one
 * with a too long id has no item.
 */
export function fitContact(
  tenantId: string,
  contact: Contact,
  asOf: number,
): { readonly item?: Item; readonly misfits: readonly Misfit[] } {
  if (!isContactId(contact.id)) return { misfits: ['id-too-long'] };
  const owner = ownerOf(contact);
  const misfits: Misfit[] =
    owner === undefined || isIndexKey(ownerKey(tenantId, owner)) ? [] : ['owner-too-long'];
  const item = toItem(tenantId, contact, asOf);
  if (itemBytes(item) <= MAX_ITEM_BYTES) return { item, misfits };

  misfits.push('too-large');
  const short = withShortTexts(contact);
  const cut = toItem(tenantId, short, asOf);
  if (itemBytes(cut) <= MAX_ITEM_BYTES) return { item: cut, misfits };
  return { item: toItem(tenantId, { ...short, fields: {} }, asOf), misfits };
}

/** A cut owner matches no worker: the index could not hold the full one either. */
const texts = ['name', 'email', 'linkedin', 'notes', 'avatar', 'owner'] as const;

function withShortTexts(contact: Contact): Contact {
  const short = { ...contact };
  for (const name of texts) {
    const text = contact[name];
    if (text !== undefined) short[name] = cutText(text, LONGEST_TEXT_BYTES);
  }
  return short;
}

const chunkItem = (tenantId: string, at: number, templates: readonly Template[]): Item => ({
  tenant_id: tenantId,
  item_id: templatesItem(at),
  templates,
});

/** Whether a template fits into an item of its own. */
export const isTemplateFit = (tenantId: string, template: Template): boolean =>
  itemBytes(chunkItem(tenantId, 0, [template])) <= MAX_ITEM_BYTES;

/** Items with the templates in order, at least `least` items; the rest are empty. */
export function templateItems(
  tenantId: string,
  templates: readonly Template[],
  least: number,
): readonly Item[] {
  const empty = itemBytes(chunkItem(tenantId, 0, []));
  const chunks: Template[][] = [];
  let room = 0;
  for (const template of templates) {
    // An element of a list takes a byte more than its value.
    const size = valueBytes(template) + 1;
    const last = chunks.at(-1);
    if (last !== undefined && last.length < TEMPLATES_PER_ITEM && size <= room) {
      last.push(template);
      room -= size;
    } else {
      chunks.push([template]);
      room = MAX_ITEM_BYTES - empty - size;
    }
  }
  const count = Math.max(chunks.length, least);
  return Array.from({ length: count }, (_, at) => chunkItem(tenantId, at, chunks[at] ?? []));
}
