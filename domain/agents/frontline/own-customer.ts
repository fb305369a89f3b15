import { type Contact, ownerOf } from '../contacts/contact.ts';
import { frontlineSettings } from '../settings.ts';
import type { Callback, FrontlineDeps } from './callback.ts';

/** A worker's own customers, and what belongs to nobody for the workers who share it (`frontline_pool`). */
function mayOpen(contact: Contact, worker: string, pool: readonly string[]): boolean {
  const owner = ownerOf(contact);
  return owner === undefined ? pool.includes(worker) : owner === worker;
}

/** The customer that a callback names, by today's id or the one of Twilio's own connector. */
export async function namedCustomer(
  { copy }: Pick<FrontlineDeps, 'copy'>,
  { form, tenantId }: Callback,
): Promise<Contact | undefined> {
  const id = form.get('CustomerId') ?? '';
  return (await copy.get(tenantId, id)) ?? (await copy.findByFormerId(tenantId, id));
}

/**
 * The customer that a callback names, if its worker may open it. Somebody else's customer is undefined
 * like one who is not there, so that nobody learns whose customers there are; the log tells them apart.
 */
export async function ownCustomer(
  deps: FrontlineDeps,
  callback: Callback,
): Promise<Contact | undefined> {
  const { form, requestId, secret, tenantId } = callback;
  const contact = await namedCustomer(deps, callback);
  const worker = form.get('Worker') ?? '';
  const read = frontlineSettings(secret);
  const pool = read.ok ? read.settings.frontline_pool : [];
  if (contact === undefined || mayOpen(contact, worker, pool)) return contact;
  deps.observe.warn('customer of another agent refused', {
    tenantId,
    requestId,
    caller: worker,
    code: form.get('Location') ?? '',
  });
  return undefined;
}
