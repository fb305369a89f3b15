import { Refused } from '../../refused.ts';
import { type Contact, ownerOf } from '../contacts/contact.ts';
import { frontlineSettings } from '../settings.ts';
import type { Callback, FrontlineDeps } from './callback.ts';

export const unknownCustomer = () => new Refused(404, 'UNKNOWN_CUSTOMER', 'Customer not found.');

/** Workers may open their own customers; those in `frontline_pool` also customers without an owner. */
function mayOpen(contact: Contact, worker: string, pool: readonly string[]): boolean {
  const owner = ownerOf(contact);
  return owner === undefined ? pool.includes(worker) : owner === worker;
}

/** The customer that a callback names, by the current id or that of Twilio's own connector. */
export async function namedCustomer(
  { field, tenantId }: Callback,
  { copy }: Pick<FrontlineDeps, 'copy'>,
): Promise<Contact | undefined> {
  const id = field('customerId');
  return (await copy.get(tenantId, id)) ?? (await copy.findByFormerId(tenantId, id));
}

/**
 * The customer that a callback names, if the worker may open it. Another worker's customer is undefined like
 * one who does not exist, so that a worker cannot find out whose customers there are. The log distinguishes them.
 */
export async function ownCustomer(
  callback: Callback,
  deps: FrontlineDeps,
): Promise<Contact | undefined> {
  const { field, name, requestId, secret, tenantId } = callback;
  const contact = await namedCustomer(callback, deps);
  const worker = field('worker');
  const read = frontlineSettings(secret);
  const pool = read.ok ? read.settings.frontline_pool : [];
  if (contact === undefined || mayOpen(contact, worker, pool)) return contact;
  deps.observe.warn('customer of another agent refused', {
    tenantId,
    requestId,
    caller: worker,
    code: name,
  });
  return undefined;
}
