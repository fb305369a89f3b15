import { BUILT_AT } from './message-request.ts';

/** What a test may change of the event; anything else it does by hand on the result. */
export type EventOverrides = {
  readonly guid?: unknown;
  readonly eventType?: unknown;
  readonly tenantId?: unknown;
  readonly identityId?: unknown;
  readonly generatedTimestamp?: unknown;
  readonly creative?: unknown;
  readonly isControlGroup?: unknown;
  readonly responseTrackingCode?: unknown;
  readonly properties?: unknown;
  readonly eventName?: unknown;
  readonly taskId?: unknown;
};

/** `of[name]`, also when it is undefined or null: a test may want the field to be so. */
const given = (of: EventOverrides, name: keyof EventOverrides, fallback: unknown): unknown =>
  Object.hasOwn(of, name) ? of[name] : fallback;

/** An event as CI360 posts it: what we need among what we do not, with its nulls and empty texts. */
export function anOutboundEvent(overrides: EventOverrides = {}) {
  const identityId = given(overrides, 'identityId', '0f7d9b5c-3a1e-4a57-8f0e-000000000001');
  return {
    guid: given(overrides, 'guid', '3f1c2f6e-8a55-4c1b-9d3f-000000000001'),
    eventType: given(overrides, 'eventType', 'outboundSystem'),
    eventName: given(overrides, 'eventName', 'Spring sale send'),
    eventDesignedName: 'Spring sale send',
    customName: null,
    apiEventKey: null,
    sessionId: identityId,
    channelId: identityId,
    channelType: 'external',
    date: {
      generatedTimestamp: given(overrides, 'generatedTimestamp', BUILT_AT - 2_000),
      sentTimestamp: null,
      receivedTimestamp: null,
      utcOffset: 0,
    },
    externalTenantId: given(overrides, 'tenantId', 'tenant-a'),
    internalTenantId: 1001,
    identityId,
    properties: given(overrides, 'properties', {
      externalCode: 'TSK_202',
      subject_id: '1669',
      event_datetime_utc: String(BUILT_AT - 2_000),
    }),
    outboundProperties: { properties: {} },
    contactResponse: {
      responseTrackingCode: given(overrides, 'responseTrackingCode', 'rtc-1'),
      contactResponseCode: null,
      responseType: null,
    },
    impression: {
      creativeId: 'creative-1',
      creativeContent: given(
        overrides,
        'creative',
        'TO:+12025550123;FROM:+12025550100;Hello from the spring sale',
      ),
      isControlGroup: given(overrides, 'isControlGroup', false),
      taskId: given(overrides, 'taskId', 'task-1'),
      messageId: '0',
      segmentId: '',
    },
    sms: { countryCode: null, address: null, senderId: null },
    trace: { tracePoints: [] },
    deviceInfo: null,
  };
}
