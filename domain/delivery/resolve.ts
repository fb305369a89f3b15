import type { MessageRequest } from '../outbound/message-request.ts';
import type { FailedRequests } from './failed-requests.ts';

/**
 * Marks the failed request of a replayed message as resolved once the message was sent. Does nothing
 * for messages that were never replayed; safe to repeat.
 */
export async function resolveFailedRequest(
  request: MessageRequest,
  failedRequests: Pick<FailedRequests, 'get' | 'swap'>,
): Promise<void> {
  if (request.replay === undefined) return;
  const row = await failedRequests.get(request.guid, request.tenantId);
  if (row === undefined || row.status === 'resolved') return;
  await failedRequests.swap(row, { ...row, status: 'resolved' });
}
