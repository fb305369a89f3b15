import type { SameSecret } from '../../../domain/access/access-keys.ts';
import type {
  CallbackReading,
  Callbacks,
  ReplyReading,
  StatusReading,
} from '../../../domain/feedback/callback.ts';
import type { Opened } from '../../../domain/feedback/verify-callback.ts';
import type { HttpRequest } from '../../../domain/http.ts';
import { bareAddress, channelOfAddress } from '../../../domain/outbound/address-prefix.ts';
import { type Channel, hasNumbers } from '../../../domain/outbound/channel.ts';
import { Refused } from '../../../domain/refused.ts';
import { fromScgExternalId } from '../reference.ts';
import { scgStatuses } from '../statuses.ts';
import { mayEnterWebhook } from './access.ts';
import { postbackOf, readScgEvent, type ScgEvent } from './event.ts';

export type ScgCallbackOptions = {
  readonly same: SameSecret;
  /** `tenant_id`: whose webhook it is where neither route nor external id say so. */
  readonly defaultTenantId: string | undefined;
  /** `scg_channels_by_sender`: an event names its sender, never its channel. */
  readonly channelsBySender: Readonly<Record<string, Channel>>;
  /** `scg_mo_body_uppercase` */
  readonly uppercaseReplies: boolean;
};

/** No event of a message is near this long; a queue holds no more than 1 MiB once escaped. */
const MAX_BODY_BYTES = 128 * 1024;

/**
 * `POST /webhooks/scg[/{tenantId}]`: status updates and replies. The tenant is the route's, else the
 * external id's, else `tenant_id`; and the credentials must be that tenant's.
 */
export const scgCallbacks = (options: ScgCallbackOptions): Callbacks => ({
  provider: 'scg',
  forged: () =>
    new Refused(401, 'UNAUTHORIZED', 'The credentials are not those of the tenant.', {
      headers: { 'www-authenticate': 'Basic realm="ci360-mobile-connector"' },
    }),
  open: (request) => open(request, options),
  statuses: scgStatuses,
  acknowledge: (result) => ({ status: 200, body: { status: result } }),
});

function open(request: HttpRequest, options: ScgCallbackOptions): Opened<() => CallbackReading> {
  if (request.headers.authorization === undefined)
    return { kind: 'forged', code: 'no-credentials' };
  const event: ScgEvent =
    request.body.length > MAX_BODY_BYTES
      ? { kind: 'malformed', issue: 'is too long' }
      : readScgEvent(request.body);
  const correlation = event.kind === 'status' ? fromScgExternalId(event.externalId) : undefined;
  const routeTenant = request.params.tenantId;
  const tenantId = routeTenant ?? correlation?.tenantId ?? options.defaultTenantId;
  const isOthers = correlation?.tenantId !== undefined && correlation.tenantId !== tenantId;
  if (isOthers) return { kind: 'forged', code: 'other-tenant' };
  return {
    kind: 'opened',
    tenantId,
    check: (secret) =>
      mayEnterWebhook(request.headers, secret, options.same) ? 'authentic' : 'mismatch',
    content: () => read(event, routeTenant === undefined ? 'default' : 'route', options),
  };
}

function read(
  event: ScgEvent,
  tenantFrom: ReplyReading['tenantFrom'],
  options: ScgCallbackOptions,
): CallbackReading {
  switch (event.kind) {
    case 'malformed':
      return {
        kind: 'refusal',
        refusal: new Refused(400, 'BAD_REQUEST', 'The event cannot be read.', {
          details: [{ field: 'body', issue: event.issue }],
        }),
      };
    case 'other':
      return { kind: 'ignored', metric: 'unmapped' };
    case 'status':
      return statusFrom(event, options);
    case 'reply':
      return replyFrom(event, tenantFrom, options);
  }
}

const statusFrom = (
  event: Extract<ScgEvent, { kind: 'status' }>,
  options: ScgCallbackOptions,
): StatusReading => ({
  kind: 'status',
  word: event.word,
  providerMessageId: event.messageId,
  correlation: fromScgExternalId(event.externalId),
  channel: channelOf(event.address, event.senderId, options),
  errorCode: event.errorCode,
  errorText: event.errorText,
  address: addressOf(event.address, event.senderId, options),
});

function replyFrom(
  event: Extract<ScgEvent, { kind: 'reply' }>,
  tenantFrom: ReplyReading['tenantFrom'],
  options: ScgCallbackOptions,
): ReplyReading {
  const postback = postbackOf(event.body);
  const body = postback ?? event.body;
  return {
    kind: 'reply',
    providerMessageId: event.messageId,
    channel: channelOf(event.from, event.senderId, options),
    from: addressOf(event.from, event.senderId, options),
    to: event.to,
    // A postback is data of a program, which compares it with what it wrote.
    body: options.uppercaseReplies && postback === undefined ? body.toUpperCase() : body,
    said: body,
    tenantFrom,
    sender: senderOf(event),
    attributes: event.attachments ? { attachmentIds: event.attachments } : {},
  };
}

/** The channel that the address names, else the one that the sender is set up for. */
const channelOf = (address: string, senderId: string, options: ScgCallbackOptions): Channel =>
  channelOfAddress(address) ?? options.channelsBySender[senderId] ?? 'SMS';

/**
 * A number is kept as E.164, also where SCG leaves out the plus; short codes and ids as they are. Fifteen
 * digits are a number only where the address or the settings say so: Messenger's ids are as long, and no
 * carrier gives out numbers of that length.
 */
function addressOf(address: string, senderId: string, options: ScgCallbackOptions): string {
  const bare = bareAddress(address);
  const stated = channelOfAddress(address) ?? options.channelsBySender[senderId];
  const digits = stated === undefined ? /^\d{8,14}$/ : /^\d{8,15}$/;
  return hasNumbers(stated ?? 'SMS') && digits.test(bare) ? `+${bare}` : bare;
}

/**
 * The sender that a person wrote to, as a message of ours names it: SCG's own id of it, else its address;
 * empty where the event names neither.
 */
const senderOf = ({ senderId, to }: Extract<ScgEvent, { kind: 'reply' }>): string =>
  /^\S{1,128}$/.test(senderId) ? `sender_id:${senderId}` : bareAddress(to);
