import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { agentRecords } from '../../adapters/aws/agent-records.ts';
import { documentClient } from '../../adapters/aws/clients/dynamodb.ts';
import { optOuts } from '../../adapters/aws/opt-outs.ts';
import { httpClient } from '../../adapters/http/client.ts';
import type { Settings } from './config.ts';
import { numberingOf } from './numbering.ts';
import { refusalRules } from './refusal-rules.ts';
import type { agentSettings } from './setting-groups.ts';

/** What the agents' functions share. */
export function wireAgents(config: Settings<typeof agentSettings>) {
  const clock = Date.now;
  const dynamo = documentClient();
  return {
    clock,
    dynamo,
    http: httpClient({ clock }),
    records: agentRecords(dynamo, config.db_agent_records_table),
    optOuts: optOuts(dynamo, config.db_opt_outs_table, refusalRules(config)),
    numbering: numberingOf(config),
    newId: randomUUID,
    limit: (ms: number) => AbortSignal.timeout(ms),
    wait: (ms: number, signal?: AbortSignal) => setTimeout(ms, undefined, signal ? { signal } : {}),
  };
}
