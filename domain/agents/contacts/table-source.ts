import type { Clock, NewId } from '../../clock.ts';
import type { ContactCopy, ContactSource } from './ports.ts';

/** The source of a tenant without Airtable: our own table, which then is the original. */
export function tableSource(
  tenantId: string,
  deps: { readonly copy: ContactCopy; readonly clock: Clock; readonly newId: NewId },
): ContactSource {
  const { copy, clock, newId } = deps;
  return {
    isCopy: true,
    pages: () => copy.all(tenantId),
    templates: () => copy.templates(tenantId),
    create: async (draft) => {
      const contact = { ...draft, id: newId(), optedOut: false, fields: {} };
      await copy.put(tenantId, contact, clock());
      return contact;
    },
    remove: async (id) => {
      if ((await copy.get(tenantId, id)) === undefined) return false;
      await copy.remove(tenantId, id, clock());
      return true;
    },
    showOptOut: async (id, optedOut) => {
      const contact = await copy.get(tenantId, id);
      return contact !== undefined && copy.put(tenantId, { ...contact, optedOut }, clock());
    },
  };
}
