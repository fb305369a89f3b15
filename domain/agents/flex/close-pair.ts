import type { TenantSecret } from '../../tenant/tenant-secret.ts';
import type { OpenDeps } from './ensure-open.ts';
import { nextPair, pairId, readPair } from './pair-record.ts';
import type { FlexEngine, LeftOpen, Opened, OpenRequest } from './engine.ts';

const CLOSE_LIMIT = 5000;

/** Takes back what a call has opened: at the other side first, so that a crash leaves a record to find it by. */
export async function closePair(
  deps: OpenDeps & { readonly limit: (ms: number) => AbortSignal },
  engine: FlexEngine,
  tenantId: string,
  request: OpenRequest,
  opened: Opened,
  secret: TenantSecret,
): Promise<readonly LeftOpen[]> {
  const left = await engine.close(opened, secret, deps.limit(CLOSE_LIMIT));
  if (left.length > 0) return left;
  const id = pairId(tenantId, request);
  const record = await deps.records.get(id);
  const pair = readPair(record);
  if (record !== undefined && pair !== undefined) {
    const { opened: _, ...rest } = pair;
    const closed = { ...rest, state: 'closed' as const };
    await deps.records.put(nextPair(id, record.version + 1, closed, deps.clock()));
  }
  return [];
}
