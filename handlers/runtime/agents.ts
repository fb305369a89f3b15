import { setTimeout } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { airtable } from '../../adapters/airtable/client.ts';
import { airtableContacts } from '../../adapters/airtable/contacts.ts';
import { pace } from '../../adapters/airtable/pace.ts';
import { agentRecords } from '../../adapters/aws/agent-records.ts';
import { sqsClient } from '../../adapters/aws/clients/sqs.ts';
import { contacts } from '../../adapters/aws/contacts.ts';
import { jsonQueue } from '../../adapters/aws/json-queue.ts';
import { optOuts } from '../../adapters/aws/opt-outs.ts';
import { httpClient } from '../../adapters/http.ts';
import {
  type ContactJob,
  type ContactJobs,
  SourceRefused,
  type SourceOf,
} from '../../domain/agents/contacts/ports.ts';
import { tableSource } from '../../domain/agents/contacts/table-source.ts';
import { airtableSettings } from '../../domain/agents/settings.ts';
import type { Config } from './config.ts';

/** The stores that agents' functions share. */
export function wireAgents(
  config: Config,
  dynamo: DynamoDBDocumentClient,
  options: {
    /** Milliseconds for which a request may wait for its turn at Airtable. */
    readonly patience: number;
  },
) {
  const clock = Date.now;
  const copy = contacts(dynamo, config.db_contacts_table);
  const records = agentRecords(dynamo, config.db_agent_records_table);
  const http = httpClient({ clock });
  const wait = (ms: number, signal?: AbortSignal) =>
    setTimeout(ms, undefined, signal ? { signal } : {});
  const base = airtable(http, pace({ records, clock, wait, patience: options.patience }));
  const sourceOf: SourceOf = (tenantId, secret) => {
    const read = airtableSettings(secret);
    if (read === undefined) return tableSource(tenantId, { copy, clock, newId: randomUUID });
    if (!read.ok) throw new SourceRefused(read.issue);
    return airtableContacts(base, read.settings, config.default_country);
  };
  const queue = jsonQueue<ContactJob>(sqsClient(), {
    url: config.contacts_queue_url,
    dependency: 'contacts-queue',
    tenantOf: ({ tenantId }) => tenantId,
  });
  const jobs: ContactJobs = { add: (job) => queue.send(job) };
  return {
    clock,
    wait: (ms: number) => wait(ms),
    http,
    copy,
    records,
    sourceOf,
    jobs,
    newId: randomUUID,
    limit: (ms: number) => AbortSignal.timeout(ms),
    optOuts: optOuts(dynamo, config.db_opt_outs_table),
    defaultCountry: config.default_country,
  };
}
