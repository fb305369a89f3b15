import * as z from 'zod';
import type { Contact } from '../../domain/agents/contacts/contact.ts';
import { SECOND } from '../../domain/clock.ts';
import { isContactId } from './contact-items.ts';
import type { Item } from './items.ts';

const aliasSchema = z.object({ contact_id: z.string() });
const aliasItem = (formerId: string): string => `former-id#${formerId}`;

/** Items of table `Contacts` that lead from the id a contact had in an earlier connector to the contact's own. */
export function formerIds(table: {
  readonly get: (tenantId: string, itemId: string) => Promise<Item | undefined>;
  readonly putUnlessNewer: (next: Item, asOf: number) => Promise<boolean>;
}) {
  return {
    /** The contact to which the id led when it was last written: it may have another one now, or be gone. */
    contactIdOf: async (tenantId: string, formerId: string): Promise<string | undefined> => {
      if (!isContactId(formerId)) return undefined;
      const alias = aliasSchema.safeParse(await table.get(tenantId, aliasItem(formerId)));
      return alias.data?.contact_id;
    },
    /** Nothing for a contact without a former id. With `until`, ms since 1970, the item ends then. */
    put: async (
      tenantId: string,
      { id, formerId }: Contact,
      asOf: number,
      until?: number,
    ): Promise<void> => {
      if (formerId === undefined) return;
      const alias = { tenant_id: tenantId, item_id: aliasItem(formerId), contact_id: id };
      const end = until === undefined ? {} : { expire_ts: Math.ceil(until / SECOND) };
      await table.putUnlessNewer({ ...alias, written_at: asOf, ...end }, asOf);
    },
  };
}
