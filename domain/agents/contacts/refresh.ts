import { type Clock, HOUR, MINUTE } from '../../clock.ts';
import type { OptOuts } from '../../opt-outs/ports.ts';
import type { Contact } from './contact.ts';
import { type ContactCopy, type ContactSource, SourceRefused } from './ports.ts';

/** Everything is read again this often, because only that shows what was deleted. */
const FULL_EVERY = 6 * HOUR;
/** Our clock and the source's may differ by this much, so that a change is rather read twice than missed. */
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
  /** Why the templates stayed as they were, for whoever keeps none in the source. */
  readonly withoutTemplates?: string;
};

const numbersOf = (contact: Contact): readonly string[] => [
  ...new Set([contact.phone, contact.whatsapp].filter((number) => number !== undefined)),
];

/** Independent of the order in which a store gives fields back. */
const fingerprint = (contact: Contact): string =>
  JSON.stringify(
    Object.entries({ ...contact, fields: Object.entries(contact.fields).sort() }).sort(),
  );

/**
 * Brings a tenant's copy up to date with its source: what changed since the last time, or everything
 * when there was none, or when it is due. A refresh that breaks off leaves what it has copied and
 * notes nothing, so the next one starts where this one did.
 *
 * A tick in the source's `opt_out` column opts the contact out. Taking it away does not opt anybody
 * in again: the customer's own START does, or an operator who lifts the opt-out.
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
      // First the record that campaigns respect: if we stop between the two, the next refresh does it again.
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

/** A source without templates is no reason to do without its contacts. */
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
