import { describe, expect, it } from 'vitest';
import {
  contactJobSchema,
  doContactJob,
  refreshAll,
} from '../../../../domain/agents/contacts/job.ts';
import { type ContactJob, SourceRefused } from '../../../../domain/agents/contacts/ports.ts';
import { refreshContacts } from '../../../../domain/agents/contacts/refresh.ts';
import { HOUR, MINUTE } from '../../../../domain/clock.ts';
import { aContact } from '../../../builders/contact.ts';
import { fakeClock } from '../../../fakes/clock.ts';
import { fakeContactCopy } from '../../../fakes/contact-copy.ts';
import { fakeContactSource } from '../../../fakes/contact-source.ts';
import { fakeObserve } from '../../../fakes/observe.ts';
import { fakeOptOuts } from '../../../fakes/opt-outs.ts';
import { aTenantSecret, fakeTenantSecrets } from '../../../fakes/tenant-secrets.ts';

const ana = aContact();
const ben = aContact({ id: 'recBen', name: 'Ben', phone: '+12025550111' });
const signal = new AbortController().signal;

function aRefresh(...contacts: Parameters<typeof fakeContactSource>) {
  const clock = fakeClock();
  const copy = fakeContactCopy();
  const optOuts = fakeOptOuts();
  const source = fakeContactSource(...contacts);
  const refresh = () => refreshContacts({ copy, optOuts, clock }, source, 'tenant-a', signal);
  return { clock, copy, optOuts, source, refresh };
}

describe('a refresh', () => {
  it('copies everything the first time, and changes after that', async () => {
    const { clock, copy, source, refresh } = aRefresh([ana, ben]);
    const began = clock();
    expect(await refresh()).toEqual({ kind: 'full', count: 2 });
    clock.advance(10 * MINUTE);
    source.contacts.set('recAna', { ...ana, owner: 'john' });
    expect(await refresh()).toEqual({ kind: 'changes', count: 1 });
    expect((await copy.get('tenant-a', 'recAna'))?.owner).toBe('john');
    // A little before the last time, because the two clocks may differ.
    expect(source.asked).toEqual([undefined, began - 2 * MINUTE]);
  });

  it('reads everything again after some hours, and finds what was deleted', async () => {
    const { clock, copy, source, refresh } = aRefresh([ana, ben]);
    await refresh();
    source.contacts.delete('recBen');
    clock.advance(6 * HOUR);
    expect(await refresh()).toEqual({ kind: 'full', count: 1 });
    expect(await copy.get('tenant-a', 'recBen')).toBeUndefined();
    expect(await copy.get('tenant-a', 'recAna')).toEqual(ana);
  });

  it('writes nothing where nothing changed', async () => {
    const { clock, source, refresh } = aRefresh([{ ...ana, fields: { a: '1', b: '2' } }]);
    await refresh();
    clock.advance(6 * HOUR);
    source.contacts.set('recAna', { ...ana, fields: { b: '2', a: '1' } });
    expect(await refresh()).toEqual({ kind: 'full', count: 0 });
  });

  it("does not undo an agent's work done while it was reading", async () => {
    const { clock, copy, source, refresh } = aRefresh([ana, ben]);
    await refresh();
    clock.advance(6 * HOUR);
    const { pages } = source;
    Object.assign(source, {
      pages: async function* (...given: Parameters<typeof pages>) {
        for await (const page of pages(...given)) {
          // Between Airtable's answer and our writing it down, one is made and another deleted.
          clock.advance(1000);
          await copy.put('tenant-a', aContact({ id: 'recNew' }), clock());
          await copy.remove('tenant-a', 'recBen', clock());
          yield page.map((contact) => ({ ...contact, name: `${contact.name}!` }));
        }
      },
    });
    await refresh();
    expect(await copy.get('tenant-a', 'recNew')).toBeDefined();
    expect(await copy.get('tenant-a', 'recBen')).toBeUndefined();
    expect((await copy.get('tenant-a', 'recAna'))?.name).toBe('Ana Lima!');
  });

  it('keeps what it has copied when it fails, and removes no one', async () => {
    const { copy, source, refresh, clock } = aRefresh([ana, ben, aContact({ id: 'recC' })]);
    await refresh();
    clock.advance(6 * HOUR);
    const { pages } = source;
    Object.assign(source, {
      pages: async function* (...given: Parameters<typeof pages>) {
        for await (const page of pages(...given)) {
          yield page;
          source.outage.begin();
        }
      },
    });
    const before = await copy.state('tenant-a');
    await expect(refresh()).rejects.toMatchObject({ code: 'unavailable' });
    expect(await copy.get('tenant-a', 'recC')).toBeDefined();
    expect(await copy.state('tenant-a')).toEqual(before);
  });

  it('opts out contacts that are ticked in the source, on every number, and opts no one in', async () => {
    const { clock, optOuts, source, refresh } = aRefresh([
      { ...ana, whatsapp: '+12025550119', optedOut: true },
    ]);
    await refresh();
    expect(await optOuts.isOptedOut('tenant-a', '+12025550110')).toBe(true);
    expect(await optOuts.isOptedOut('tenant-a', '+12025550119')).toBe(true);
    clock.advance(10 * MINUTE);
    source.contacts.set('recAna', ana);
    await refresh();
    expect(await optOuts.isOptedOut('tenant-a', '+12025550110')).toBe(true);
  });

  it('that began before an operator lifted an opt-out does not opt out again by what it still reads', async () => {
    const { clock, optOuts, source, refresh } = aRefresh([{ ...ana, optedOut: true }]);
    const { pages } = source;
    Object.assign(source, {
      pages: async function* (...given: Parameters<typeof pages>) {
        for await (const page of pages(...given)) {
          clock.advance(MINUTE);
          await optOuts.optIn('tenant-a', '+12025550110', 'operator:on-call', clock());
          clock.advance(MINUTE);
          yield page;
        }
      },
    });
    await refresh();

    expect(await optOuts.isOptedOut('tenant-a', '+12025550110')).toBe(false);
  });

  it('opts out again when it died between the record and the copy', async () => {
    const { copy, optOuts, refresh } = aRefresh([{ ...ana, optedOut: true }]);
    const { put } = copy;
    Object.assign(copy, {
      put: async () => {
        throw new Error('the function died');
      },
    });
    await expect(refresh()).rejects.toThrow('died');
    Object.assign(copy, { put });
    await refresh();
    expect(await optOuts.isOptedOut('tenant-a', '+12025550110')).toBe(true);
  });

  it('does without templates where the source has no table for them', async () => {
    const { copy, source, refresh } = aRefresh([ana]);
    source.setTemplates(undefined);
    expect(await refresh()).toMatchObject({ withoutTemplates: 'Airtable answered 404.' });
    expect((await copy.state('tenant-a')).refreshedAt).toBeDefined();
  });
});

describe('work on contacts', () => {
  const aJob = (...contacts: Parameters<typeof fakeContactSource>) => {
    const world = aRefresh(...contacts);
    const observe = fakeObserve();
    const secrets = fakeTenantSecrets();
    const deps = { ...world, observe, secrets, sourceOf: () => world.source };
    return { ...deps, run: (job: ContactJob) => doContactJob(deps, job, signal) };
  };
  const stop = { kind: 'show-opt-out', tenantId: 'tenant-a', number: '+12025550110' } as const;

  it('shows beside a contact what is true now, not what was when it was asked for', async () => {
    const { run, refresh, optOuts, source, copy } = aJob([ana]);
    await refresh();
    await optOuts.optOut('tenant-a', '+12025550110', 'reply', 1_000);
    await run(stop);
    expect(source.contacts.get('recAna')?.optedOut).toBe(true);
    expect((await copy.get('tenant-a', 'recAna'))?.optedOut).toBe(true);
    await optOuts.optIn('tenant-a', '+12025550110', 'reply', 2_000);
    await run(stop);
    await run(stop);
    expect(source.contacts.get('recAna')?.optedOut).toBe(false);
  });

  it('is retried while the source is down, and ends if there is no such contact', async () => {
    const { run, refresh, source } = aJob([ana]);
    await run(stop);
    await refresh();
    source.outage.begin(1);
    await expect(run(stop)).rejects.toMatchObject({ code: 'unavailable' });
    await run(stop);
  });

  it('refreshes once for all that was asked before', async () => {
    const { run, source, clock } = aJob([ana]);
    const askedAt = clock();
    for (let n = 0; n < 5; n++) await run({ kind: 'refresh', tenantId: 'tenant-a', askedAt });
    expect(source.asked).toHaveLength(1);
  });

  it('ends, and is counted, when the source refuses', async () => {
    const { run, source, observe, clock } = aJob([ana]);
    Object.assign(source, {
      pages: () => {
        throw new SourceRefused('Airtable answered 403.', 403);
      },
    });
    await run({ kind: 'refresh', tenantId: 'tenant-a', askedAt: clock() });
    expect(observe.counted('contacts_refused')).toBe(1);
  });

  it('tries a token that has just been rotated', async () => {
    const { run, source, secrets, observe, clock } = aJob([ana]);
    const rotated = aTenantSecret({ airtable_token: 'rotated' });
    secrets.put('tenant-a', { kind: 'found', secret: rotated });
    const { pages } = source;
    let refusals = 0;
    Object.assign(source, {
      pages: (...given: Parameters<typeof pages>) => {
        refusals += 1;
        if (refusals === 1) throw new SourceRefused('Airtable answered 401.', 401);
        return pages(...given);
      },
    });
    await run({ kind: 'refresh', tenantId: 'tenant-a', askedAt: clock() });
    expect(secrets.refreshes).toEqual(['tenant-a']);
    expect(observe.counted('contacts_refused')).toBe(0);
    expect(observe.counted('contacts_refreshed')).toBe(1);
  });

  it('ends for a tenant that no longer exists', async () => {
    const { run, source, clock } = aJob([ana]);
    await run({ kind: 'refresh', tenantId: 'tenant-gone', askedAt: clock() });
    expect(source.asked).toEqual([]);
  });

  it('is asked for by the schedule, for every tenant that has a copy', async () => {
    const { copy, clock } = aJob();
    for (const tenant of ['tenant-a', 'tenant-b']) await copy.claimRefresh(tenant, 1, 0);
    const jobs: ContactJob[] = [];
    await refreshAll({ copy, clock, jobs: { add: async (job) => void jobs.push(job) } });
    expect(jobs.map(({ tenantId }) => tenantId)).toEqual(['tenant-a', 'tenant-b']);
    for (const job of jobs) expect(contactJobSchema.parse(job)).toEqual(job);
  });
});
