import * as z from 'zod';
import type { Contact } from '../../domain/agents/contacts/contact.ts';
import { SECOND } from '../../domain/clock.ts';
import { isContactId } from './contact-items.ts';
import type { Item } from './items.ts';

const aliasSchema = z.object({ contact_id: z.string() });
const aliasItem = (formerId: string): string => `former-id#${formerId}`;

/** Items of table `Contacts` that map a contact's id in an earlier connector to its current id. */
export function formerIds(table: {
  readonly get: (tenantId: string, itemId: string) => Promise<Item | undefined>;
  readonly putUnlessNewer: (next: Item, asOf: number) => Promise<boolean>;
}) {
  return {
    /** The contact of the id when it was last written. It may have another id now, or be deleted. */
    contactIdOf: async (tenantId: string, formerId: string): Promise<string | undefined> => {
      if (!isContactId(formerId)) return undefined;
      const alias = aliasSchema.safeParse(await table.get(tenantId, aliasItem(formerId)));
      return alias.data?.contact_id;
    },
    /** Undefined for a contact without a former id. `until`, ms since 1970, is when the item expires. */
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
