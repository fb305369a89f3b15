import { afterAll, beforeAll, expect, it } from 'vitest';
import { contacts } from '../../../adapters/aws/contacts.ts';
import { refreshContacts } from '../../../domain/agents/contacts/refresh.ts';
import { HOUR } from '../../../domain/clock.ts';
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

const COUNT = 10_000;
const numberOf = (n: number) => `+1202556${String(n).padStart(4, '0')}`;
const many = Array.from({ length: COUNT }, (_, n) =>
  aContact({
    id: `rec${n}`,
    name: `Name ${String(n).padStart(5, '0')}`,
    phone: numberOf(n),
    owner: n % 10 === 0 ? 'john' : 'maria',
    notes: 'x'.repeat(200),
  }),
);

it('copies ten thousand contacts, finds each by its number, and lists them to the end', async () => {
  const copy = contacts(tables.client, await tables.create('ContactsTable'), fakeObserve());
  const clock = fakeClock();
  const source = fakeContactSource();
  Object.assign(source, {
    pages: async function* () {
      for (let at = 0; at < COUNT; at += 100) yield many.slice(at, at + 100);
    },
  });
  const deps = { copy, optOuts: fakeOptOuts(), clock };
  const refresh = () => refreshContacts(deps, source, 'tenant-a', new AbortController().signal);

  expect(await refresh()).toEqual({ kind: 'full', count: COUNT });
  for (const n of [0, 4_711, COUNT - 1]) {
    expect(await copy.findByNumber('tenant-a', numberOf(n))).toEqual(many[n]);
  }
  let listed = 0;
  let after: string | undefined;
  for (;;) {
    const query = { owner: 'maria', limit: 100, ...(after ? { after } : {}) };
    const page = await copy.page('tenant-a', query);
    listed += page.contacts.length;
    after = page.contacts.at(-1)?.id;
    if (!page.more) break;
  }
  expect(listed).toBe(COUNT * 0.9);

  clock.advance(6 * HOUR);
  expect(await refresh()).toEqual({ kind: 'full', count: 0 });
});
