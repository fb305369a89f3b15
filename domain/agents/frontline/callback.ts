import type { Clock } from '../../clock.ts';
import type { HttpAnswer, HttpRequest } from '../../http.ts';
import type { Observe } from '../../observe.ts';
import type { OptOuts } from '../../opt-outs/ports.ts';
import type { Numbering } from '../../outbound/phone-number.ts';
import { Refused } from '../../refused.ts';
import type { TenantSecret, TenantSecrets } from '../../tenant/tenant-secret.ts';
import type { Credentials } from '../../tenant/use-secret.ts';
import type { AgentRecords } from '../agent-records.ts';
import type { NotDone } from '../answered.ts';
import type { ContactCopy, ContactJobs, SourceOf } from '../contacts/ports.ts';
import type { Conversations, ConversationsOf } from './ports.ts';

export type FrontlineDeps = {
  readonly callbacks: Callbacks;
  readonly secrets: TenantSecrets;
  readonly copy: ContactCopy;
  readonly sourceOf: SourceOf;
  /** Whether the tenant's contacts are a copy of another source, rather than our own. */
  readonly isCopied: (secret: TenantSecret) => boolean;
  readonly jobs: ContactJobs;
  readonly optOuts: OptOuts;
  readonly conversationsOf: ConversationsOf;
  readonly records: AgentRecords;
  readonly clock: Clock;
  readonly observe: Observe;
  /** A signal that aborts after this many milliseconds. */
  readonly limit: (ms: number) => AbortSignal;
  readonly numbering: Numbering;
};

/** What the agents' app, or its conversations, ask for. */
export type Operation =
  | 'list-customers'
  | 'customer-details'
  | 'create-customer'
  | 'delete-customer'
  | 'sender-number'
  | 'templates'
  | 'route-conversation'
  | 'conversation-starts'
  | 'message-starts'
  | 'message-added'
  | 'participant-added'
  /** Something has happened that needs no action. */
  | 'other-event';

export type Field =
  | 'address'
  | 'after'
  | 'agent'
  | 'anchor'
  | 'attributes'
  | 'author'
  | 'body'
  | 'channels'
  | 'channelType'
  | 'channelValue'
  | 'conversationId'
  | 'createdAt'
  | 'customerId'
  | 'displayName'
  | 'identity'
  | 'pageSize'
  | 'participantId'
  | 'query'
  | 'worker';

/** A verified callback. */
export type ReadCallback = {
  readonly tenantId: string;
  readonly secret: TenantSecret;
  readonly operation: Operation;
  /** The operation's name in the request, for the log. */
  readonly name: string;
  /** The value of a field; empty if it is missing. */
  readonly field: (name: Field) => string;
  /** The field's name in the request, for errors. */
  readonly nameOf: (name: Field) => string;
};

/** The requests of the agents' app. */
export type Callbacks = {
  /** The platform's name, for errors. */
  readonly platform: string;
  /** Verifies and reads a request. Throws `Refused` for one that is not the app's, or not known. */
  readonly read: (request: HttpRequest) => Promise<ReadCallback>;
  /** Whether a request, verified or not, says that a conversation starts. */
  readonly isConversationStart: (request: HttpRequest) => boolean;
};

/** A callback with what it needs bound to its tenant. */
export type Callback = ReadCallback & {
  readonly credentials: Credentials;
  readonly conversations: Conversations;
  readonly requestId: string;
};

export type CallbackHandler = (callback: Callback, deps: FrontlineDeps) => Promise<HttpAnswer>;

export const ok = (body: unknown, headers?: Readonly<Record<string, string>>): HttpAnswer => ({
  status: 200,
  body,
  ...(headers ? { headers } : {}),
});

/** Refuses a callback and names all fields that are missing or blank. */
export function requireFields({ field, nameOf }: ReadCallback, names: readonly Field[]): void {
  const missing = names.filter((name) => field(name).trim() === '').map(nameOf);
  if (missing.length === 0) return;
  throw new Refused(400, 'MISSING_FIELDS', `Missing: ${missing.join(', ')}.`, {
    details: missing.map((name) => ({ field: name, issue: 'is missing' })),
  });
}

/** The platform did not do what we asked: 503 if it may succeed later, 502 if an operator has to act. */
export function notDone(callback: Callback, answer: NotDone, deps: FrontlineDeps): Refused {
  const { platform } = deps.callbacks;
  deps.observe.error(`${platform} did not do it`, {
    requestId: callback.requestId,
    tenantId: callback.tenantId,
    class: answer.kind,
    code: answer.code,
  });
  if (answer.kind === 'refused') {
    const refusal = `${platform} refused it (${answer.code}).`;
    return new Refused(502, `${platform.toUpperCase()}_REFUSED`, refusal);
  }
  return new Refused(503, 'SERVICE_UNAVAILABLE', `${platform} did not answer; try again.`, {
    headers: { 'retry-after': answer.kind === 'busy' ? `${answer.retryAfterSeconds}` : '1' },
  });
}
