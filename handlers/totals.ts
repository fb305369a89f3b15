import type { Context } from 'aws-lambda';
import { documentClient } from '../adapters/aws/clients/dynamodb.ts';
import { changesOf, streamEventSchema } from '../adapters/aws/delivery-changes.ts';
import { campaigns, totals } from '../adapters/aws/totals.ts';
import { addBatch } from '../domain/campaigns/add-batch.ts';
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
  return async (event: unknown): Promise<void> => {
    const { shardId, Records } = streamEventSchema.parse(event);
    await addBatch(shardId, changesOf(Records), deps);
  };
}
