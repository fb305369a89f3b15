import type { Counted } from '../../domain/campaigns/counted.ts';

/** A delivery as totals see it, waiting for its first attempt. */
export const aCounted = (overrides: Partial<Counted> = {}): Counted => ({
  tenantId: 'tenant-a',
  guid: 'guid-1',
  taskId: 'task-1',
  externalCode: 'TSK_1',
  provider: 'twilio',
  channel: 'SMS',
  country: 'US',
  status: 'sending',
  tried: { sender: '+12025550100', segments: 2 },
  replayNo: 0,
  acceptedAt: Date.UTC(2026, 10, 20, 9, 30),
  createdAt: Date.UTC(2026, 10, 20, 9, 30, 1),
  updatedAt: Date.UTC(2026, 10, 20, 9, 30, 1),
  ...overrides,
});
