import type { documentClient } from '../../adapters/aws/clients/dynamodb.ts';
import { optOutHistory } from '../../adapters/aws/opt-out-history.ts';
import { optOutRegister } from '../../adapters/aws/opt-out-register.ts';
import type { Settings } from './config.ts';
import { refusalRules } from './refusal-rules.ts';
import type { registerSettings } from './setting-groups.ts';

/** Opt-outs for functions that record what people say: each statement is kept in the history, too. */
export const wireRegister = (
  client: ReturnType<typeof documentClient>,
  config: Settings<typeof registerSettings>,
) =>
  optOutRegister(
    client,
    config.db_opt_outs_table,
    refusalRules(config),
    optOutHistory(client, config.db_opt_out_history_table, {
      ttlSeconds: config.opt_out_history_ttl,
      clock: Date.now,
    }),
  );
