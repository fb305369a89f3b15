import type { SameSecret } from '../access/access-keys.ts';
import type { Clock } from '../clock.ts';
import { errorAnswer, type HttpAnswer, type HttpRequest } from '../http.ts';
import type { Observe } from '../observe.ts';
import { exactKeyword } from '../opt-outs/keyword.ts';
import { bareAddress, channelOfAddress } from '../outbound/address-prefix.ts';
import { type Channel, hasNumbers } from '../outbound/channel.ts';
import { guidSchema, tenantIdSchema } from '../outbound/message-request.ts';
import type { SecretAnswer, TenantSecrets } from '../tenant/tenant-secret.ts';
import { Unavailable } from '../unavailable.ts';
import { type Correlation, fromScgExternalId } from './correlation.ts';
import {
  type ExternalEventRequest,
  errorCodeSchema,
  personAddressSchema,
  providerMessageIdSchema,
  replyKey,
  statusKey,
} from './external-event-request.ts';
import type { EventQueue } from './ports.ts';
import { postbackOf, readScgEvent, type ScgEvent } from './scg-event.ts';
import { statusOf } from './status-words.ts';
import { mayEnterWebhook } from './webhook-access.ts';

export type ScgEventsDeps = {
  readonly secrets: TenantSecrets;
  readonly same: SameSecret;
  readonly queue: EventQueue;
  /** `tenant_id`: whose webhook it is where neither route nor external id say so. */
  readonly defaultTenantId: string | undefined;
  /** `scg_channels_by_sender`: an event names its sender, never its channel. */
  readonly channelsBySender: Readonly<Record<string, Channel>>;
  /** `scg_mo_body_uppercase` */
  readonly uppercaseReplies: boolean;
  readonly clock: Clock;
  readonly observe: Observe;
};

/** No event of a message is near this long; a queue holds no more than 1 MiB once escaped. */
const MAX_BODY_BYTES = 128 * 1024;

const heard = (status: string): HttpAnswer => ({ status: 200, body: { status } });

/**
 * `POST /webhooks/scg[/{tenantId}]`: puts a status update or a reply on the ci360-events queue. The
 * tenant is the route's, else the external id's, else `tenant_id`; and the credentials must be that
 * tenant's.
 */
export async function scgEvents(request: HttpRequest, deps: ScgEventsDeps): Promise<HttpAnswer> {
  const { observe } = deps;
  const at = { requestId: request.requestId, now: deps.clock() };
  const routeTenant = request.params.tenantId;
  const event =
    request.body.length > MAX_BODY_BYTES
      ? ({ kind: 'malformed', issue: 'is too long' } as const)
      : readScgEvent(request.body);
  const correlation = event.kind === 'status' ? fromScgExternalId(event.externalId) : undefined;

  const named = routeTenant ?? correlation?.tenantId ?? deps.defaultTenantId;
  const tenant = tenantIdSchema.safeParse(named);
  const mayEnter = tenant.success && (await enter(request, tenant.data, deps));
  const otherTenant = correlation?.tenantId !== undefined && correlation.tenantId !== named;
  // An unknown tenant gets the answer of wrong credentials, so that nobody learns which tenants there are.
  if (!mayEnter || otherTenant) {
    observe.count('forged', { provider: 'scg' });
    observe.warn('credentials refused', { requestId: request.requestId, provider: 'scg' });
    return errorAnswer(401, 'UNAUTHORIZED', 'The credentials are not those of the tenant.', at, {
      headers: { 'www-authenticate': 'Basic realm="ci360-mobile-connector"' },
    });
  }
  const tenantId = tenant.data;

  switch (event.kind) {
    case 'malformed':
      observe.count('refused', { provider: 'scg' });
      return errorAnswer(400, 'BAD_REQUEST', 'The event cannot be read.', at, {
        details: [{ field: 'body', issue: event.issue }],
      });
    case 'other':
      observe.count('unmapped', { provider: 'scg' });
      return heard('ignored');
    case 'status': {
      const update = statusUpdate(event, tenantId, correlation, deps);
      if (typeof update === 'string') {
        observe.count(update, { provider: 'scg' });
        return heard('ignored');
      }
      await deps.queue.enqueue(update);
      observe.count('status_update', { provider: 'scg' });
      return heard('accepted');
    }
    case 'reply': {
      const reply = replyFrom(event, tenantId, routeTenant !== undefined, deps);
      if (reply === undefined) {
        observe.count('uncorrelated', { provider: 'scg' });
        return heard('ignored');
      }
      await deps.queue.enqueue(reply);
      observe.count('reply', { provider: 'scg' });
      return heard('accepted');
    }
  }
}

/** The channel that the address names, else the one that the sender is set up for. */
const channelOf = (address: string, senderId: string, deps: ScgEventsDeps): Channel =>
  channelOfAddress(address) ?? deps.channelsBySender[senderId] ?? 'SMS';

/**
 * A number is kept as E.164, also where SCG leaves out the plus; short codes and ids as they are. Fifteen
 * digits are a number only where the address or the settings say so: Messenger's ids are as long, and no
 * carrier gives out numbers of that length.
 */
function addressOf(address: string, senderId: string, deps: ScgEventsDeps): string {
  const bare = bareAddress(address);
  const stated = channelOfAddress(address) ?? deps.channelsBySender[senderId];
  const digits = stated === undefined ? /^\d{8,14}$/ : /^\d{8,15}$/;
  return hasNumbers(stated ?? 'SMS') && digits.test(bare) ? `+${bare}` : bare;
}

/** Compares with the cached secret, then with a fresh one: the credentials may have been changed a moment ago. */
async function enter(
  request: HttpRequest,
  tenantId: string,
  { same, secrets }: ScgEventsDeps,
): Promise<boolean> {
  const opens = (answer: SecretAnswer) =>
    mayEnterWebhook(request.headers, answer.kind === 'found' ? answer.secret : undefined, same);
  const first = await secrets.get(tenantId);
  if (opens(first)) return true;
  if (request.headers.authorization === undefined || first.kind === 'unknown-tenant') return false;
  const fresh = await secrets.get(tenantId, { refresh: true });
  // No caller can be verified while the secret cannot be read, so Syniverse is asked to come back.
  if (fresh.kind === 'invalid') throw new Unavailable('secrets');
  return opens(fresh);
}

/** The update, or the metric that counts why there is none. */
function statusUpdate(
  event: Extract<ScgEvent, { kind: 'status' }>,
  tenantId: string,
  correlation: Partial<Correlation> | undefined,
  deps: ScgEventsDeps,
): ExternalEventRequest | 'unmapped' | 'uncorrelated' {
  if (statusOf('scg', event.word) === undefined) return 'unmapped';
  const id = providerMessageIdSchema.safeParse(event.messageId);
  if (correlation === undefined || !id.success) return 'uncorrelated';
  // Messages that the SAS connector sent carry no guid; theirs is made of the provider's id.
  const guid = guidSchema.safeParse(correlation.guid ?? `scg-${id.data}`);
  if (!guid.success) return 'uncorrelated';
  const address = personAddressSchema.safeParse(event.address).data;
  const channel = channelOf(address ?? '', event.senderId, deps);
  const errorCode = errorCodeSchema.safeParse(event.errorCode).data;
  return {
    v: 1,
    kind: 'status',
    key: statusKey({ provider: 'scg', providerMessageId: id.data, word: event.word }),
    tenantId,
    provider: 'scg',
    channel,
    providerMessageId: id.data,
    receivedAt: deps.clock(),
    word: event.word,
    guid: guid.data,
    identityId: correlation.identityId ?? '',
    externalCode: correlation.externalCode ?? '',
    responseTrackingCode: '',
    ...(errorCode ? { errorCode } : {}),
    ...(event.errorText ? { errorText: event.errorText } : {}),
    ...(address ? { address: addressOf(address, event.senderId, deps) } : {}),
  };
}

function replyFrom(
  event: Extract<ScgEvent, { kind: 'reply' }>,
  tenantId: string,
  fromRoute: boolean,
  deps: ScgEventsDeps,
): ExternalEventRequest | undefined {
  const id = providerMessageIdSchema.safeParse(event.messageId);
  const from = personAddressSchema.safeParse(event.from);
  if (!id.success || !from.success) return undefined;
  const postback = postbackOf(event.body);
  const body = postback ?? event.body;
  const optOut = exactKeyword(body);
  const channel = channelOf(from.data, event.senderId, deps);
  return {
    v: 1,
    kind: 'reply',
    key: replyKey({ provider: 'scg', providerMessageId: id.data }),
    tenantId,
    tenantFrom: fromRoute ? 'route' : 'default',
    provider: 'scg',
    channel,
    providerMessageId: id.data,
    receivedAt: deps.clock(),
    from: addressOf(from.data, event.senderId, deps),
    to: personAddressSchema.safeParse(event.to).data ?? '',
    body: deps.uppercaseReplies ? body.toUpperCase() : body,
    ...(optOut ? { optOut } : {}),
    attributes: event.attachments ? { attachmentIds: event.attachments } : {},
  };
}
