import { checkedRecords, checkStates } from '../adapters/aws/checked-records.ts';
import { documentClient } from '../adapters/aws/clients/dynamodb.ts';
import { runCheck } from '../domain/campaigns/check-run.ts';
import { readConfig } from './runtime/config.ts';
import { observation } from './runtime/observe.ts';
import { type ScheduledRun, scheduledHandler } from './runtime/scheduled.ts';

const observe = observation('totals-check');

/** On a schedule: the rebuild of the totals that an operator asked for, else once a day a comparison with the table. */
export const handler = scheduledHandler(observe, wire);

function wire(): ScheduledRun {
  const config = readConfig('totals-check');
  const tables = documentClient({ requestTimeout: 20_000 });
  const keeping = { clock: Date.now, ttlSeconds: config.campaign_ttl };
  const names = { deliveries: config.db_deliveries_table, campaigns: config.db_campaigns_table };
  const deps = {
    records: checkedRecords(tables, names, keeping),
    states: checkStates(tables, config.db_campaigns_table, keeping),
    deliveryTtlSeconds: config.delivery_ttl,
    clock: Date.now,
    observe,
  };
  return async () => {
    await runCheck(deps);
  };
}
