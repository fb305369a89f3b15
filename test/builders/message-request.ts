import type { MessageRequest } from '../../domain/outbound/message-request.ts';

/** The moment at which built records were accepted; tests start their clock here. */
export const BUILT_AT = Date.parse('2026-03-02T09:00:00.000Z');

/** An SMS over Twilio from the demo tenant; name only what the test is about. */
export function aMessageRequest(overrides: Partial<MessageRequest> = {}): MessageRequest {
  return {
    v: 1,
    guid: '3f1c2f6e-8a55-4c1b-9d3f-000000000001',
    tenantId: 'tenant-a',
    provider: 'twilio',
    channel: 'SMS',
    to: '+12025550123',
    from: '+12025550100',
    fromSource: 'creative',
    body: 'Your parcel is on its way; reply STOP to end.',
    mediaUrls: [],
    identityId: 'identity-1',
    externalCode: 'TSK_202',
    responseTrackingCode: 'rtc-1',
    taskId: 'task-1',
    eventName: 'Outbound text',
    generatedAt: BUILT_AT - 2_000,
    acceptedAt: BUILT_AT,
    ...overrides,
  };
}
