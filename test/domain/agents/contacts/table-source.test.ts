import { expect, it } from 'vitest';
import { tableSource } from '../../../../domain/agents/contacts/table-source.ts';
import { fakeClock } from '../../../fakes/clock.ts';
import { fakeContactCopy } from '../../../fakes/contact-copy.ts';

const signal = new AbortController().signal;

it('a tenant without Airtable keeps its contacts in the table itself', async () => {
  const copy = fakeContactCopy();
  const source = tableSource('tenant-a', { copy, clock: fakeClock(), newId: () => 'id-1' });
  expect(source.isCopy).toBe(true);
  const draft = { name: 'Dora', phone: '+12025550144', owner: 'maria' };
  const created = await source.create(draft, signal);
  expect(created).toEqual({ ...draft, id: 'id-1', optedOut: false, fields: {} });
  expect(await copy.findByNumber('tenant-a', '+12025550144')).toEqual(created);
  expect(await source.showOptOut('id-1', true, signal)).toBe(true);
  expect((await copy.get('tenant-a', 'id-1'))?.optedOut).toBe(true);
  const pages = [];
  for await (const page of source.pages(signal)) pages.push(...page);
  expect(pages.map(({ id }) => id)).toEqual(['id-1']);
  expect(await source.remove('id-1', signal)).toBe(true);
  expect(await source.remove('id-1', signal)).toBe(false);
  expect(await source.showOptOut('id-1', true, signal)).toBe(false);
  expect(await source.templates(signal)).toEqual([]);
});
