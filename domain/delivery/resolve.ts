import type { FailedRequests } from './failed-requests.ts';

/**
 * Marks the failed request of a replayed message as resolved once the message was sent, or of a
 * replayed external event once CI360 has it. Does nothing for what was never replayed; safe to repeat.
 */
export async function resolveFailedRequest(
  request: { readonly guid: string; readonly tenantId: string; readonly replay?: unknown },
  failedRequests: Pick<FailedRequests, 'get' | 'swap'>,
): Promise<void> {
  if (request.replay === undefined) return;
  const row = await failedRequests.get(request.guid, request.tenantId);
  if (row === undefined || row.status === 'resolved') return;
  await failedRequests.swap(row, { ...row, status: 'resolved' });
}
