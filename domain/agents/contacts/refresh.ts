import { type Clock, HOUR, MINUTE } from '../../clock.ts';
import type { OptOuts } from '../../opt-outs/ports.ts';
import type { Contact } from './contact.ts';
import { type ContactCopy, type ContactSource, SourceRefused } from './ports.ts';

/** The interval of full refreshes: only they detect deletions. */
const FULL_EVERY = 6 * HOUR;
/** The most by which our clock and the source's may differ: a change is read twice rather than missed. */
const OVERLAP = 2 * MINUTE;

export type RefreshDeps = {
  readonly copy: ContactCopy;
  readonly optOuts: OptOuts;
  readonly clock: Clock;
};

export type Refreshed = {
  readonly kind: 'full' | 'changes';
  /** Contacts written or removed. */
  readonly count: number;
  /** Why the templates were not refreshed, such as for a source that has none. */
  readonly withoutTemplates?: string;
};

const numbersOf = (contact: Contact): readonly string[] => [
  ...new Set([contact.phone, contact.whatsapp].filter((number) => number !== undefined)),
];

/** Independent of the order of the fields. */
const fingerprint = (contact: Contact): string =>
  JSON.stringify(
    Object.entries({ ...contact, fields: Object.entries(contact.fields).sort() }).sort(),
  );

/**
 * Refreshes a tenant's copy from its source: the changes since the last refresh, or everything if there was
 * none or a full one is due. A refresh that fails keeps what it has copied and records nothing, so the next
 * one starts from the same point.
 *
 * A tick in the source's `opt_out` column opts the contact out. Removing it does not opt the contact in:
 * the customer's START does, or an operator who lifts the opt-out.
 */
export async function refreshContacts(
  deps: RefreshDeps,
  source: ContactSource,
  tenantId: string,
  signal: AbortSignal,
): Promise<Refreshed> {
  const { copy, optOuts, clock } = deps;
  const startedAt = clock();
  const state = await copy.state(tenantId);
  const full =
    state.refreshedAt === undefined ||
    state.fullAt === undefined ||
    startedAt - state.fullAt >= FULL_EVERY;
  const since = full || state.refreshedAt === undefined ? undefined : state.refreshedAt - OVERLAP;
  const unseen = new Map<string, Contact>();
  if (full) {
    for await (const page of copy.all(tenantId)) for (const c of page) unseen.set(c.id, c);
  }
  let count = 0;

  const copyOne = async (contact: Contact): Promise<void> => {
    const before = full ? unseen.get(contact.id) : await copy.get(tenantId, contact.id);
    unseen.delete(contact.id);
    if (before !== undefined && fingerprint(before) === fingerprint(contact)) return;
    if (contact.optedOut && before?.optedOut !== true) {
      // First the record that campaigns respect: after a crash in between, the next refresh repeats both.
      for (const number of numbersOf(contact)) {
        await optOuts.optOut(tenantId, number, 'contacts', startedAt);
      }
    }
    if (await copy.put(tenantId, contact, startedAt)) count += 1;
  };

  for await (const page of source.pages(signal, since)) await Promise.all(page.map(copyOne));
  const withoutTemplates = await copyTemplates(copy, source, tenantId, signal);
  for (const id of unseen.keys()) {
    if (await copy.remove(tenantId, id, startedAt)) count += 1;
  }
  await copy.refreshed(tenantId, startedAt, full);
  return {
    kind: full ? 'full' : 'changes',
    count,
    ...(withoutTemplates === undefined ? {} : { withoutTemplates }),
  };
}

/** A source without templates still has contacts, so its refusal is reported, not thrown. */
async function copyTemplates(
  copy: ContactCopy,
  source: ContactSource,
  tenantId: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    await copy.putTemplates(tenantId, await source.templates(signal));
    return undefined;
  } catch (error) {
    if (!(error instanceof SourceRefused)) throw error;
    return error.message;
  }
}
