import type { MessageRequest } from './message-request.ts';

/**
 * The messages that share the workers fairly with others: those of one task of a tenant, and those of one
 * replay. A campaign of a million messages then does not hold up an order confirmation of the same tenant.
 */
export function messageGroupOf({
  tenantId,
  taskId,
  replay,
}: Pick<MessageRequest, 'tenantId' | 'taskId' | 'replay'>): string {
  if (replay !== undefined) return `${tenantId}/replay/${replay.id}`;
  return taskId === '' ? tenantId : `${tenantId}/${taskId}`;
}
