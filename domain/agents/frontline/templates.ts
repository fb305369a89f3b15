import type { TenantSecret } from '../../tenant/tenant-secret.ts';
import type { Template } from '../contacts/contact.ts';
import { frontlineSettings } from '../settings.ts';
import { type CallbackHandler, ok, requireFields } from './callback.ts';
import { requestRefresh } from './contacts-age.ts';
import { mergeFields } from './customer.ts';
import { namedCustomer, ownCustomer, unknownCustomer } from './own-customer.ts';

/**
 * Fills a customer's fields into a template. Values are not read as templates themselves. A missing field is
 * rendered as `… is blank`, for the agent to see before sending.
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

/** The tenant's message templates, filled in for one customer. */
export const templates: CallbackHandler = async (callback, deps) => {
  const { field, secret, tenantId } = callback;
  requireFields(callback, ['customerId']);
  const [contact, kept] = await Promise.all([
    field('worker') ? ownCustomer(callback, deps) : namedCustomer(callback, deps),
    deps.copy.templates(tenantId),
  ]);
  if (contact === undefined) {
    await requestRefresh(callback, deps);
    throw unknownCustomer();
  }
  return ok(byCategory(kept.length > 0 ? kept : ownTemplates(secret), mergeFields(contact)));
};
