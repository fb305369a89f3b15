import type { Clock, NewId } from '../../clock.ts';
import type { AgentRecord, AgentRecords } from '../agent-records.ts';
import type { NotDone } from '../answered.ts';
import type { FlexEngine, LeftOpen, Opened, OpenRequest, OpenResult } from './engine.ts';
import {
  judgePair,
  nextPair,
  OPENING_LEASE,
  type PairFound,
  type PairRecord,
  pairId,
  readPair,
} from './pair-record.ts';

export type OpenDeps = {
  readonly records: AgentRecords;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly wait: (ms: number) => Promise<void>;
};

/** A call, and the engine of its tenant. */
export type OpenCall = {
  readonly tenantId: string;
  readonly engine: FlexEngine;
  readonly signal: AbortSignal;
};

export type EnsureResult =
  | { readonly kind: 'opened'; readonly opened: Opened; readonly reused: boolean }
  /** Another call is opening it and did not finish while this one waited. */
  | { readonly kind: 'held' }
  /** Whether the known task is still open could not be determined. */
  | { readonly kind: 'unclear'; readonly why: NotDone }
  | Exclude<OpenResult, { kind: 'opened' }>;

/** A second click waits this long for what the first one is opening. */
const HELD_ASKS = 8;
const HELD_EVERY = 500;

/**
 * The open task or channel of a pair: the existing one, or a new one. Of simultaneous calls, one opens it and
 * the others wait for it. A record is written before the first step and after each, so that a later call finds
 * what a call that died has left open.
 */
export async function ensureOpen(
  request: OpenRequest,
  call: OpenCall,
  deps: OpenDeps,
): Promise<EnsureResult> {
  const id = pairId(call.tenantId, request);
  for (let asks = 0; asks < HELD_ASKS; asks++) {
    if (asks > 0) await deps.wait(HELD_EVERY);
    const record = await deps.records.get(id);
    const found = judgePair(readPair(record), deps.clock());
    if (found.kind === 'held') continue;
    if (found.kind === 'open') {
      const open = await call.engine.isOpen(found.opened, call.signal);
      if (open.kind !== 'done') return { kind: 'unclear', why: open };
      if (open.value) return { kind: 'opened', opened: found.opened, reused: true };
    }
    const claim = await claimPair(id, record, found, deps);
    if (claim !== undefined) return openClaimed(request, claim, call, deps);
  }
  return { kind: 'held' };
}

type Claim = {
  readonly pair: PairRecord;
  readonly inDoubt: boolean;
  /** What a call that died has left open. */
  readonly leftover?: Opened;
  /** Records a change of the pair. */
  readonly note: (change: Partial<PairRecord>) => Promise<void>;
};

/** Takes the right to open the pair's task; undefined if another call was first. */
async function claimPair(
  id: string,
  record: AgentRecord | undefined,
  found: Exclude<PairFound, { kind: 'held' }>,
  { records, clock, newId }: OpenDeps,
): Promise<Claim | undefined> {
  const before = readPair(record);
  const inDoubt = found.kind === 'free' && found.inDoubt;
  const leftover = found.kind === 'free' ? found.leftover : undefined;
  const pair: PairRecord = {
    state: 'opening',
    until: clock() + OPENING_LEASE,
    fresh: inDoubt && before ? before.fresh : newId(),
    lasting: before?.lasting ?? newId(),
  };
  let version = (record?.version ?? 0) + 1;
  if (!(await records.put(nextPair(id, version, pair, clock())))) return undefined;
  return {
    pair,
    inDoubt,
    ...(leftover ? { leftover } : {}),
    note: async (change) => {
      version += 1;
      await records.put(nextPair(id, version, { ...pair, ...change }, clock()));
    },
  };
}

/** Opens what this call has claimed, and records the result. */
async function openClaimed(
  request: OpenRequest,
  { pair, inDoubt, leftover, note }: Claim,
  { engine, signal }: OpenCall,
  { clock }: OpenDeps,
): Promise<EnsureResult> {
  const left: readonly LeftOpen[] = leftover ? await engine.close(leftover, signal) : [];
  const result = await engine.open(request, {
    signal,
    identities: pair,
    inDoubt,
    progress: (opened) => note({ opened }),
  });
  if (result.kind === 'opened') {
    await note({ state: 'open', opened: result.opened });
    return { ...result, reused: false };
  }
  // In doubt, it stays `opening` with its lease over, so that the next call looks for it first.
  const doubt = result.kind === 'failed' && result.why.kind === 'unknown';
  await note(doubt ? { until: clock() } : { state: 'closed' });
  return result.kind === 'failed' ? { ...result, leftOpen: [...left, ...result.leftOpen] } : result;
}
