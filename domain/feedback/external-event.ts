import type { Delivery } from '../delivery/delivery.ts';
import type { Reply, StatusUpdate } from './external-event-request.ts';

/** A flat external event: `eventName`, one identity, and attributes. CI360 takes strings everywhere. */
export type ExternalEvent = Readonly<Record<string, string>> & { readonly eventName: string };

/**
 * Our attribute names → the tenant's, for events that were defined in CI360 with other names:
 * `{"responseTrackingCode":"rtc"}`.
 */
type AttributeNames = Readonly<Record<string, string>>;

/** Every attribute that an external event can have beside its name and its identity. */
export const eventAttributes = [
  'externalCode',
  'responseTrackingCode',
  'messageId',
  'status',
  'errorCode',
  'errorMessage',
  'channel',
  'provider',
  'timestamp',
  'guid',
  'message_body',
  'from',
  'to',
  'optOutType',
  'optOutMatch',
  'profileName',
  'waId',
  'buttonText',
  'buttonPayload',
  'listId',
  'listTitle',
  'messageType',
  'originalMessageId',
  'mediaUrls',
  'mediaTypes',
  'attachmentIds',
] as const;

/** Which attributes events have, and under which names. */
export type AttributeSettings = {
  readonly attributeNames: AttributeNames;
  /** By our names; not set, all of them. */
  readonly attributes?: ReadonlySet<string> | undefined;
};

/** Says who the event is about, so it cannot be left out. */
const IDENTITY = 'datahub_id';

/** An attribute without a value, or that is not wanted, is left out. */
function build(
  eventName: string,
  attributes: Readonly<Record<string, string | undefined>>,
  { attributeNames: names, attributes: wanted }: AttributeSettings,
): ExternalEvent {
  const named: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (!value || (wanted && name !== IDENTITY && !wanted.has(name))) continue;
    named[Object.hasOwn(names, name) ? (names[name] ?? name) : name] = value;
  }
  return { ...named, eventName };
}

/** The event for a status, or undefined when neither callback nor delivery says who was written to. */
export function statusEvent(
  as: { readonly eventName: string; readonly word: string },
  update: StatusUpdate,
  delivery: Delivery,
  error: { readonly code: string; readonly message: string } | undefined,
  settings: AttributeSettings,
): ExternalEvent | undefined {
  const datahubId = update.identityId || delivery.identityId;
  if (!datahubId) return undefined;
  return build(
    as.eventName,
    {
      [IDENTITY]: datahubId,
      externalCode: update.externalCode || delivery.externalCode,
      responseTrackingCode: update.responseTrackingCode || delivery.responseTrackingCode,
      messageId: update.providerMessageId,
      status: as.word,
      errorCode: error?.code,
      errorMessage: error?.message,
      channel: delivery.channel,
      provider: update.provider,
      timestamp: new Date(update.receivedAt).toISOString(),
      guid: update.guid,
    },
    settings,
  );
}

/** Who a reply is from, as CI360 knows people: `{field: 'datahub_id', value: …}`. */
export type ReplyIdentity = { readonly field: string; readonly value: string };

export function replyEvent(
  eventName: string,
  reply: Reply,
  identity: ReplyIdentity,
  settings: AttributeSettings,
): ExternalEvent {
  return {
    ...build(
      eventName,
      {
        ...reply.attributes,
        message_body: reply.body,
        from: reply.from,
        to: reply.to,
        messageId: reply.providerMessageId,
        optOutType: reply.optOut,
        optOutMatch: reply.isPhrase && 'phrase',
        channel: reply.channel,
        provider: reply.provider,
        timestamp: new Date(reply.receivedAt).toISOString(),
      },
      settings,
    ),
    // The operator's own word, so it is not renamed.
    [identity.field]: identity.value,
  };
}
