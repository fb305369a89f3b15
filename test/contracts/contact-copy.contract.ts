import { describe, expect, it } from 'vitest';
import type { Contact } from '../../domain/agents/contacts/contact.ts';
import type { ContactCopy } from '../../domain/agents/contacts/ports.ts';
import { aContact } from '../builders/contact.ts';

const many = (count: number): Contact[] =>
  Array.from({ length: count }, (_, n) =>
    aContact({
      id: `rec${n}`,
      name: `Name ${String(n).padStart(3, '0')}`,
      phone: `+1202555${1000 + n}`,
    }),
  );

async function list(copy: ContactCopy, tenantId: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const page of copy.all(tenantId)) ids.push(...page.map(({ id }) => id));
  return ids.sort();
}

/** What every copy of contacts does. `make` gives an empty one. */
export function contactCopyContract(name: string, make: () => Promise<ContactCopy>) {
  describe(`${name}, as ContactCopy`, () => {
    it('keeps contacts apart by tenant', async () => {
      const copy = await make();
      const ana = aContact({
        whatsapp: '+12025550119',
        fields: { city: 'Lisbon' },
        optedOut: true,
      });
      expect(await copy.put('tenant-a', ana, 10)).toBe(true);
      expect(await copy.get('tenant-a', ana.id)).toEqual(ana);
      expect(await copy.get('tenant-b', ana.id)).toBeUndefined();
      expect(await copy.findByNumber('tenant-b', '+12025550110')).toBeUndefined();
    });

    it('finds a contact by either number, one with an owner first', async () => {
      const copy = await make();
      await copy.put('tenant-a', aContact({ id: 'rec1', owner: 'undefined' }), 10);
      await copy.put('tenant-a', aContact({ id: 'rec2', whatsapp: '+12025550119' }), 10);
      expect((await copy.findByNumber('tenant-a', '+12025550110'))?.id).toBe('rec2');
      expect((await copy.findByNumber('tenant-a', '+12025550119'))?.id).toBe('rec2');
      expect(await copy.findByNumber('tenant-a', '+12025550118')).toBeUndefined();
    });

    it('finds a contact by the id that it had in an earlier connector, until it is gone', async () => {
      const copy = await make();
      const ana = aContact({ formerId: '17' });
      await copy.put('tenant-a', ana, 10);
      expect(await copy.findByFormerId('tenant-a', '17')).toEqual(ana);
      expect(await copy.findByFormerId('tenant-a', ana.id)).toBeUndefined();
      expect(await copy.findByFormerId('tenant-b', '17')).toBeUndefined();
      expect(await copy.findByFormerId('tenant-a', '1'.repeat(5000))).toBeUndefined();
      expect(await list(copy, 'tenant-a')).toEqual([ana.id]);
      await copy.put('tenant-a', aContact({ formerId: '18' }), 20);
      expect(await copy.findByFormerId('tenant-a', '17')).toBeUndefined();
      await copy.remove('tenant-a', ana.id, 30);
      expect(await copy.findByFormerId('tenant-a', '18')).toBeUndefined();
      await copy.put('tenant-a', aContact({ formerId: '18' }), 40);
      expect(await copy.findByFormerId('tenant-a', '18')).toMatchObject({ id: ana.id });
    });

    it('finds a contact by either form of a number, and keeps it as it is written', async () => {
      const copy = await make();
      const one = aContact({ phone: '+5531987654321', whatsapp: '+5215512345678' });
      await copy.put('tenant-a', one, 10);
      expect(await copy.findByNumber('tenant-a', '+553187654321')).toEqual(one);
      expect(await copy.findByNumber('tenant-a', '+525512345678')).toEqual(one);
    });

    it('never lets an older write replace a newer one', async () => {
      const copy = await make();
      await copy.put('tenant-a', aContact({ name: 'New' }), 20);
      expect(await copy.put('tenant-a', aContact({ name: 'Old' }), 10)).toBe(false);
      expect(await copy.remove('tenant-a', 'recAna', 10)).toBe(false);
      expect((await copy.get('tenant-a', 'recAna'))?.name).toBe('New');
      expect(await copy.remove('tenant-a', 'recAna', 30)).toBe(true);
      expect(await copy.put('tenant-a', aContact({ name: 'Stale' }), 25)).toBe(false);
      expect(await copy.get('tenant-a', 'recAna')).toBeUndefined();
      expect(await list(copy, 'tenant-a')).toEqual([]);
    });

    it('lists the contacts of an owner by name, a page after another, each once', async () => {
      const copy = await make();
      for (const contact of many(25).reverse()) await copy.put('tenant-a', contact, 10);
      await copy.put('tenant-a', aContact({ id: 'recJohn', owner: 'john' }), 10);
      const seen: string[] = [];
      let after: string | undefined;
      let more = true;
      while (more) {
        const query = { owner: 'maria', limit: 10, ...(after ? { after } : {}) };
        const page = await copy.page('tenant-a', query);
        seen.push(...page.contacts.map(({ name: n }) => n));
        after = page.contacts.at(-1)?.id;
        more = page.more;
      }
      expect(seen).toEqual(many(25).map(({ name: n }) => n));
    });

    it('follows a page whose last contact was removed meanwhile, and nothing follows an unknown one', async () => {
      const copy = await make();
      for (const contact of many(4)) await copy.put('tenant-a', contact, 10);
      await copy.remove('tenant-a', 'rec1', 20);
      const next = await copy.page('tenant-a', { owner: 'maria', limit: 10, after: 'rec1' });
      expect(next.contacts.map(({ id }) => id)).toEqual(['rec2', 'rec3']);
      const none = await copy.page('tenant-a', { owner: 'maria', limit: 10, after: 'recNever' });
      expect(none).toEqual({ contacts: [], more: false });
    });

    it('searches names without regard to case', async () => {
      const copy = await make();
      for (const contact of many(12)) await copy.put('tenant-a', contact, 10);
      const page = await copy.page('tenant-a', { owner: 'maria', limit: 2, search: 'NAME 01' });
      expect(page.contacts.map(({ id }) => id)).toEqual(['rec10', 'rec11']);
      expect(page.more).toBe(false);
    });

    it('keeps templates in their order, however many', async () => {
      const copy = await make();
      const templates = Array.from({ length: 250 }, (_, n) => ({
        category: `c${n % 3}`,
        text: `Hello ${n}`,
        whatsAppApproved: n % 2 === 0,
      }));
      expect(await copy.templates('tenant-a')).toEqual([]);
      await copy.putTemplates('tenant-a', templates);
      expect(await copy.templates('tenant-a')).toEqual(templates);
      await copy.putTemplates('tenant-a', templates.slice(0, 3));
      expect(await copy.templates('tenant-a')).toEqual(templates.slice(0, 3));
    });

    it('lets one of several ask for a refresh, and knows who ever did', async () => {
      const copy = await make();
      const claims = await Promise.all(
        [1, 2, 3].map(() => copy.claimRefresh('tenant-a', 1_000, 400)),
      );
      expect(claims.filter(Boolean)).toHaveLength(1);
      expect(await copy.claimRefresh('tenant-a', 1_500, 900)).toBe(false);
      expect(await copy.claimRefresh('tenant-a', 2_000, 1_400)).toBe(true);
      expect(await copy.tenants()).toEqual(['tenant-a']);
      expect(await copy.state('tenant-a')).toEqual({ requestedAt: 2_000 });
    });

    it('notes refreshes, and never goes back', async () => {
      const copy = await make();
      await copy.refreshed('tenant-a', 1_000, true);
      await copy.refreshed('tenant-a', 2_000, false);
      await copy.refreshed('tenant-a', 1_500, true);
      expect(await copy.state('tenant-a')).toEqual({ refreshedAt: 2_000, fullAt: 1_000 });
    });
  });
}
