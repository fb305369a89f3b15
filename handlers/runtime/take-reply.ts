import { answerLog } from '../../adapters/aws/answer-log.ts';
import { documentClient } from '../../adapters/aws/clients/dynamodb.ts';
import type { AnswerDeps } from '../../domain/feedback/answer.ts';
import type { TakeReplyDeps } from '../../domain/feedback/take-reply.ts';
import type { PhrasePolicy } from '../../domain/opt-outs/keyword.ts';
import type { Settings } from './config.ts';
import type { takeReplySettings } from './function-settings.ts';
import { wireRegister } from './opt-outs.ts';
import { promptly } from './secrets.ts';
import { defaultSenders } from './sender-settings.ts';

type ReplyDeps = Pick<TakeReplyDeps, 'limit'> &
  Pick<AnswerDeps, 'answers' | 'answerWindowSeconds' | 'ownSenders'> & {
    readonly optOuts: TakeReplyDeps['optOuts'] & AnswerDeps['optOuts'];
    readonly phrases: PhrasePolicy;
  };

/** What both inbound webhooks need to record a STOP or START themselves, and to answer a reply. */
export function wireTakeReply(config: Settings<typeof takeReplySettings>): ReplyDeps {
  const tables = documentClient(promptly);
  return {
    optOuts: wireRegister(tables, config),
    answers: answerLog(tables, config.db_opt_outs_table),
    answerWindowSeconds: config.answer_window,
    ownSenders: Object.values(defaultSenders(config))
      .flatMap(({ standard, byCountry = {} }) => [standard, ...Object.values(byCountry)])
      .filter((sender) => sender !== undefined),
    limit: (ms) => AbortSignal.timeout(ms),
    phrases: config.opt_out_phrases,
  };
}
