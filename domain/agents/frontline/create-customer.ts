import type { Contact, ContactDraft } from '../contacts/contact.ts';
import type { ContactCopy } from '../contacts/ports.ts';
import { type CallbackHandler, ok } from './callback.ts';
import { changeCopy, changeSource, friendlyError, logChange } from './change-customer.ts';
import { toDetails } from './customer.ts';
import { newCustomer } from './new-customer.ts';

/** The same customer of the same worker, created just now by a call whose response was lost. */
async function findTwin(
  draft: ContactDraft,
  tenantId: string,
  copy: ContactCopy,
): Promise<Contact | undefined> {
  const number = draft.phone ?? draft.whatsapp;
  if (number === undefined) return undefined;
  const found = await copy.findByNumber(tenantId, number);
  const equal =
    found !== undefined &&
    (['name', 'owner', 'phone', 'whatsapp', 'email'] as const).every(
      (field) => found[field] === draft[field],
    );
  return equal ? found : undefined;
}

/** Creates a customer who belongs to the worker. */
export const createCustomer: CallbackHandler = async (callback, deps) => {
  const { tenantId } = callback;
  const read = newCustomer(callback, deps.numbering);
  if (!read.ok) return friendlyError(400, read.reasons.join(' '));
  const { draft } = read;
  return changeSource(callback, deps, async (source, signal) => {
    const contact =
      (await findTwin(draft, tenantId, deps.copy)) ?? (await source.create(draft, signal));
    await changeCopy(callback, source, deps, () => deps.copy.put(tenantId, contact, deps.clock()));
    logChange(callback, 'customer created by an agent', deps);
    return ok({ objects: { customer: toDetails(contact) } });
  });
};
