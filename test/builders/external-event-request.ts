import {
  type Reply,
  replyKey,
  type StatusUpdate,
  statusKey,
} from '../../domain/feedback/external-event-request.ts';
import { BUILT_AT } from './message-request.ts';

/** Twilio's word that the message of `aDelivery()` was delivered. */
export function aStatusUpdate(overrides: Partial<StatusUpdate> = {}): StatusUpdate {
  const update: StatusUpdate = {
    v: 1,
    kind: 'status',
    key: '',
    tenantId: 'tenant-a',
    provider: 'twilio',
    channel: 'SMS',
    providerMessageId: `SM${'1'.repeat(32)}`,
    receivedAt: BUILT_AT,
    word: 'delivered',
    guid: '3f1c2f6e-8a55-4c1b-9d3f-000000000001',
    identityId: 'identity-1',
    externalCode: 'TSK_1',
    responseTrackingCode: 'rtc-1',
    address: '+12025550123',
    ...overrides,
  };
  return { ...update, key: overrides.key ?? statusKey(update) };
}

/** What the recipient of `aMessageRequest()` wrote back through Twilio. */
export function aReply(overrides: Partial<Reply> = {}): Reply {
  const reply: Reply = {
    v: 1,
    kind: 'reply',
    key: '',
    tenantId: 'tenant-a',
    tenantFrom: 'route',
    provider: 'twilio',
    channel: 'SMS',
    providerMessageId: `SM${'2'.repeat(32)}`,
    receivedAt: BUILT_AT,
    from: '+12025550123',
    to: '+12025550100',
    body: 'Thank you',
    attributes: {},
    ...overrides,
  };
  return { ...reply, key: overrides.key ?? replyKey(reply) };
}
