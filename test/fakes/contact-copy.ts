import {
  type Contact,
  displayName,
  listKey,
  ownerOf,
  type Template,
} from '../../domain/agents/contacts/contact.ts';
import type { ContactCopy, CopyState } from '../../domain/agents/contacts/ports.ts';
import { addressKey } from '../../domain/outbound/address-key.ts';
import { outageOf } from './outage.ts';

type Row = { readonly contact?: Contact; readonly place?: string; readonly writtenAt: number };

/** The copy of contacts in memory. */
export function fakeContactCopy() {
  const rows = new Map<string, Map<string, Row>>();
  const kept = new Map<string, readonly Template[]>();
  const states = new Map<string, CopyState>();
  const outage = outageOf('contacts');
  const of = (tenantId: string): Map<string, Row> => {
    const found = rows.get(tenantId) ?? new Map<string, Row>();
    rows.set(tenantId, found);
    return found;
  };
  const contactsOf = (tenantId: string): Contact[] =>
    [...of(tenantId).values()].flatMap(({ contact }) => contact ?? []);
  const write = (tenantId: string, id: string, row: Row): boolean => {
    const before = of(tenantId).get(id);
    if (before !== undefined && before.writtenAt > row.writtenAt) return false;
    of(tenantId).set(id, structuredClone(row));
    return true;
  };

  const port: ContactCopy = {
    get: async (tenantId, id) => {
      outage.check();
      return of(tenantId).get(id)?.contact;
    },
    findByFormerId: async (tenantId, formerId) => {
      outage.check();
      return contactsOf(tenantId).find((contact) => contact.formerId === formerId);
    },
    findByNumber: async (tenantId, number) => {
      outage.check();
      return contactsOf(tenantId)
        .filter(({ phone = '', whatsapp = '' }) =>
          [phone, whatsapp].map(addressKey).includes(addressKey(number)),
        )
        .sort((a, b) => Number(!ownerOf(a)) - Number(!ownerOf(b)) || (a.id < b.id ? -1 : 1))[0];
    },
    page: async (tenantId, { owner, after, limit, search }) => {
      outage.check();
      const place = after === undefined ? '' : of(tenantId).get(after)?.place;
      if (place === undefined) return { contacts: [], more: false };
      const found = contactsOf(tenantId)
        .filter((contact) => ownerOf(contact) === owner && listKey(contact) > place)
        .filter((c) =>
          displayName(c)
            .toLowerCase()
            .includes(search?.toLowerCase() ?? ''),
        )
        .sort((a, b) => (listKey(a) < listKey(b) ? -1 : 1));
      return { contacts: found.slice(0, limit), more: found.length > limit };
    },
    all: async function* (tenantId) {
      outage.check();
      yield contactsOf(tenantId);
    },
    put: async (tenantId, contact, asOf) => {
      outage.check();
      return write(tenantId, contact.id, { contact, place: listKey(contact), writtenAt: asOf });
    },
    remove: async (tenantId, id, asOf) => {
      outage.check();
      const place = of(tenantId).get(id)?.place;
      return write(tenantId, id, { ...(place ? { place } : {}), writtenAt: asOf });
    },
    templates: async (tenantId) => {
      outage.check();
      return kept.get(tenantId) ?? [];
    },
    putTemplates: async (tenantId, templates) => {
      outage.check();
      kept.set(tenantId, templates);
    },
    state: async (tenantId) => {
      outage.check();
      return states.get(tenantId) ?? {};
    },
    claimRefresh: async (tenantId, now, notSince) => {
      outage.check();
      const state = states.get(tenantId) ?? {};
      if (state.requestedAt !== undefined && state.requestedAt > notSince) return false;
      states.set(tenantId, { ...state, requestedAt: now });
      return true;
    },
    refreshed: async (tenantId, startedAt, full) => {
      outage.check();
      const state = states.get(tenantId) ?? {};
      if (state.refreshedAt !== undefined && state.refreshedAt >= startedAt) return;
      states.set(tenantId, {
        ...state,
        refreshedAt: startedAt,
        ...(full ? { fullAt: startedAt } : {}),
      });
    },
    tenants: async () => {
      outage.check();
      return [...states.keys()].sort();
    },
  };
  return { ...port, outage };
}
