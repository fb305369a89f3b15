import { answerTextsOf } from '../opt-outs/answer-texts.ts';
import type { MessageRequest } from '../outbound/message-request.ts';
import type { OutboundQueue } from '../outbound/ports.ts';
import type { TenantSecret } from '../tenant/tenant-secret.ts';
import { type AnswerDeps, answerTo } from './answer.ts';
import { answerGuid } from './answer-guid.ts';
import type { Reply } from './external-event-request.ts';
import { type PersonDeps, personOf } from './person-of.ts';
import type { Heard } from './receive-callback.ts';

export type AnswerByMessageDeps = AnswerDeps & {
  readonly outbound: Pick<OutboundQueue, 'enqueue'>;
  readonly secrets: PersonDeps['secrets'];
  readonly person?: PersonDeps | undefined;
};

/**
 * Answers a STOP or HELP with a message of its own on the outbound queue, for a provider that answers
 * neither. The message is named after the reply, so a reply that is delivered again is answered once.
 * Throws `Unavailable` when the answer cannot be queued: the provider repeats the reply, which counts once.
 */
export async function answerByMessage(
  reply: Reply,
  heard: Heard,
  deps: AnswerByMessageDeps,
): Promise<undefined> {
  const { optOut: kind } = reply;
  if (kind !== 'STOP' && kind !== 'HELP') return undefined;
  const tenantId = await tenantOf(reply, kind, heard, deps);
  const secret = tenantId && (await secretOf(tenantId, reply, heard, deps));
  if (!tenantId || !secret) return undefined;
  const { stop, help } = answerTextsOf(secret, deps.observe);
  const { isChange } = heard.taken;
  const text = await answerTo(
    {
      reply,
      kind,
      text: heard.sender && (kind === 'STOP' ? stop : help),
      tenantId,
      isChange,
      ourTexts: [stop, help],
    },
    deps,
  );
  if (!text) return undefined;
  await deps.outbound.enqueue(requestOf(reply, kind, text, tenantId, heard.sender));
  return undefined;
}

/** On whose behalf the answer is given; undefined where there is none to give. */
async function tenantOf(
  reply: Reply,
  kind: 'STOP' | 'HELP',
  { taken, secret }: Heard,
  { observe, person }: AnswerByMessageDeps,
): Promise<string | undefined> {
  if (kind === 'STOP') return taken.isChange ? taken.tenantId : undefined;
  // A tenant without a text costs nothing: on a shared address its text is what switches HELP on.
  if (!answerTextsOf(secret, observe).help) return undefined;
  if (reply.tenantFrom === 'route' || !person) return reply.tenantId;
  return (await personOf(reply, person))?.tenantId ?? reply.tenantId;
}

async function secretOf(
  tenantId: string,
  reply: Reply,
  { secret }: Heard,
  { secrets }: AnswerByMessageDeps,
): Promise<TenantSecret | undefined> {
  if (tenantId === reply.tenantId) return secret;
  const answer = await secrets.get(tenantId);
  return answer.kind === 'found' ? answer.secret : undefined;
}

/** Nobody in CI360 sent it: it carries no identity and no task, and nothing is reported of it. */
const requestOf = (
  reply: Reply,
  answers: 'STOP' | 'HELP',
  body: string,
  tenantId: string,
  from: string,
): MessageRequest => ({
  v: 1,
  guid: answerGuid(reply),
  tenantId,
  provider: reply.provider,
  channel: reply.channel,
  to: reply.from,
  from,
  fromSource: 'creative',
  body,
  mediaUrls: [],
  identityId: '',
  externalCode: '',
  responseTrackingCode: '',
  taskId: '',
  eventName: '',
  generatedAt: reply.receivedAt,
  acceptedAt: reply.receivedAt,
  answers,
});
