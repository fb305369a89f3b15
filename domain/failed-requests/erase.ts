import { erased } from '../delivery/erased.ts';
import { isErased } from '../opt-outs/opt-out.ts';
import type { OptOuts } from '../opt-outs/ports.ts';
import { swapUntil } from '../swap-until.ts';
import type { FailedRequest } from './failed-request.ts';
import type { FailedRequests } from './ports.ts';
import { resolved } from './resolve.ts';

type Table = { readonly failedRequests: Pick<FailedRequests, 'get' | 'swap'> };

const withoutPerson = (row: FailedRequest): FailedRequest => {
  const { advice: _about, ...rest } = resolved(row);
  return {
    ...rest,
    errorClass: erased.class,
    errorCode: erased.code,
    errorMessage: erased.message,
  };
};

/** Takes number and text out of a failed request, which cannot be replayed then. Safe to repeat. */
export async function eraseFailedRequest(
  { guid, tenantId }: Pick<FailedRequest, 'guid' | 'tenantId'>,
  { failedRequests }: Table,
): Promise<void> {
  await swapUntil('failed-requests', async () => {
    const row = await failedRequests.get(guid, tenantId);
    if (row === undefined || row.eventBody === '') return true;
    return (await failedRequests.swap(row, withoutPerson(row))) || undefined;
  });
}

/**
 * Erases a failed request that was just stored, where its person was erased after it was accepted. An erasure
 * marks the person first and looks for failed requests after that:
 *
 *   here      store the row ──▶ read the mark
 *   erasure   write the mark ──▶ read the rows
 *
 * so one of the two finds the other's write, whichever was first.
 */
export async function eraseIfErased(
  of: {
    readonly guid: string;
    readonly tenantId: string;
    readonly address: string;
    /** Ms since 1970. */
    readonly acceptedAt: number;
  },
  deps: Table & { readonly optOuts: Pick<OptOuts, 'stateOf'> },
): Promise<void> {
  const state = await deps.optOuts.stateOf(of.tenantId, of.address);
  if (isErased(of.acceptedAt, state)) await eraseFailedRequest(of, deps);
}
