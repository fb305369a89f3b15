import type { Callbacks, Field, Operation } from '../../../domain/agents/frontline/callback.ts';
import { type VerifyDeps, verifyCallback } from '../../../domain/feedback/verify-callback.ts';
import { notFound, Refused } from '../../../domain/refused.ts';
import { type SignedFormOptions, signedForms } from '../webhooks/signed-form.ts';

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
export function frontlineCallbacks(deps: VerifyDeps & SignedFormOptions): Callbacks {
  const forms = signedForms(
    ({ tenantId, callback }) => `/frontline/${tenantId}/callbacks/${callback}`,
    (form) => form,
    deps,
  );
  return {
    platform: 'Twilio',
    read: async (request) => {
      const { tenantId, secret, content: form } = await verifyCallback(request, forms, deps);
      const callback = request.params.callback ?? '';
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
    // A form that is too large, or has no signature, has been refused already.
    isConversationStart: (request) => {
      const opened = forms.open(request);
      return opened.kind === 'opened' && opened.content.get('EventType') === CONVERSATION_START;
    },
  };
}
