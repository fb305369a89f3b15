import { answerLog } from '../../adapters/aws/answer-log.ts';
import { documentClient } from '../../adapters/aws/clients/dynamodb.ts';
import type { AnswerDeps } from '../../domain/feedback/answer.ts';
import type { AnswerReply, ReplyDeps } from '../../domain/feedback/receive-callback.ts';
import type { Settings } from './config.ts';
import type { Observation } from './observe.ts';
import { wireRegister } from './opt-outs.ts';
import { shortTimeouts } from './secrets.ts';
import { defaultSenders } from './sender-settings.ts';
import type { replySettings } from './setting-groups.ts';

/** What every inbound webhook needs to record a STOP or START itself, and to answer a reply in its own way. */
export function wireReplies(
  config: Settings<typeof replySettings>,
  observe: Observation,
  answering: (deps: AnswerDeps) => AnswerReply,
): ReplyDeps {
  const tables = documentClient(shortTimeouts);
  const optOuts = wireRegister(tables, config);
  return {
    optOuts,
    phrases: config.opt_out_phrases,
    limit: (ms) => AbortSignal.timeout(ms),
    answer: answering({
      optOuts,
      answers: answerLog(tables, config.db_opt_outs_table),
      answerWindowSeconds: config.answer_window,
      ownSenders: Object.values(defaultSenders(config))
        .flatMap(({ standard, byCountry = {} }) => [standard, ...Object.values(byCountry)])
        .filter((sender) => sender !== undefined),
      clock: Date.now,
      observe,
    }),
  };
}
