import { Refused } from '../../refused.ts';
import { frontlineSettings } from '../settings.ts';
import { type Callback, type CallbackHandler, ok, requireFields } from './callback.ts';
import { contactsAge } from './contacts-age.ts';
import { toListed } from './customer.ts';

const DEFAULT_PAGE_SIZE = 30;
const MAX_PAGE_SIZE = 100;

function pageSize({ field, nameOf }: Callback): number {
  const given = field('pageSize') || `${DEFAULT_PAGE_SIZE}`;
  if (/^[1-9]\d{0,5}$/.test(given)) return Math.min(Number(given), MAX_PAGE_SIZE);
  const issue = 'is not a number above 0';
  const name = nameOf('pageSize');
  throw new Refused(400, 'BAD_FIELD', `${name} ${issue}.`, { details: [{ field: name, issue }] });
}

/** A page of the worker's own customers. */
export const listCustomers: CallbackHandler = async (callback, deps) => {
  const { field, secret, tenantId } = callback;
  requireFields(callback, ['worker']);
  const limit = pageSize(callback);
  const headers = await contactsAge(callback, deps);
  const after = field('after') || field('anchor');
  const search = field('query').trim();
  const page = await deps.copy.page(tenantId, {
    owner: field('worker'),
    limit,
    ...(after ? { after } : {}),
    ...(search ? { search } : {}),
  });
  const read = frontlineSettings(secret);
  const last = page.contacts.at(-1);
  const searchable =
    read.ok && read.settings.frontline_search
      ? { searchable: true, ...(page.more && last ? { next_page_token: last.id } : {}) }
      : {};
  return ok({ objects: { customers: page.contacts.map(toListed), ...searchable } }, headers);
};
