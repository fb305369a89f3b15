import { Refused } from '../../refused.ts';
import type { TenantSecret } from '../../tenant/tenant-secret.ts';
import type { Template } from '../contacts/contact.ts';
import { frontlineSettings } from '../settings.ts';
import { type CallbackHandler, missing, missingFields, ok, wantRefresh } from './callback.ts';
import { MISS_INTERVAL } from './crm.ts';
import { mergeFields } from './customer.ts';
import { namedCustomer, ownCustomer } from './own-customer.ts';

/**
 * Puts a customer's fields into a template, once: what a value holds is never read as a template. A
 * field that the customer does not have says so, for the agent to see before sending.
 */
export const merge = (text: string, fields: ReadonlyMap<string, string>): string =>
  text.replace(/\{\{\s*([^{}]*?)\s*\}\}/g, (_, name: string) => {
    return fields.get(name.toLowerCase()) ?? `${name} is blank`;
  });

/** Categories in the order in which they first appear. */
function byCategory(templates: readonly Template[], fields: ReadonlyMap<string, string>) {
  const categories = new Map<string, object[]>();
  for (const template of templates) {
    const listed = categories.get(template.category) ?? [];
    categories.set(template.category, listed);
    listed.push({
      content: merge(template.text, fields),
      ...(template.whatsAppApproved ? { whatsAppApproved: true } : {}),
    });
  }
  return [...categories].map(([display_name, merged]) => ({ display_name, templates: merged }));
}

/** Templates of a tenant that keeps none in Airtable. */
function ownTemplates(secret: TenantSecret): readonly Template[] {
  const read = frontlineSettings(secret);
  return read.ok ? read.settings.frontline_templates : [];
}

/** `templates`: the tenant's message templates, filled in for one customer. */
export const templates: CallbackHandler = async (deps, callback) => {
  const { form, secret, tenantId } = callback;
  if (form.get('Location') !== 'GetTemplatesByCustomerId') {
    throw new Refused(422, 'UNKNOWN_LOCATION', 'This location is not known.');
  }
  const issues = missing(form, ['CustomerId']);
  if (issues.length > 0) throw missingFields(issues);
  const [contact, kept] = await Promise.all([
    form.get('Worker') ? ownCustomer(deps, callback) : namedCustomer(deps, callback),
    deps.copy.templates(tenantId),
  ]);
  if (contact === undefined) {
    await wantRefresh(deps, tenantId, MISS_INTERVAL);
    throw new Refused(404, 'UNKNOWN_CUSTOMER', 'Customer not found.');
  }
  return ok(byCategory(kept.length > 0 ? kept : ownTemplates(secret), mergeFields(contact)));
};
