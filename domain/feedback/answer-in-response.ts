import { answerTextsOf } from '../opt-outs/answer-texts.ts';
import { Unavailable } from '../unavailable.ts';
import { type AnswerDeps, answerTo, ECHO } from './answer.ts';
import type { Reply } from './external-event-request.ts';
import type { Heard } from './receive-callback.ts';

export type AnswerInResponseDeps = AnswerDeps & {
  /** What any other reply is answered with: `none`, `echo`, or a text. */
  readonly autoReply: string;
};

/**
 * The text with which the response to the webhook answers a reply, or undefined. It takes no message of
 * ours, and a webhook that the provider repeats, because it got no response, gets the same one.
 */
export async function answerInResponse(
  reply: Reply,
  heard: Heard,
  deps: AnswerInResponseDeps,
): Promise<string | undefined> {
  const { optOut } = reply;
  if (heard.isAnswered || optOut === 'START') return undefined;
  const { stop, help } = answerTextsOf(heard.secret, deps.observe);
  const auto = autoReply(deps.autoReply, reply.body);
  const asked = { reply, ...heard.taken, ourTexts: [stop, help, auto?.isEcho ? '' : auto?.text] };
  switch (optOut) {
    case 'STOP':
      return answerTo({ ...asked, kind: 'STOP', text: stop }, deps);
    case 'HELP':
      return answerTo({ ...asked, kind: 'HELP', text: help }, deps);
    case undefined:
      return courtesy(
        () => answerTo({ ...asked, kind: 'AUTO', text: auto?.text }, deps),
        reply,
        deps,
      );
  }
}

/** An automatic reply that nobody asked for: where it cannot be decided, none is given. */
async function courtesy(
  answer: () => Promise<string | undefined>,
  { tenantId, key, provider }: Reply,
  { observe }: AnswerInResponseDeps,
): Promise<string | undefined> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    observe.warn('no automatic reply while a part of the service is down', {
      tenantId,
      guid: key,
      provider,
      dependency: error.dependency,
    });
    return undefined;
  }
}

function autoReply(
  setting: string,
  body: string,
): { readonly text: string; readonly isEcho: boolean } | undefined {
  if (setting === 'none' || setting === '') return undefined;
  return setting === 'echo'
    ? { text: `${ECHO}${body}`, isEcho: true }
    : { text: setting, isEcho: false };
}
