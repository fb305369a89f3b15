import type { Context } from 'aws-lambda';
import { documentClient } from '../adapters/aws/clients/dynamodb.ts';
import {
  changesOf,
  searchedChangesOf,
  streamEventSchema,
} from '../adapters/aws/delivery-changes.ts';
import { messageIndex } from '../adapters/aws/message-index.ts';
import { campaigns, totals } from '../adapters/aws/totals.ts';
import { addBatch } from '../domain/campaigns/add-batch.ts';
import { indexItems } from '../domain/campaigns/message-terms.ts';
import { readConfig } from './runtime/config.ts';
import { describeError } from './runtime/describe-error.ts';
import { lazy } from './runtime/lazy.ts';
import { observation } from './runtime/observe.ts';

const observe = observation('totals');
const batches = lazy(wire);

/**
 * The stream of the deliveries: adds each batch to the totals of its campaigns. What it throws fails the
 * batch, which Lambda cuts in two and tries again. No state is carried from batch to batch; the windows
 * are there because only their events name the shard.
 */
export async function handler(
  event: unknown,
  context: Pick<Context, 'awsRequestId'>,
): Promise<{ readonly state: object }> {
  try {
    await (await batches())(event);
    return { state: {} };
  } catch (error) {
    observe.count('totals_failed');
    observe.error('a batch of totals was not added', {
      requestId: context.awsRequestId,
      error: describeError(error),
    });
    throw error;
  } finally {
    observe.flush();
  }
}

function wire() {
  const config = readConfig('totals');
  const tables = documentClient();
  const keeping = { clock: Date.now, ttlSeconds: config.campaign_ttl };
  const deps = {
    totals: totals(tables, config.db_campaigns_table, keeping),
    campaigns: campaigns(tables, config.db_campaigns_table, keeping),
  };
  const index =
    config.message_search === 'on'
      ? messageIndex(tables, config.db_messages_table, {
          clock: Date.now,
          ttlSeconds: config.delivery_ttl,
        })
      : undefined;
  return async (event: unknown): Promise<void> => {
    const { shardId, Records } = streamEventSchema.parse(event);
    await addBatch(shardId, changesOf(Records), deps);
    const [first] = Records;
    if (index === undefined || first === undefined) return;
    // A batch that comes again, or in part, is stored again; a message is then found twice and shown once.
    const last = Records.at(-1) ?? first;
    const batch = `${first.dynamodb.SequenceNumber}#${last.dynamodb.SequenceNumber}#${shardId}`;
    await index.put(indexItems(searchedChangesOf(Records)), batch);
  };
}
