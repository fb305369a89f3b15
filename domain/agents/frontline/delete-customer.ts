import { frontlineSettings } from '../settings.ts';
import { type CallbackHandler, ok, requireFields } from './callback.ts';
import { changeCopy, changeSource, friendlyError, logChange } from './change-customer.ts';
import { ownCustomer, unknownCustomer } from './own-customer.ts';

/** Deletes one of the worker's customers, if the tenant allows it. */
export const deleteCustomer: CallbackHandler = async (callback, deps) => {
  const { secret, tenantId } = callback;
  requireFields(callback, ['customerId', 'worker']);
  const read = frontlineSettings(secret);
  if (!read.ok || !read.settings.frontline_delete_customers) {
    logChange(callback, 'deletion of a customer refused', deps);
    return friendlyError(403, 'Customers cannot be deleted here; ask your administrator.');
  }
  const contact = await ownCustomer(callback, deps);
  if (contact === undefined) throw unknownCustomer();
  const { id } = contact;
  return changeSource(callback, deps, async (source, signal) => {
    const removed = await source.remove(id, signal);
    await changeCopy(callback, source, deps, () => deps.copy.remove(tenantId, id, deps.clock()));
    if (!removed) throw unknownCustomer();
    logChange(callback, 'customer deleted by an agent', deps);
    return ok({});
  });
};
