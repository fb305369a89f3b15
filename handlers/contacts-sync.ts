import { changeVisibility } from '../adapters/aws/change-visibility.ts';
import { sqsClient } from '../adapters/aws/clients/sqs.ts';
import { contactJobSchema, doContactJob } from '../domain/agents/contacts/job.ts';
import { MINUTE, SECOND } from '../domain/clock.ts';
import { parseJson } from '../domain/json.ts';
import { readConfig } from './runtime/config.ts';
import { wireContacts } from './runtime/contacts.ts';
import { observation } from './runtime/observe.ts';
import { wireSecrets } from './runtime/secrets.ts';
import type { BatchProcessor } from './runtime/sqs-batch.ts';
import { sqsHandler } from './runtime/sqs-batch.ts';

const observe = observation('contacts-sync');

/** The contacts queue: brings copies up to date, shows opt-outs in the source. */
export const handler = sqsHandler(observe, wire);

/** Airtable's penalty is 30 s; behind others' requests a turn may be a little further off. */
const PATIENCE = MINUTE;
/** Left of the invocation to note how far the work has come. */
const RESERVE = 10 * SECOND;
const RETRY_SECONDS = 60;

function wire(): BatchProcessor {
  const config = readConfig('contacts-sync');
  const shared = wireContacts(config, observe, PATIENCE);
  const deps = { ...shared, secrets: wireSecrets(config, observe), observe };
  const hide = changeVisibility(sqsClient(), config.contacts_queue_url);
  return {
    concurrency: 1,
    handle: async ({ body, deadline }) => {
      const job = contactJobSchema.safeParse(parseJson(body));
      if (!job.success) {
        observe.error('a job for contacts could not be read');
        return { kind: 'done' };
      }
      const left = Math.max(SECOND, deadline - RESERVE - Date.now());
      await doContactJob(deps, job.data, AbortSignal.timeout(left));
      return { kind: 'done' };
    },
    hide,
    retrySeconds: () => RETRY_SECONDS,
  };
}
