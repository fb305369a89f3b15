import type { Clock } from '../../../domain/clock.ts';
import type { Correlation } from '../../../domain/feedback/correlation.ts';
import {
  errorCodeSchema,
  personAddressSchema,
  providerMessageIdSchema,
  type Reply,
  replyKey,
  type StatusUpdate,
  statusKey,
} from '../../../domain/feedback/external-event-request.ts';
import { statusOf } from '../../../domain/feedback/status-names.ts';
import { saidBy } from '../../../domain/feedback/take-reply.ts';
import type { Reading } from '../../../domain/opt-outs/keyword.ts';
import { bareAddress, channelOfAddress } from '../../../domain/outbound/address-prefix.ts';
import { type Channel, hasNumbers } from '../../../domain/outbound/channel.ts';
import { guidSchema } from '../../../domain/outbound/message-request.ts';
import { scgStatuses } from '../statuses.ts';
import { postbackOf, type ScgEvent } from './event.ts';

export type ScgRequestDeps = {
  /** `scg_channels_by_sender`: an event names its sender, never its channel. */
  readonly channelsBySender: Readonly<Record<string, Channel>>;
  /** `scg_mo_body_uppercase` */
  readonly uppercaseReplies: boolean;
  readonly clock: Clock;
};

/** The channel that the address names, else the one that the sender is set up for. */
const channelOf = (address: string, senderId: string, deps: ScgRequestDeps): Channel =>
  channelOfAddress(address) ?? deps.channelsBySender[senderId] ?? 'SMS';

/**
 * A number is kept as E.164, also where SCG leaves out the plus; short codes and ids as they are. Fifteen
 * digits are a number only where the address or the settings say so: Messenger's ids are as long, and no
 * carrier gives out numbers of that length.
 */
function addressOf(address: string, senderId: string, deps: ScgRequestDeps): string {
  const bare = bareAddress(address);
  const stated = channelOfAddress(address) ?? deps.channelsBySender[senderId];
  const digits = stated === undefined ? /^\d{8,14}$/ : /^\d{8,15}$/;
  return hasNumbers(stated ?? 'SMS') && digits.test(bare) ? `+${bare}` : bare;
}

/** The update, or the metric that counts why there is none. */
export function statusUpdateOf(
  event: Extract<ScgEvent, { kind: 'status' }>,
  tenantId: string,
  correlation: Partial<Correlation> | undefined,
  deps: ScgRequestDeps,
): StatusUpdate | 'unmapped' | 'uncorrelated' {
  if (statusOf(scgStatuses, event.word) === undefined) return 'unmapped';
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

/**
 * The sender that a person wrote to, as a message of ours names it: SCG's own id of it, else its address;
 * empty where the event names neither.
 */
export const senderOf = ({
  senderId,
  to,
}: Pick<Extract<ScgEvent, { kind: 'reply' }>, 'senderId' | 'to'>): string =>
  /^\S{1,128}$/.test(senderId) ? `sender_id:${senderId}` : bareAddress(to);

/** The reply, or undefined where it does not say whom it is from. `read` tells what its text means. */
export function replyOf(
  event: Extract<ScgEvent, { kind: 'reply' }>,
  tenantId: string,
  fromRoute: boolean,
  read: (body: string) => Reading,
  deps: ScgRequestDeps,
): Reply | undefined {
  const id = providerMessageIdSchema.safeParse(event.messageId);
  const from = personAddressSchema.safeParse(event.from);
  if (!id.success || !from.success) return undefined;
  const postback = postbackOf(event.body);
  const body = postback ?? event.body;
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
    // A postback is a program's own word, which it will compare as it wrote it.
    body: deps.uppercaseReplies && postback === undefined ? body.toUpperCase() : body,
    ...saidBy(read(body)),
    attributes: event.attachments ? { attachmentIds: event.attachments } : {},
  };
}
