import { describe, expect, it } from 'vitest';
import { aContact } from '../../../builders/contact.ts';
import { aFrontline } from './frontline-setup.ts';

const ana = aContact({
  whatsapp: '+12025550119',
  email: 'ana@example.com',
  linkedin: 'https://example.com/in/ana',
  notes: 'Mornings.',
  avatar: 'https://example.com/ana.png',
});
const ben = aContact({ id: 'recBen', name: 'Ben', phone: '+12025550111' });
const bare = { id: 'recBare', name: '', owner: 'maria', optedOut: false, fields: {} };

const listing = (fields: Record<string, string> = {}) => ({
  Location: 'GetCustomersList',
  Worker: 'maria',
  PageSize: '30',
  ...fields,
});
const names = (body: unknown) => JSON.stringify(body).match(/(?<="display_name":")[^"]*/g) ?? [];

describe('GetCustomersList', () => {
  it("shows the worker's own customers, as documented, with the age of the copy", async () => {
    const { call } = await aFrontline([ana, ben, aContact({ id: 'recJ', owner: 'john' })]);
    expect(await call('crm', listing())).toEqual({
      status: 200,
      headers: { 'x-contacts-age': '90' },
      body: {
        objects: {
          customers: [
            {
              display_name: 'Ana Lima',
              customer_id: 'recAna',
              avatar: 'https://example.com/ana.png',
            },
            { display_name: 'Ben', customer_id: 'recBen' },
          ],
        },
      },
    });
  });

  it('reads PageSize as a number, and goes on after the anchor to an end', async () => {
    const contacts = Array.from({ length: 65 }, (_, n) =>
      aContact({ id: `rec${n}`, name: `N${String(n).padStart(2, '0')}` }),
    );
    const { call } = await aFrontline(contacts);
    const seen: string[] = [];
    let anchor = '';
    for (;;) {
      const { body } = await call('crm', listing({ Anchor: anchor }));
      const page = names(body);
      if (page.length === 0) break;
      expect(page.length).toBeLessThanOrEqual(30);
      seen.push(...page);
      anchor = `rec${seen.length - 1}`;
    }
    expect(seen).toEqual(contacts.map(({ name }) => name));
  });

  it('pages through exactly the worker’s own customers where there is no pool, and opens each', async () => {
    const owners = ['maria', 'john', '', 'undefined', 'maria '];
    const contacts = Array.from({ length: 40 }, (_, n) =>
      aContact({
        id: `rec${n}`,
        name: `N${String(n).padStart(2, '0')}`,
        owner: owners[n % 5] ?? '',
      }),
    );
    const { call } = await aFrontline(contacts, { frontline_pool: [] });
    const seen: string[] = [];
    for (let page = ['']; page.length > 0; seen.push(...page)) {
      const { body } = await call('crm', listing({ PageSize: '3', Anchor: seen.at(-1) ?? '' }));
      page = JSON.stringify(body).match(/(?<="customer_id":")[^"]*/g) ?? [];
    }
    const own = contacts.filter(({ owner }) => owner?.trim() === 'maria').map(({ id }) => id);
    expect(seen).toEqual(own);
    for (const CustomerId of seen) {
      const Location = 'GetCustomerDetailsByCustomerId';
      expect(await call('crm', { Location, Worker: 'maria', CustomerId })).toMatchObject({
        status: 200,
      });
    }
  });

  it('shows nothing after an anchor that never was, so that no app pages for ever', async () => {
    const { call } = await aFrontline([ana, ben]);
    const { body } = await call('crm', listing({ Anchor: 'recNever' }));
    expect(body).toEqual({ objects: { customers: [] } });
  });

  it.each(['0', '-1', 'ten', '1.5'])('refuses a page size of %s', async (PageSize) => {
    const { call } = await aFrontline([ana]);
    expect(await call('crm', listing({ PageSize }))).toMatchObject({ status: 400 });
  });

  it('searches and pages by token once the tenant enables it', async () => {
    const { call } = await aFrontline([ana, ben], { frontline_search: true });
    const first = await call('crm', listing({ PageSize: '1' }));
    expect(first.body).toMatchObject({ objects: { searchable: true, next_page_token: 'recAna' } });
    const next = await call('crm', listing({ NextPageToken: 'recAna' }));
    expect(names(next.body)).toEqual(['Ben']);
    expect(names((await call('crm', listing({ Query: 'LIMA' }))).body)).toEqual(['Ana Lima']);
  });

  it('cannot be made to show others by anything in the name of the worker', async () => {
    const { call } = await aFrontline([ana]);
    for (const Worker of ["' , {owner} != '", 'maria#', "x') , TRUE(), ('", 'undefined']) {
      const { body } = await call('crm', listing({ Worker }));
      expect(body).toEqual({ objects: { customers: [] } });
    }
  });

  it('fills a copy that was never filled before it answers', async () => {
    const { call } = await aFrontline([ana, ben], {}, { copied: false });
    const { body, headers } = await call('crm', listing());
    expect(names(body)).toEqual(['Ana Lima', 'Ben']);
    expect(headers).toEqual({ 'x-contacts-age': '0' });
  });

  it('shows what there is if Airtable is down the first time, and is filled later', async () => {
    const { call, source, jobs } = await aFrontline([ana], {}, { copied: false });
    source.outage.begin();
    expect(await call('crm', listing())).toMatchObject({
      status: 200,
      headers: { 'x-contacts-age': 'unknown' },
      body: { objects: { customers: [] } },
    });
    expect(jobs).toMatchObject([{ kind: 'refresh', tenantId: 'tenant-a' }]);
  });

  it('answers from the copy while Airtable is down', async () => {
    const { call, source } = await aFrontline([ana]);
    source.outage.begin();
    expect(await call('crm', listing())).toMatchObject({
      status: 200,
      headers: { 'x-contacts-age': '90' },
    });
  });
});

describe('GetCustomerDetailsByCustomerId', () => {
  const details = (CustomerId: string) => ({
    Location: 'GetCustomerDetailsByCustomerId',
    Worker: 'maria',
    CustomerId,
  });

  it('opens a customer by the id of an earlier connector, for their worker only', async () => {
    const { call } = await aFrontline([
      { ...ana, formerId: '17' },
      aContact({ id: 'recJ', owner: 'john', formerId: '18' }),
    ]);
    expect(await call('crm', details('17'))).toMatchObject({
      status: 200,
      body: { objects: { customer: { customer_id: 'recAna' } } },
    });
    expect(await call('crm', details('18'))).toMatchObject({ status: 404 });
    expect(await call('crm', details('19'))).toMatchObject({ status: 404 });
    for (const worker of [{}, { Worker: 'maria' }]) {
      const asked = { Location: 'GetTemplatesByCustomerId', CustomerId: '17', ...worker };
      expect(await call('templates', asked)).toMatchObject({ status: 200 });
    }
  });

  it('shows every field, WhatsApp with its prefix', async () => {
    const { call } = await aFrontline([ana]);
    expect((await call('crm', details('recAna'))).body).toEqual({
      objects: {
        customer: {
          customer_id: 'recAna',
          display_name: 'Ana Lima',
          avatar: 'https://example.com/ana.png',
          channels: [
            { type: 'sms', value: '+12025550110' },
            { type: 'whatsapp', value: 'whatsapp:+12025550119' },
            { type: 'email', value: 'ana@example.com' },
          ],
          links: [
            { type: 'LinkedIn', value: 'https://example.com/in/ana', display_name: 'LinkedIn' },
            { type: 'Email', value: 'mailto:ana@example.com', display_name: 'Email' },
          ],
          details: { title: 'Notes', content: 'Mornings.' },
        },
      },
    });
  });

  it('leaves out missing fields', async () => {
    const { call } = await aFrontline([bare]);
    const { status, body } = await call('crm', details('recBare'));
    expect(status).toBe(200);
    expect(body).toEqual({
      objects: {
        customer: { customer_id: 'recBare', display_name: 'recBare', channels: [], links: [] },
      },
    });
    expect(JSON.stringify(body)).not.toContain('undefined');
  });

  it('shows agents only their own customers, and those of their pool', async () => {
    const theirs = aContact({ id: 'recJ', owner: 'john' });
    const { owner: _, ...shared } = aContact({ id: 'recShared' });
    const { call, observe } = await aFrontline([theirs, shared]);
    const as = (Worker: string, id: string) => call('crm', { ...details(id), Worker });
    expect(await as('maria', 'recJ')).toEqual(await as('maria', 'recNever'));
    expect(observe.lines).toMatchObject([
      { level: 'warn', fields: { caller: 'maria', tenantId: 'tenant-a' } },
    ]);
    expect(await as('john', 'recJ')).toMatchObject({ status: 200 });
    expect(await as('kim', 'recShared')).toMatchObject({ status: 200 });
    expect(await as('maria', 'recShared')).toMatchObject({ status: 404 });
    expect(await call('crm', { ...details('recJ'), Worker: '' })).toMatchObject({ status: 400 });
  });

  it('shows first on the card that a customer has opted out, on any number', async () => {
    const { call, optOuts, clock } = await aFrontline([ana]);
    await optOuts.optOut('tenant-a', '+12025550119', 'conversation', clock());
    expect((await call('crm', details('recAna'))).body).toMatchObject({
      objects: {
        customer: {
          details: {
            title: 'Opted out',
            content: expect.stringMatching(/^Has opted out of messages.*\n\nMornings\.$/s),
          },
        },
      },
    });
  });

  it('answers 404 for an unknown customer, and requests a refresh', async () => {
    const { call, jobs } = await aFrontline([ana]);
    expect(await call('crm', details('recNever'))).toMatchObject({ status: 404 });
    expect(await call('crm', details('recNever'))).toMatchObject({ status: 404 });
    expect(jobs).toHaveLength(1);
    expect(jobs[0]).toMatchObject({ kind: 'refresh', tenantId: 'tenant-a' });
  });
});

describe('CreateCustomer', () => {
  const creation = (fields: Record<string, string> = {}) => ({
    Location: 'CreateCustomer',
    Worker: 'maria',
    DisplayName: 'Dora',
    Channels: JSON.stringify([
      { type: 'sms', value: '(202) 555-0144' },
      { type: 'whatsapp', value: 'whatsapp:+12025550145' },
    ]),
    ...fields,
  });

  it('creates in the source first, then in the copy', async () => {
    const { call, source, copy } = await aFrontline();
    const { status, body } = await call('crm', creation());
    expect(status).toBe(200);
    expect(body).toMatchObject({
      objects: {
        customer: {
          display_name: 'Dora',
          channels: [
            { type: 'sms', value: '+12025550144' },
            { type: 'whatsapp', value: 'whatsapp:+12025550145' },
          ],
        },
      },
    });
    const [created] = [...source.contacts.values()];
    expect(await copy.get('tenant-a', created?.id ?? '')).toEqual(created);
  });

  it('names all that is missing in one friendly sentence each', async () => {
    const { call } = await aFrontline();
    expect(await call('crm', { Location: 'CreateCustomer' })).toEqual({
      status: 400,
      body: {
        friendly_error_message:
          'A name is missing. The worker is missing. A channel is missing: a phone number, a WhatsApp number or an e-mail address.',
      },
    });
  });

  it.each([
    ['[{"type":"sms","value":"123"}]', 'The phone number is not valid'],
    ['[{"type":"whatsapp","value":"nobody"}]', 'The WhatsApp number is not valid'],
    ['[{"type":"email","value":"@"}]', 'The e-mail address is not valid'],
    ['[{"type":"pigeon","value":"x"}]', 'A channel is sms, whatsapp or email'],
    ['not json', 'A channel is missing'],
  ])('refuses the channels %s', async (Channels, words) => {
    const { call } = await aFrontline();
    const { status, body } = await call('crm', creation({ Channels }));
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain(words);
  });

  it('has no name that fails on purpose', async () => {
    const { call } = await aFrontline();
    expect((await call('crm', creation({ DisplayName: 'failme' }))).status).toBe(200);
  });

  it('does not make a second of a customer when a call is repeated', async () => {
    const { call, source } = await aFrontline();
    const first = await call('crm', creation());
    expect(await call('crm', creation())).toEqual(first);
    expect(source.contacts.size).toBe(1);
  });

  it('answers 503 while Airtable is down, and nothing is created', async () => {
    const { call, source, copy } = await aFrontline();
    source.outage.begin();
    expect(await call('crm', creation())).toMatchObject({ status: 503 });
    expect(await copy.findByNumber('tenant-a', '+12025550144')).toBeUndefined();
  });

  it('reports a customer as created once Airtable has it, even if the copy cannot be written', async () => {
    const { call, source, copy, jobs } = await aFrontline();
    const { create } = source;
    Object.assign(source, {
      create: async (...given: Parameters<typeof create>) => {
        copy.outage.begin(1);
        return create(...given);
      },
    });
    expect((await call('crm', creation())).status).toBe(200);
    expect(source.contacts.size).toBe(1);
    expect(jobs).toMatchObject([{ kind: 'refresh' }]);
  });
});

describe('DeleteCustomer', () => {
  const deletion = (CustomerId = 'recAna') => ({
    Location: 'DeleteCustomer',
    Worker: 'maria',
    CustomerId,
  });

  const allowed = { frontline_delete_customers: true };

  it('is refused unless the tenant allows it, and logged with who tried', async () => {
    const { call, source, observe } = await aFrontline([ana]);
    expect(await call('crm', deletion())).toMatchObject({ status: 403 });
    expect(source.contacts.size).toBe(1);
    expect(observe.lines).toMatchObject([{ fields: { caller: 'maria', tenantId: 'tenant-a' } }]);
  });

  it('of another agent’s customer is refused like that of an unknown one, and logged', async () => {
    const { call, source, observe } = await aFrontline([ana], allowed);
    const refused = await call('crm', { ...deletion(), Worker: 'john' });
    expect(refused).toEqual(await call('crm', { ...deletion('recNever'), Worker: 'john' }));
    expect(refused).toMatchObject({ status: 404 });
    expect(source.contacts.size).toBe(1);
    expect(observe.lines).toMatchObject([
      { level: 'warn', fields: { caller: 'john', code: 'DeleteCustomer' } },
    ]);
  });

  it('removes the customer from source and copy, and logs who did it', async () => {
    const { call, source, copy, observe } = await aFrontline([ana], allowed);
    expect(await call('crm', deletion())).toEqual({ status: 200, body: {} });
    expect(observe.lines.at(-1)).toMatchObject({ fields: { caller: 'maria' } });
    expect(source.contacts.size).toBe(0);
    expect(await copy.get('tenant-a', 'recAna')).toBeUndefined();
  });

  it('answers 404 for an unknown customer', async () => {
    const { call } = await aFrontline([], allowed);
    expect(await call('crm', deletion())).toMatchObject({ status: 404 });
  });
});

it('answers 422 to a location that it does not know', async () => {
  const { call } = await aFrontline();
  for (const Location of ['', 'GetEverything', 'constructor', 'toString']) {
    expect(await call('crm', { Location })).toMatchObject({ status: 422 });
  }
});
