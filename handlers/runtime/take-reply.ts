import { documentClient } from '../../adapters/aws/clients/dynamodb.ts';
import { optOuts } from '../../adapters/aws/opt-outs.ts';
import type { TakeReplyDeps } from '../../domain/feedback/take-reply.ts';
import type { PhrasePolicy } from '../../domain/opt-outs/keyword.ts';
import type { Settings } from './config.ts';
import type { takeReplySettings } from './function-settings.ts';
import { refusalRules } from './refusal-rules.ts';
import { promptly } from './secrets.ts';

/** What both inbound webhooks need to record a STOP or START themselves. */
export function wireTakeReply(
  config: Settings<typeof takeReplySettings>,
): Pick<TakeReplyDeps, 'optOuts' | 'limit'> & { readonly phrases: PhrasePolicy } {
  return {
    optOuts: optOuts(documentClient(promptly), config.db_opt_outs_table, refusalRules(config)),
    limit: (ms) => AbortSignal.timeout(ms),
    phrases: config.opt_out_phrases,
  };
}
