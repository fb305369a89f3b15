import { Unavailable } from '../unavailable.ts';
import type { FailedRequests } from './ports.ts';

const SWAP_TRIES = 3;

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
  for (let tries = 0; tries < SWAP_TRIES; tries += 1) {
    const row = await failedRequests.get(request.guid, request.tenantId);
    if (row === undefined || row.status === 'resolved') return;
    if (await failedRequests.swap(row, { ...row, status: 'resolved' })) return;
  }
  throw new Unavailable('failed-requests');
}
