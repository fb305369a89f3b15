import type { Clock, NewId } from '../../clock.ts';
import type { TenantSecret } from '../../tenant/tenant-secret.ts';
import type { AgentRecords } from '../agent-records.ts';
import type { NotDone } from '../answered.ts';
import {
  judgePair,
  nextPair,
  OPENING_LEASE,
  type PairRecord,
  pairId,
  readPair,
} from './pair-record.ts';
import type { FlexEngine, LeftOpen, Opened, OpenRequest, OpenResult } from './engine.ts';

export type OpenDeps = {
  readonly records: AgentRecords;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly wait: (ms: number) => Promise<void>;
};

export type EnsureResult =
  | { readonly kind: 'opened'; readonly opened: Opened; readonly reused: boolean }
  /** Another call is opening it and did not come to an end while we waited. */
  | { readonly kind: 'held' }
  /** Whether what we know of is still open could not be found out. */
  | { readonly kind: 'unclear'; readonly why: NotDone }
  | Exclude<OpenResult, { kind: 'opened' }>;

/** A second click waits this long for what the first is opening. */
const HELD_ASKS = 8;
const HELD_EVERY = 500;

/**
 * The open task or channel of a pair: the one that stands, or a new one. Of calls that come together
 * one opens it and the others wait for it; a record made before the first step, and after each, tells
 * a later call what a call that died has left behind.
 */
export async function ensureOpen(
  deps: OpenDeps,
  engine: FlexEngine,
  tenantId: string,
  request: OpenRequest,
  secret: TenantSecret,
  signal: AbortSignal,
): Promise<EnsureResult> {
  const { records, clock, newId } = deps;
  const id = pairId(tenantId, request);
  for (let asked = 0; asked < HELD_ASKS; asked++) {
    if (asked > 0) await deps.wait(HELD_EVERY);
    const record = await records.get(id);
    const before = readPair(record);
    const found = judgePair(before, clock());
    if (found.kind === 'held') continue;
    if (found.kind === 'open') {
      const open = await engine.isOpen(found.opened, secret, signal);
      if (open.kind !== 'done') return { kind: 'unclear', why: open };
      if (open.value) return { kind: 'opened', opened: found.opened, reused: true };
    }

    const inDoubt = found.kind === 'free' && found.inDoubt;
    const pair: PairRecord = {
      state: 'opening',
      until: clock() + OPENING_LEASE,
      fresh: inDoubt && before ? before.fresh : newId(),
      lasting: before?.lasting ?? newId(),
    };
    let version = (record?.version ?? 0) + 1;
    if (!(await records.put(nextPair(id, version, pair, clock())))) continue;

    const note = async (change: Partial<PairRecord>): Promise<void> => {
      version += 1;
      await records.put(nextPair(id, version, { ...pair, ...change }, clock()));
    };
    const left: readonly LeftOpen[] =
      found.kind === 'free' && found.leftover
        ? await engine.close(found.leftover, secret, signal)
        : [];
    const result = await engine.open(request, {
      secret,
      signal,
      identities: pair,
      inDoubt,
      progress: (opened) => note({ opened }),
    });
    if (result.kind === 'opened') {
      await note({ state: 'open', opened: result.opened });
      return { ...result, reused: false };
    }
    // In doubt it stays `opening`, with its time up, so that the next call looks for it first.
    const doubt = result.kind === 'failed' && result.why.kind === 'unknown';
    await note(doubt ? { until: clock() } : { state: 'closed' });
    return result.kind === 'failed'
      ? { ...result, leftOpen: [...left, ...result.leftOpen] }
      : result;
  }
  return { kind: 'held' };
}
