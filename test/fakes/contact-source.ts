import type { Contact, Template } from '../../domain/agents/contacts/contact.ts';
import { type ContactSource, SourceRefused } from '../../domain/agents/contacts/ports.ts';
import { outageOf } from './outage.ts';

/** A source of contacts in memory, in pages of two. */
export function fakeContactSource(initial: readonly Contact[] = []) {
  const contacts = new Map(initial.map((contact) => [contact.id, contact]));
  let templates: readonly Template[] | undefined = [];
  const asked: (number | undefined)[] = [];
  const outage = outageOf('airtable');
  const port: ContactSource = {
    isCopy: false,
    pages: async function* (_signal, since) {
      asked.push(since);
      const all = [...contacts.values()];
      for (let at = 0; at < all.length; at += 2) {
        outage.check();
        yield all.slice(at, at + 2);
      }
    },
    templates: async () => {
      outage.check();
      if (templates === undefined) throw new SourceRefused('Airtable answered 404.', 404);
      return templates;
    },
    create: async (draft) => {
      outage.check();
      const contact = { ...draft, id: `rec${contacts.size + 1}`, optedOut: false, fields: {} };
      contacts.set(contact.id, contact);
      return contact;
    },
    remove: async (id) => {
      outage.check();
      return contacts.delete(id);
    },
    showOptOut: async (id, optedOut) => {
      outage.check();
      const contact = contacts.get(id);
      if (contact === undefined) return false;
      contacts.set(id, { ...contact, optedOut });
      return true;
    },
  };
  return {
    ...port,
    outage,
    contacts,
    /** Since when each listing was asked for; undefined for everything. */
    asked,
    setTemplates: (next: readonly Template[] | undefined) => {
      templates = next;
    },
  };
}
