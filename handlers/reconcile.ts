import { documentClient } from '../adapters/aws/clients/dynamodb.ts';
import { sqsClient } from '../adapters/aws/clients/sqs.ts';
import { deliveries } from '../adapters/aws/deliveries.ts';
import { openDeliveries } from '../adapters/aws/open-deliveries.ts';
import { httpClient } from '../adapters/http/client.ts';
import { DAY, SECOND } from '../domain/clock.ts';
import { type ReconcileDeps, reconcileAll } from '../domain/feedback/reconcile.ts';
import { forEachProvider } from '../domain/provider-id.ts';
import { providers } from '../providers/registry.ts';
import { readConfig } from './runtime/config.ts';
import { wireEventQueue } from './runtime/event-lanes.ts';
import { observation } from './runtime/observe.ts';
import type { ScheduledRun } from './runtime/scheduled.ts';
import { scheduledHandler } from './runtime/scheduled.ts';
import { wireSecrets } from './runtime/secrets.ts';

const observe = observation('reconcile');

/** On a schedule: asks providers what became of messages whose callbacks never came. */
export const handler = scheduledHandler(observe, wire);

/** Kept for the questions that are under way when the time is up. */
const RESERVE_MS = 5 * SECOND;
/** For so long after it is due, a message whose provider cannot be asked is asked about again. */
const PATIENCE_MS = DAY;

function wire(): ScheduledRun {
  const config = readConfig('reconcile');
  const clock = Date.now;
  const tables = documentClient();
  const outside = { http: httpClient({ clock }), timeoutMs: config.provider_timeout, clock };
  const deps: ReconcileDeps = {
    open: openDeliveries(tables, config.db_deliveries_table),
    deliveries: deliveries(tables, config.db_deliveries_table),
    gateways: forEachProvider((id) => providers[id].stateGateway(outside)),
    providers,
    secrets: wireSecrets(config, observe),
    queue: wireEventQueue(sqsClient(), config),
    clock,
    observe,
  };
  return async (deadline) => {
    if (config.reconcile_after === 0) return;
    const due = clock() - config.reconcile_after * SECOND;
    await reconcileAll(
      { before: due, giveUpBefore: due - PATIENCE_MS, until: deadline - RESERVE_MS },
      deps,
    );
  };
}
