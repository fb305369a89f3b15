import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contacts } from '../../../adapters/aws/contacts.ts';
import type { Contact, Template } from '../../../domain/agents/contacts/contact.ts';
import { refreshContacts } from '../../../domain/agents/contacts/refresh.ts';
import { aContact } from '../../builders/contact.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { fakeContactSource } from '../../fakes/contact-source.ts';
import { fakeObserve } from '../../fakes/observe.ts';
import { fakeOptOuts } from '../../fakes/opt-outs.ts';
import { startTables } from '../../support/aws.ts';

let tables: Awaited<ReturnType<typeof startTables>>;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

const tenant = 'tenant-a';
const KB = 1024;

async function aCopy() {
  const observe = fakeObserve();
  const copy = contacts(tables.client, await tables.create('ContactsTable'), observe);
  const reasons = () => observe.counts.map(({ metric, dimensions }) => [metric, dimensions.reason]);
  const refresh = (rows: readonly Contact[], templates: readonly Template[] = []) => {
    const source = fakeContactSource();
    Object.assign(source, {
      pages: async function* () {
        yield rows;
      },
      templates: async () => templates,
    });
    const deps = { copy, optOuts: fakeOptOuts(), clock: fakeClock() };
    return refreshContacts(deps, source, tenant, new AbortController().signal);
  };
  return { copy, observe, reasons, refresh };
}
const aTemplate = (text: string): Template => ({ category: 'News', text, whatsAppApproved: false });

describe('contacts and templates that do not fit the table', () => {
  it('do not stop the copy of the others', async () => {
    const { copy, reasons, refresh } = await aCopy();
    const columns = Object.fromEntries(
      Array.from({ length: 500 }, (_, n) => [`column ${n}`, 'é'.repeat(KB)]),
    );
    const rows = [
      aContact({ id: 'recNotes', name: 'B', notes: 'é'.repeat(300 * KB), phone: '+12025550111' }),
      aContact({ id: 'recColumns', name: 'C', fields: columns, phone: '+12025550112' }),
      aContact({ id: 'recOwner', owner: 'é'.repeat(2 * KB), phone: '+12025550113' }),
      aContact({ id: `rec${'é'.repeat(KB)}` }),
      aContact({ id: 'recName', name: '日'.repeat(200 * KB), phone: '+12025550114' }),
      aContact({ id: 'recAna', name: 'A', phone: '+12025550110' }),
    ];

    expect(await refresh(rows)).toEqual({ kind: 'full', count: 5 });

    expect(await copy.get(tenant, 'recAna')).toEqual(rows.at(-1));
    const cut = await copy.findByNumber(tenant, '+12025550111');
    expect(cut).toEqual({ ...rows[0], notes: 'é'.repeat(8 * KB) });
    expect(await copy.findByNumber(tenant, '+12025550112')).toEqual({ ...rows[1], fields: {} });
    // Found by its number and still nobody else's, but in no list.
    expect(await copy.findByNumber(tenant, '+12025550113')).toEqual(rows[2]);
    const { contacts: listed } = await copy.page(tenant, { owner: 'maria', limit: 10 });
    expect(listed.map(({ id }) => id)).toEqual(['recAna', 'recNotes', 'recColumns', 'recName']);
    expect(reasons()).toEqual([
      ['contacts_unfit', 'too-large'],
      ['contacts_unfit', 'too-large'],
      ['contacts_unfit', 'owner-too-long'],
      ['contacts_unfit', 'id-too-long'],
      ['contacts_unfit', 'too-large'],
    ]);
  });

  it('says which tenant it is about, and nothing of the contact', async () => {
    const { copy, observe } = await aCopy();
    await copy.put(tenant, aContact({ owner: 'x'.repeat(3 * KB) }), 1);
    expect(observe.lines).toEqual([
      {
        level: 'warn',
        message: 'the copy of the contacts is not complete',
        fields: expect.objectContaining({ tenantId: tenant, code: 'owner-too-long' }),
      },
    ]);
    expect(JSON.stringify(observe.lines)).not.toContain('Ana');
  });

  it('keeps templates of any number and size in their order, without the one that fits no item', async () => {
    const { copy, reasons } = await aCopy();
    const large = Array.from({ length: 9 }, (_, n) => aTemplate(`${n}${'é'.repeat(90 * KB)}`));
    const small = Array.from({ length: 250 }, (_, n) => aTemplate(`small ${n}`));
    await copy.putTemplates(tenant, [...large, aTemplate('é'.repeat(250 * KB)), ...small]);
    expect(await copy.templates(tenant)).toEqual([...large, ...small]);
    expect(reasons()).toEqual([['contacts_unfit', 'template-too-large']]);

    await copy.putTemplates(tenant, small.slice(0, 3));
    expect(await copy.templates(tenant)).toEqual(small.slice(0, 3));
  });

  it('answers that there is nothing where a key could not be stored', async () => {
    const { copy } = await aCopy();
    await copy.put(tenant, aContact(), 1);
    const long = 'é'.repeat(2 * KB);
    expect(await copy.get(tenant, long)).toBeUndefined();
    expect(await copy.remove(tenant, long, 2)).toBe(false);
    const none = { contacts: [], more: false };
    expect(await copy.page(tenant, { owner: long, limit: 10 })).toEqual(none);
    expect(await copy.page(tenant, { owner: 'maria', limit: 10, after: long })).toEqual(none);
    expect(await copy.findByNumber(tenant, long)).toBeUndefined();
  });

  it('stores whatever a source may hold', async () => {
    const { copy } = await aCopy();
    const text = fc
      .tuple(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.nat({ max: 8 * KB }))
      .map(([unit, times]) => unit.repeat(times));
    const contact = fc
      .record({
        id: fc.string({ minLength: 1, maxLength: 600 }),
        name: text,
        notes: text,
        owner: text,
        avatar: text,
        fields: fc.dictionary(fc.string({ maxLength: 30 }), text, { maxKeys: 20 }),
      })
      .map((fields) => aContact(fields));
    await fc.assert(
      fc.asyncProperty(contact, async (any) => {
        await copy.put(tenant, any, 1);
      }),
      { numRuns: 30 },
    );
  });
});
