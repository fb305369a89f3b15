import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { airtable } from '../../../adapters/airtable/client.ts';
import { airtableContacts } from '../../../adapters/airtable/contacts.ts';
import { formulaText } from '../../../adapters/airtable/formula.ts';
import { pace } from '../../../adapters/airtable/pace.ts';
import { airtableSettings } from '../../../adapters/airtable/settings.ts';
import { httpClient } from '../../../adapters/http/client.ts';
import { type Contact, contactSchema } from '../../../domain/agents/contacts/contact.ts';
import { SourceRefused } from '../../../domain/agents/contacts/ports.ts';
import { MINUTE } from '../../../domain/clock.ts';
import { readFormula } from '../../../local/simulators/agents/airtable-formula.ts';
import { simulatorSecret } from '../../../local/simulators/credentials.ts';
import { type Simulators, startSimulators } from '../../../local/simulators/start-simulators.ts';
import { fakeAgentRecords } from '../../fakes/agent-records.ts';
import { fakeClock } from '../../fakes/clock.ts';

/** One clock for us and for the simulated Airtable; waiting moves it. */
const clock = fakeClock();
let simulators: Simulators;
beforeAll(async () => {
  simulators = await startSimulators({ latencyMs: 0, clock });
});
beforeEach(() => {
  clock.advance(10 * MINUTE);
  simulators.setFault('airtable', {});
  simulators.airtable.forget?.();
  simulators.inspection('airtable').forget();
  simulators.setSecrets({ 'local-tenant': simulatorSecret(simulators.url) });
});
afterAll(() => simulators.close());

function aSource(options: { readonly patience?: number; readonly view?: string } = {}) {
  const records = fakeAgentRecords();
  const read = airtableSettings({
    ...simulatorSecret(simulators.url),
    ...(options.view ? { airtable_view: options.view } : {}),
  });
  if (!read?.ok) throw new Error('the secret of the simulators cannot be used');
  const make = () =>
    airtableContacts(
      airtable(
        httpClient({ clock: Date.now }),
        pace({
          records,
          clock,
          wait: async (ms) => clock.advance(ms),
          patience: options.patience ?? MINUTE,
        }),
      ),
      read.settings,
      { defaultCountry: 'US' },
    );
  return { ...make(), make, records };
}
const signal = new AbortController().signal;
const requests = () => [...simulators.inspection('airtable').entries()];
async function all(source: ReturnType<typeof aSource>, since?: number): Promise<Contact[]> {
  const found: Contact[] = [];
  for await (const page of source.pages(signal, since)) found.push(...page);
  return found;
}

describe('contacts in Airtable', () => {
  it('are read with their numbers in E.164 and their other columns as text', async () => {
    const [ana, ben, , dai] = await all(aSource());
    expect(ana).toEqual({
      id: expect.stringMatching(/^rec/),
      name: 'Ana Lima',
      phone: '+12025550110',
      whatsapp: '+12025550110',
      email: 'ana@example.com',
      linkedin: 'https://example.com/in/ana',
      notes: 'Prefers messages in the morning.',
      owner: 'maria',
      optedOut: false,
      fields: { city: 'Lisbon' },
    });
    expect(ben?.phone).toBe('+12025550111');
    expect(dai?.optedOut).toBe(true);
    expect(contactSchema.parse(ana)).toEqual(ana);
  });

  it('are read whatever a cell holds', async () => {
    simulators.airtable.seed('Customers', [
      {
        name: 'Odd',
        sms: 'call me',
        opt_out: 'true',
        owner: { id: 'usr1', email: 'kim@example.com', name: 'Kim' },
        tags: ['a', 'b'],
        score: 7,
        photo: [{ url: 'https://example.com/p.png' }],
        nothing: {},
      },
    ]);
    expect((await all(aSource())).at(-1)).toEqual({
      id: expect.stringMatching(/^rec/),
      name: 'Odd',
      owner: 'kim@example.com',
      optedOut: true,
      fields: { tags: 'a, b', score: '7', photo: 'https://example.com/p.png' },
    });
  });

  it('keep the number by which Twilio’s own connector knew them', async () => {
    simulators.airtable.seed('Customers', [{ id: 17, name: 'Old' }]);
    const old = (await all(aSource())).at(-1);
    expect(old).toMatchObject({ id: expect.stringMatching(/^rec/), formerId: '17' });
    expect(contactSchema.parse(old)).toEqual(old);
  });

  it('ten thousand of them are read at the rate that Airtable allows', async () => {
    const rows = Array.from({ length: 10_000 }, (_, n) => ({ name: `N${n}`, owner: 'maria' }));
    simulators.airtable.seed('Customers', rows);
    const began = clock();
    expect(await all(aSource())).toHaveLength(10_005);
    expect(requests().map(({ status }) => status)).toEqual(Array(101).fill(200));
    expect((clock() - began) / 1000).toBeLessThan(30);
  });

  it('only what changed is read when that is all that is wanted', async () => {
    const source = aSource({ view: 'Grid view' });
    clock.advance(MINUTE);
    const since = clock();
    clock.advance(MINUTE);
    simulators.airtable.seed('Customers', [{ name: 'Late' }]);
    expect((await all(source, since)).map(({ name }) => name)).toEqual(['Late']);
    expect(requests()[0]?.path).toContain('view=Grid+view');
  });

  it('are created, deleted and marked', async () => {
    const source = aSource();
    const draft = { name: "O'Neil {x} \\", phone: '+12025550144', owner: 'maria' };
    const created = await source.create(draft, signal);
    expect(created).toMatchObject(draft);
    const row = () => simulators.airtable.rows('Customers').find(({ id }) => id === created.id);
    expect(row()?.fields).toEqual({ name: draft.name, sms: '+12025550144', owner: 'maria' });
    expect(await source.showOptOut(created.id, true, signal)).toBe(true);
    expect(row()?.fields.opt_out).toBe(true);
    expect(await source.remove(created.id, signal)).toBe(true);
    expect(await source.remove(created.id, signal)).toBe(false);
    expect(await source.showOptOut(created.id, true, signal)).toBe(false);
    expect(await source.remove('../Templates', signal)).toBe(false);
  });

  it('are marked in a text column too, as the quick start has it', async () => {
    const [ana] = await all(aSource());
    simulators.setFault('airtable', { mode: 'status', status: 422, count: 1, on: 'reads' });
    await aSource().showOptOut(ana?.id ?? '', true, signal);
    expect(simulators.airtable.rows('Customers')[0]?.fields.opt_out).toBe('true');
  });

  it('have templates beside them', async () => {
    expect(await aSource().templates(signal)).toContainEqual({
      category: 'Greetings',
      text: 'Good morning {{name}}!',
      whatsAppApproved: true,
    });
  });
});

describe("Airtable's pace", () => {
  it('is one for all who ask', async () => {
    const records = fakeAgentRecords();
    const waits: number[] = [];
    const wait = async (ms: number) => void waits.push(ms);
    const paces = [1, 2, 3].map(() => pace({ records, clock, wait, patience: MINUTE }));
    await Promise.all(
      Array.from({ length: 12 }, (_, n) => paces[n % paces.length]?.turn('appOne', signal)),
    );
    await paces[0]?.turn('appTwo', signal);
    expect(waits.sort((a, b) => a - b)).toEqual(
      Array.from({ length: 11 }, (_, n) => 220 * (n + 1)),
    );
  });

  it('once exceeded, no request is sent until the penalty is over', async () => {
    const { make } = aSource({ patience: 2000 });
    simulators.setFault('airtable', { mode: 'status', status: 429, count: 1 });
    const create = () => make().create({ name: 'N' }, signal);
    await expect(create()).rejects.toMatchObject({ code: 'unavailable' });
    for (let n = 0; n < 5; n++) {
      await expect(create()).rejects.toMatchObject({ code: 'unavailable' });
    }
    expect(requests()).toHaveLength(1);
    clock.advance(30_000);
    expect(await create()).toMatchObject({ name: 'N' });
  });

  it('is waited for by whoever has the time', async () => {
    const source = aSource();
    simulators.setFault('airtable', { mode: 'status', status: 429, count: 1, on: 'reads' });
    expect(await all(source)).toHaveLength(5);
  });
});

describe('Airtable', () => {
  it.each([
    [401, 'AUTHENTICATION_REQUIRED'],
    [403, 'INVALID_PERMISSIONS'],
    [404, 'NOT_FOUND'],
  ])(
    'refusing with %i is said in its own constant, and without the token',
    async (status, code) => {
      simulators.setFault('airtable', { mode: 'status', status, code });
      const refused = await aSource()
        .create({ name: 'N' }, signal)
        .catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(SourceRefused);
      expect(String(refused)).toContain(`Airtable answered ${status} ${code}.`);
      expect(String(refused)).not.toContain('local-tenant-airtable-token');
    },
  );

  it.each([
    { mode: 'status', status: 500 },
    { mode: 'status', status: 503 },
    { mode: 'reset' },
  ] as const)('down (%j) is not available', async (fault) => {
    simulators.setFault('airtable', fault);
    await expect(aSource().create({ name: 'N' }, signal)).rejects.toMatchObject({
      code: 'unavailable',
    });
  });

  it('is not waited for longer than the caller has', async () => {
    simulators.setFault('airtable', { mode: 'hang' });
    const asking = new AbortController();
    const creating = aSource().create({ name: 'N' }, asking.signal);
    await expect.poll(() => requests().length).toBe(1);
    asking.abort();
    await expect(creating).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('a text in a formula', () => {
  const matches = (formula: string, value: string) =>
    readFormula(formula)?.({ id: 'rec1', createdTime: '', fields: { owner: value }, modified: 0 });

  it('is only ever that text', () => {
    const tricky = fc.string({
      unit: fc.constantFrom("'", '"', '\\', '{', '}', ')', '(', ',', '=', 'A', 'OR', ' '),
    });
    fc.assert(
      fc.property(fc.oneof(tricky, fc.string()), tricky, (value, other) => {
        const formula = `{owner} = ${formulaText(value)}`;
        const plain = [...value].map((c) => (c < ' ' || c === '\u007f' ? ' ' : c)).join('');
        expect(matches(formula, plain)).toBe(true);
        if (other !== plain) expect(matches(formula, other)).toBe(false);
      }),
    );
  });

  it('cannot end the formula and begin another', () => {
    const formula = `{owner} = ${formulaText("' , {owner} != '")}`;
    expect(matches(formula, 'maria')).toBe(false);
  });
});
