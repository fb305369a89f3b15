import { airtable } from '../../adapters/airtable/client.ts';
import { airtableContacts } from '../../adapters/airtable/contacts.ts';
import { pace } from '../../adapters/airtable/pace.ts';
import { airtableSettings } from '../../adapters/airtable/settings.ts';
import { sqsClient } from '../../adapters/aws/clients/sqs.ts';
import { contacts } from '../../adapters/aws/contacts.ts';
import { jsonQueue } from '../../adapters/aws/json-queue.ts';
import {
  type ContactJob,
  type ContactJobs,
  type SourceOf,
  SourceRefused,
} from '../../domain/agents/contacts/ports.ts';
import { tableSource } from '../../domain/agents/contacts/table-source.ts';
import type { TenantSecret } from '../../domain/tenant/tenant-secret.ts';
import { wireAgents } from './agents.ts';
import type { Settings } from './config.ts';
import { numberingOf } from './numbering.ts';
import type { Observation } from './observe.ts';
import { wireRegister } from './opt-outs.ts';
import type { contactSettings } from './setting-groups.ts';

/** What the functions for contacts share. `patience`: how long a request may wait for its turn at Airtable, ms. */
export function wireContacts(
  config: Settings<typeof contactSettings>,
  observe: Observation,
  patience: number,
) {
  const shared = wireAgents(config);
  const { clock, dynamo, newId, http } = shared;
  const copy = contacts(dynamo, config.db_contacts_table, observe);
  const base = airtable(http, pace({ ...shared, patience }));
  const sourceOf: SourceOf = (tenantId, secret) => {
    const read = airtableSettings(secret);
    if (read === undefined) return tableSource(tenantId, { copy, clock, newId });
    if (!read.ok) throw new SourceRefused(read.issue);
    return airtableContacts(base, read.settings, numberingOf(config));
  };
  const queue = jsonQueue<ContactJob>(sqsClient(), {
    url: config.contacts_queue_url,
    dependency: 'contacts-queue',
    groupOf: ({ tenantId }) => tenantId,
  });
  const jobs: ContactJobs = { add: (job) => queue.send(job) };
  const isCopied = (secret: TenantSecret) => airtableSettings(secret) !== undefined;
  return { ...shared, optOuts: wireRegister(dynamo, config), copy, sourceOf, isCopied, jobs };
}
