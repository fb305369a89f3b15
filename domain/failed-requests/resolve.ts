import { swapUntil } from '../swap-until.ts';
import type { FailedRequest } from './failed-request.ts';
import type { FailedRequests } from './ports.ts';

/** The row once nothing is left to do: it cannot be replayed any more, so its number and text are not kept. */
export const resolved = (row: FailedRequest): FailedRequest => ({
  ...row,
  status: 'resolved',
  eventBody: '',
});

/**
 * Marks the failed request of a replayed message as resolved once the message was sent, or of a
 * replayed external event once CI360 has it. Does nothing for what was never replayed; safe to repeat.
 * Throws `Unavailable` when others keep changing the row, so that the record comes back and tries again.
 */
export async function resolveFailedRequest(
  request: { readonly guid: string; readonly tenantId: string; readonly replay?: unknown },
  failedRequests: Pick<FailedRequests, 'get' | 'swap'>,
): Promise<void> {
  if (request.replay === undefined) return;
  await swapUntil('failed-requests', async () => {
    const row = await failedRequests.get(request.guid, request.tenantId);
    if (row === undefined || row.status === 'resolved') return true;
    return (await failedRequests.swap(row, resolved(row))) || undefined;
  });
}
