import type { Callbacks, Field, Operation } from '../../../domain/agents/frontline/callback.ts';
import { isTooLarge } from '../../../domain/feedback/twilio-form.ts';
import {
  readTwilioRequest,
  type TwilioWebhookDeps,
} from '../../../domain/feedback/twilio-webhook.ts';
import { notFound, Refused } from '../../../domain/refused.ts';

/** The fields of the forms that Frontline and Conversations post. */
const fieldNames: Readonly<Record<Field, string>> = {
  address: 'MessagingBinding.Address',
  after: 'NextPageToken',
  agent: 'ClientIdentity',
  anchor: 'Anchor',
  attributes: 'Attributes',
  author: 'Author',
  body: 'Body',
  channels: 'Channels',
  channelType: 'ChannelType',
  channelValue: 'ChannelValue',
  conversationId: 'ConversationSid',
  createdAt: 'DateCreated',
  customerId: 'CustomerId',
  displayName: 'DisplayName',
  identity: 'Identity',
  pageSize: 'PageSize',
  participantId: 'ParticipantSid',
  query: 'Query',
  worker: 'Worker',
};

type Reading = (form: URLSearchParams) => Operation;

/** A callback whose `Location` says what is asked. https://www.twilio.com/docs/frontline */
const byLocation =
  (operations: Readonly<Record<string, Operation>>): Reading =>
  (form) => {
    const location = form.get('Location') ?? '';
    const operation = Object.hasOwn(operations, location) ? operations[location] : undefined;
    if (operation !== undefined) return operation;
    throw new Refused(422, 'UNKNOWN_LOCATION', 'This location is not known.');
  };

const CONVERSATION_START = 'onConversationAdd';
const events: Readonly<Record<string, Operation>> = {
  [CONVERSATION_START]: 'conversation-starts',
  onMessageAdd: 'message-starts',
  onMessageAdded: 'message-added',
  onParticipantAdded: 'participant-added',
};

/** `onConversationAdded`, `onDeliveryUpdated`: events after the fact end in a past participle. They cannot be refused. */
const isPostEvent = (event: string): boolean => /^on[A-Z][A-Za-z]{2,60}ed$/.test(event);

/** https://www.twilio.com/docs/conversations/conversations-webhooks */
const byEvent: Reading = (form) => {
  const event = form.get('EventType') ?? '';
  const operation = Object.hasOwn(events, event) ? events[event] : undefined;
  if (operation !== undefined) return operation;
  if (isPostEvent(event)) return 'other-event';
  throw new Refused(422, 'UNKNOWN_EVENT', 'This event type is not known.');
};

/** By the last part of a callback's path. */
const readings: Readonly<Record<string, Reading>> = {
  crm: byLocation({
    GetCustomersList: 'list-customers',
    GetCustomerDetailsByCustomerId: 'customer-details',
    CreateCustomer: 'create-customer',
    DeleteCustomer: 'delete-customer',
  }),
  'outgoing-conversation': byLocation({ GetProxyAddress: 'sender-number' }),
  routing: () => 'route-conversation',
  templates: byLocation({ GetTemplatesByCustomerId: 'templates' }),
  'twilio-conversations': byEvent,
};

/** The signed callbacks of Twilio Frontline and of its conversations. */
export const frontlineCallbacks = (deps: Omit<TwilioWebhookDeps, 'queue'>): Callbacks => ({
  read: async (request) => {
    const callback = request.params.callback ?? '';
    const path = `/frontline/${request.params.tenantId}/callbacks/${callback}`;
    const { tenantId, secret, form } = await readTwilioRequest(request, path, deps);
    const operationOf = Object.hasOwn(readings, callback) ? readings[callback] : undefined;
    if (operationOf === undefined) throw notFound('There is no such callback.');
    return {
      tenantId,
      secret,
      operation: operationOf(form),
      name: form.get('Location') ?? '',
      field: (field) => form.get(fieldNames[field]) ?? '',
      nameOf: (field) => fieldNames[field],
    };
  },
  // A form that is too large has been refused already.
  isConversationStart: ({ body }) =>
    !isTooLarge(body) && new URLSearchParams(body).get('EventType') === CONVERSATION_START,
});
