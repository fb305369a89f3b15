import { MINUTE, SECOND } from '../../clock.ts';
import type { HttpAnswer } from '../../http.ts';
import { Refused } from '../../refused.ts';
import type { Contact, ContactDraft } from '../contacts/contact.ts';
import { type ContactSource, SourceRefused } from '../contacts/ports.ts';
import { refreshContacts } from '../contacts/refresh.ts';
import { withSource } from '../contacts/with-source.ts';
import { airtableSettings, frontlineSettings } from '../settings.ts';
import {
  type Callback,
  type CallbackHandler,
  type FrontlineDeps,
  missing,
  missingFields,
  ok,
  wantRefresh,
} from './callback.ts';
import { toDetails, toListed } from './customer.ts';
import { newCustomer } from './new-customer.ts';
import { ownCustomer } from './own-customer.ts';

/** A customer whom the copy does not know has a refresh done, at most this often. */
export const MISS_INTERVAL = MINUTE;
/** Twilio gives up on a callback after 5 s. */
const SOURCE_LIMIT = 3500;
/** How long the very first list waits for Airtable before it shows what there is. */
const FIRST_LOAD_LIMIT = 2500;
const DEFAULT_PAGE_SIZE = 30;
const MAX_PAGE_SIZE = 100;

/** Fills an empty copy as far as a callback's time goes; the rest follows in the background. */
async function firstLoad(deps: FrontlineDeps, { tenantId, credentials }: Callback): Promise<void> {
  const now = deps.clock();
  if (!(await deps.copy.claimRefresh(tenantId, now, now - MISS_INTERVAL))) return;
  try {
    const limit = deps.limit(FIRST_LOAD_LIMIT);
    await withSource(deps, tenantId, credentials, (source) =>
      refreshContacts(deps, source, tenantId, limit),
    );
  } catch {
    await deps.jobs.add({ kind: 'refresh', tenantId, askedAt: now });
  }
}

/** Seconds since the copy was last brought up to date; nothing for a tenant whose contacts are our own. */
async function age(
  deps: FrontlineDeps,
  callback: Callback,
): Promise<Readonly<Record<string, string>> | undefined> {
  if (airtableSettings(callback.secret) === undefined) return undefined;
  let { refreshedAt } = await deps.copy.state(callback.tenantId);
  if (refreshedAt === undefined) {
    await firstLoad(deps, callback);
    refreshedAt = (await deps.copy.state(callback.tenantId)).refreshedAt;
  }
  const seconds =
    refreshedAt === undefined
      ? 'unknown'
      : `${Math.max(0, Math.floor((deps.clock() - refreshedAt) / SECOND))}`;
  return { 'x-contacts-age': seconds };
}

const list: CallbackHandler = async (deps, callback) => {
  const { form, secret, tenantId } = callback;
  const issues = missing(form, ['Worker']);
  if (issues.length > 0) throw missingFields(issues);
  const size = form.get('PageSize') || `${DEFAULT_PAGE_SIZE}`;
  if (!/^[1-9]\d{0,5}$/.test(size)) {
    throw new Refused(400, 'BAD_FIELD', 'PageSize is not a number above 0.', {
      details: [{ field: 'PageSize', issue: 'is not a number above 0' }],
    });
  }
  const headers = await age(deps, callback);
  const after = form.get('NextPageToken') || form.get('Anchor');
  const search = form.get('Query')?.trim();
  const page = await deps.copy.page(tenantId, {
    owner: form.get('Worker') ?? '',
    limit: Math.min(Number(size), MAX_PAGE_SIZE),
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

const unknownCustomer = () => new Refused(404, 'UNKNOWN_CUSTOMER', 'Customer not found.');

/** Whether the customer has opted out on one of their numbers, by the record that campaigns respect too. */
async function hasOptedOut(
  deps: FrontlineDeps,
  tenantId: string,
  { phone, whatsapp }: Contact,
): Promise<boolean> {
  const numbers = [...new Set([phone, whatsapp])].filter((number) => number !== undefined);
  const said = await Promise.all(numbers.map((n) => deps.optOuts.isOptedOut(tenantId, n)));
  return said.includes(true);
}

/** Who changed a customer, for the log. */
const logChange = (deps: FrontlineDeps, { form, requestId, tenantId }: Callback, what: string) =>
  deps.observe.info(what, { tenantId, requestId, caller: form.get('Worker') ?? '' });

const details: CallbackHandler = async (deps, callback) => {
  const { form, tenantId } = callback;
  const issues = missing(form, ['CustomerId', 'Worker']);
  if (issues.length > 0) throw missingFields(issues);
  const contact = await ownCustomer(deps, callback);
  if (contact !== undefined) {
    const optedOut = await hasOptedOut(deps, tenantId, contact);
    return ok({ objects: { customer: toDetails(contact, optedOut) } }, await age(deps, callback));
  }
  await wantRefresh(deps, tenantId, MISS_INTERVAL);
  throw unknownCustomer();
};

const friendly = (status: number, message: string): HttpAnswer => ({
  status,
  body: { friendly_error_message: message },
});

/** The same customer of the same worker, made a moment ago by a call whose answer was lost. */
async function twin(
  deps: FrontlineDeps,
  tenantId: string,
  draft: ContactDraft,
): Promise<Contact | undefined> {
  const number = draft.phone ?? draft.whatsapp;
  if (number === undefined) return undefined;
  const found = await deps.copy.findByNumber(tenantId, number);
  const equal =
    found !== undefined &&
    (['name', 'owner', 'phone', 'whatsapp', 'email'] as const).every(
      (field) => found[field] === draft[field],
    );
  return equal ? found : undefined;
}

/** Keeps the copy in step with what the source has already done; what fails here, a refresh makes good. */
async function copyOver(
  deps: FrontlineDeps,
  tenantId: string,
  source: ContactSource,
  write: () => Promise<unknown>,
): Promise<void> {
  if (source.isCopy) return;
  try {
    await write();
  } catch {
    deps.observe.warn('the copy of the contacts is behind its source', { tenantId });
    await wantRefresh(deps, tenantId, 0);
  }
}

const create: CallbackHandler = async (deps, callback) => {
  const { form, credentials, tenantId } = callback;
  const read = newCustomer(form, deps.numbering);
  if (!read.ok) return friendly(400, read.reasons.join(' '));
  const limit = deps.limit(SOURCE_LIMIT);
  return withSource(deps, tenantId, credentials, async (source) => {
    const contact =
      (await twin(deps, tenantId, read.draft)) ?? (await source.create(read.draft, limit));
    await copyOver(deps, tenantId, source, () => deps.copy.put(tenantId, contact, deps.clock()));
    logChange(deps, callback, 'customer created by an agent');
    return ok({ objects: { customer: toDetails(contact) } });
  });
};

const remove: CallbackHandler = async (deps, callback) => {
  const { form, secret, credentials, tenantId } = callback;
  const issues = missing(form, ['CustomerId', 'Worker']);
  if (issues.length > 0) throw missingFields(issues);
  const read = frontlineSettings(secret);
  if (!read.ok || !read.settings.frontline_delete_customers) {
    logChange(deps, callback, 'deletion of a customer refused');
    return friendly(403, 'Customers cannot be deleted here; ask your administrator.');
  }
  const contact = await ownCustomer(deps, callback);
  if (contact === undefined) throw unknownCustomer();
  const { id } = contact;
  const limit = deps.limit(SOURCE_LIMIT);
  return withSource(deps, tenantId, credentials, async (source) => {
    const removed = await source.remove(id, limit);
    await copyOver(deps, tenantId, source, () => deps.copy.remove(tenantId, id, deps.clock()));
    if (!removed) throw unknownCustomer();
    logChange(deps, callback, 'customer deleted by an agent');
    return ok({});
  });
};

const locations: Readonly<Record<string, CallbackHandler>> = {
  GetCustomersList: list,
  GetCustomerDetailsByCustomerId: details,
  CreateCustomer: create,
  DeleteCustomer: remove,
};

/** `crm`: the agent's customers. https://www.twilio.com/docs/frontline/my-customers */
export const crm: CallbackHandler = async (deps, callback) => {
  const location = callback.form.get('Location') ?? '';
  const handler = Object.hasOwn(locations, location) ? locations[location] : undefined;
  if (handler === undefined) {
    throw new Refused(422, 'UNKNOWN_LOCATION', 'This location is not known.');
  }
  try {
    return await handler(deps, callback);
  } catch (error) {
    if (!(error instanceof SourceRefused)) throw error;
    deps.observe.error('the contacts were refused', {
      requestId: callback.requestId,
      tenantId: callback.tenantId,
      error: error.message,
    });
    return friendly(502, 'The customer list refused it; its administrator must look into it.');
  }
};
