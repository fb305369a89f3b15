import type { Delivery } from '../../domain/delivery/delivery.ts';
import { BUILT_AT } from './message-request.ts';

/** The first version of the delivery of `aMessageRequest()`, not claimed by anyone. */
export function aDelivery(overrides: Partial<Delivery> = {}): Delivery {
  const tenantId = overrides.tenantId ?? 'tenant-a';
  const guid = overrides.guid ?? '3f1c2f6e-8a55-4c1b-9d3f-000000000001';
  return {
    deliveryId: `${tenantId}#${guid}`,
    tenantId,
    guid,
    provider: 'twilio',
    channel: 'SMS',
    taskId: 'task-1',
    identityId: 'identity-1',
    externalCode: 'TSK_1',
    responseTrackingCode: 'rtc-1',
    status: 'sending',
    version: 1,
    attempts: 0,
    replayNo: 0,
    createdAt: BUILT_AT,
    updatedAt: BUILT_AT,
    expireTs: Math.floor(BUILT_AT / 1000) + 2_592_000,
    ...overrides,
  };
}
