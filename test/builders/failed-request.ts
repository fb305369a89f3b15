import type { FailedRequest } from '../../domain/failed-requests/failed-request.ts';
import { aMessageRequest, BUILT_AT } from './message-request.ts';

/** A message that Twilio refused for its token: class `config`, waiting for an operator. */
export function aFailedRequest(overrides: Partial<FailedRequest> = {}): FailedRequest {
  const tenantId = overrides.tenantId ?? 'tenant-a';
  const guid = overrides.guid ?? '3f1c2f6e-8a55-4c1b-9d3f-000000000001';
  return {
    guid,
    tenantId,
    kind: 'message',
    status: 'failed',
    provider: 'twilio',
    channel: 'SMS',
    eventBody: JSON.stringify(aMessageRequest({ guid, tenantId })),
    generatedTimestamp: new Date(BUILT_AT - 2_000).toISOString(),
    insertTs: new Date(BUILT_AT).toISOString(),
    httpStatus: 401,
    errorCode: '20003',
    errorClass: 'config',
    errorMessage: 'The account refused the credentials.',
    advice: 'Put the current auth token into the tenant secret, then replay.',
    attempts: 1,
    taskId: 'task-1',
    sender: '+12025550100',
    replays: 0,
    expireTs: Math.floor(BUILT_AT / 1000) + 7_776_000,
    ...overrides,
  };
}
