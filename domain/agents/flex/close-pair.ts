import type { FlexEngine, LeftOpen, Opened, OpenRequest } from './engine.ts';
import type { OpenDeps } from './ensure-open.ts';
import { nextPair, pairId, readPair } from './pair-record.ts';

const CLOSE_LIMIT = 5000;

/** Closes what a call has opened: at the platform first, so that after a crash the record still names it. */
export async function closePair(
  request: OpenRequest,
  opened: Opened,
  call: { readonly tenantId: string; readonly engine: FlexEngine },
  deps: OpenDeps & { readonly limit: (ms: number) => AbortSignal },
): Promise<readonly LeftOpen[]> {
  const left = await call.engine.close(opened, deps.limit(CLOSE_LIMIT));
  if (left.length > 0) return left;
  const id = pairId(call.tenantId, request);
  const record = await deps.records.get(id);
  const pair = readPair(record);
  if (record !== undefined && pair !== undefined) {
    const { opened: _, ...rest } = pair;
    const closed = { ...rest, state: 'closed' as const };
    await deps.records.put(nextPair(id, record.version + 1, closed, deps.clock()));
  }
  return [];
}
