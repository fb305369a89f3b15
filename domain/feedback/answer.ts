import { type Clock, SECOND } from '../clock.ts';
import type { Observe } from '../observe.ts';
import { keyOf } from '../opt-outs/normalise.ts';
import type { OptOuts } from '../opt-outs/ports.ts';
import { addressKey } from '../outbound/address-key.ts';
import type { Reply } from './external-event-request.ts';
import type { AnswerLog } from './ports.ts';

/** What is answered: a STOP, a HELP, or any other reply. */
type AnswerKind = 'STOP' | 'HELP' | 'AUTO';

/** A reply and the text that may answer it. */
export type Asked = {
  readonly reply: Reply;
  readonly kind: AnswerKind;
  readonly text: string | undefined;
  /** The tenant on whose behalf the text is sent. */
  readonly tenantId: string;
  /** For STOP: whether this very message opted the person out. */
  readonly isChange: boolean;
  /** Texts that only an automatic answer has; one of them is never answered. */
  readonly ourTexts: readonly (string | undefined)[];
};

export type AnswerDeps = {
  readonly optOuts: Pick<OptOuts, 'isOptedOut'>;
  readonly answers: AnswerLog;
  /** `answer_window`; 0 answers every time. */
  readonly answerWindowSeconds: number;
  /** Senders of our own that the settings name: a message from one of them is never answered. */
  readonly ownSenders: readonly string[];
  readonly clock: Clock;
  readonly observe: Observe;
};

/** What an automatic reply that repeats the text begins with. */
export const ECHO = 'echo: ';

/**
 * The text, if the reply may be answered with it. Nobody who opted out is answered, but for the one
 * confirmation of the STOP itself; nobody is answered in the same way twice within the window; and
 * nothing that may be a machine is answered: our own senders and texts, short codes and names. So two
 * programs that answer each other stop after one message each.
 *
 * Without a text nothing is read or written. A HELP or other reply costs one read and one write, a
 * STOP neither. The same message may be answered again: the provider repeats it when it got no answer.
 */
export async function answerTo(asked: Asked, deps: AnswerDeps): Promise<string | undefined> {
  const { reply, text } = asked;
  if (!text) return undefined;
  const reason = await withheld(asked, deps);
  if (reason === undefined) return text;
  deps.observe.info('a reply gets no automatic answer', {
    tenantId: asked.tenantId,
    guid: reply.key,
    provider: reply.provider,
    code: reason,
  });
  return undefined;
}

/** Why a reply is not answered, or undefined when it may be. */
async function withheld(asked: Asked, deps: AnswerDeps): Promise<string | undefined> {
  const { reply, kind, tenantId } = asked;
  if (!isPerson(reply, deps.ownSenders)) return 'not-a-person';
  if (isOurs(reply.body, asked.ourTexts)) return 'our-own-text';
  if (kind === 'STOP') return asked.isChange ? undefined : 'nothing-changed';
  if (await deps.optOuts.isOptedOut(tenantId, reply.from)) return 'opted-out';
  if (deps.answerWindowSeconds === 0) return undefined;
  const now = deps.clock();
  const isFirst = await deps.answers.take(`${tenantId}#${kind}#${addressKey(reply.from)}`, {
    messageId: reply.providerMessageId,
    now,
    until: now + deps.answerWindowSeconds * SECOND,
  });
  return isFirst ? undefined : 'answered-before';
}

/** Channels on which programs write too, from short codes and names. */
const texted: ReadonlySet<string> = new Set(['SMS', 'MMS', 'RCS']);

function isPerson({ channel, from, to }: Reply, ownSenders: readonly string[]): boolean {
  const key = addressKey(from);
  if ([to, ...ownSenders].some((sender) => addressKey(sender) === key)) return false;
  return !texted.has(channel) || /^\+\d{7,15}$/.test(from);
}

function isOurs(body: string, ourTexts: readonly (string | undefined)[]): boolean {
  if (body.startsWith(ECHO)) return true;
  const key = keyOf(body);
  return key !== '' && ourTexts.some((text) => text !== undefined && keyOf(text) === key);
}
