import type { OptOuts } from '../../opt-outs/ports.ts';
import type { Contact } from '../contacts/contact.ts';
import { type CallbackHandler, ok, requireFields } from './callback.ts';
import { contactsAge, requestRefresh } from './contacts-age.ts';
import { toDetails } from './customer.ts';
import { ownCustomer, unknownCustomer } from './own-customer.ts';

/** Whether the customer has opted out on any number, by the record that campaigns respect too. */
async function hasOptedOut(
  { phone, whatsapp }: Contact,
  tenantId: string,
  optOuts: OptOuts,
): Promise<boolean> {
  const numbers = [...new Set([phone, whatsapp])].filter((number) => number !== undefined);
  const states = await Promise.all(numbers.map((n) => optOuts.isOptedOut(tenantId, n)));
  return states.includes(true);
}

/** One of the worker's customers. */
export const customerDetails: CallbackHandler = async (callback, deps) => {
  requireFields(callback, ['customerId', 'worker']);
  const contact = await ownCustomer(callback, deps);
  if (contact === undefined) {
    await requestRefresh(callback, deps);
    throw unknownCustomer();
  }
  const optedOut = await hasOptedOut(contact, callback.tenantId, deps.optOuts);
  const headers = await contactsAge(callback, deps);
  return ok({ objects: { customer: toDetails(contact, optedOut) } }, headers);
};
