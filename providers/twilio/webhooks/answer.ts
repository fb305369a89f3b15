import { type AnswerDeps, answerTo, ECHO } from '../../../domain/feedback/answer.ts';
import type { Reply } from '../../../domain/feedback/external-event-request.ts';
import type { Taken } from '../../../domain/feedback/take-reply.ts';
import { answerTextsOf } from '../../../domain/opt-outs/answer-texts.ts';
import type { Keyword } from '../../../domain/opt-outs/keyword.ts';
import type { TenantSecret } from '../../../domain/tenant/tenant-secret.ts';
import { Unavailable } from '../../../domain/unavailable.ts';

export type TwilioAnswerDeps = AnswerDeps & {
  /** `twilio_auto_reply`: `none`, `echo`, or a text. */
  readonly autoReply: string;
};

/**
 * The STOP and HELP that Twilio answers by itself on a telephone number: its default keywords, as the whole
 * text, in any case. https://help.twilio.com/articles/223134027
 */
const twilioKeywords: ReadonlySet<string> = new Set([
  'STOP',
  'STOPALL',
  'UNSUBSCRIBE',
  'CANCEL',
  'END',
  'QUIT',
  'REVOKE',
  'OPTOUT',
  'HELP',
  'INFO',
]);

/**
 * Whether Twilio has answered itself. A Messaging Service says so (`OptOutType`); on telephone numbers
 * its default keywords are answered without a word to us; on WhatsApp and Messenger nothing is.
 */
function isAnsweredByTwilio({ channel, body }: Reply, optOutType: Keyword | undefined): boolean {
  if (optOutType !== undefined) return true;
  const isNumber = channel === 'SMS' || channel === 'MMS';
  return isNumber && twilioKeywords.has(body.trim().toUpperCase());
}

/**
 * The text that the webhook's own response answers a reply with, or undefined. It takes no message of
 * ours, and a webhook that Twilio repeats, because it got no response, gets the same one.
 */
export async function twilioAnswer(
  reply: Reply,
  heard: {
    readonly taken: Taken;
    readonly secret: TenantSecret;
    /** `OptOutType` of the webhook. */
    readonly optOutType: Keyword | undefined;
  },
  deps: TwilioAnswerDeps,
): Promise<string | undefined> {
  const { optOut } = reply;
  if (isAnsweredByTwilio(reply, heard.optOutType) || optOut === 'START') return undefined;
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
  { tenantId, key }: Reply,
  { observe }: TwilioAnswerDeps,
): Promise<string | undefined> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    observe.warn('no automatic reply while a part of the service is down', {
      tenantId,
      guid: key,
      provider: 'twilio',
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
