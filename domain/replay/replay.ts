import * as z from 'zod';
import { selectionSchema } from './selection.ts';
import { verdicts } from './verdict.ts';

/**
 * `running` has an execution at work; `paused`, `failed` and `stopped` (too many failed again) can be
 * resumed or canceled; `canceled` and `completed` are over.
 */
export const replayStatuses = [
  'running',
  'paused',
  'failed',
  'stopped',
  'canceled',
  'completed',
] as const;

/** How far a replay is: a canary goes first and is waited for, then the rest, then its outcomes. */
export const replayPhases = ['canary', 'canary-outcomes', 'requeue', 'outcomes', 'over'] as const;

/** How to go about it. */
export const optionsSchema = z.object({
  /** Messages per second. */
  rate: z.number().positive(),
  /** How many to send and wait for before the rest; 0 for none. */
  canary: z.number().int().nonnegative(),
  /** Share of settled requests (0 to 1) that may fail again before the replay stops. */
  maxFailureRate: z.number().min(0).max(1),
  /** Also send what is older than `event_ttl`. */
  ignoreTtl: z.boolean(),
  /** Also send what failed as `permanent`, because the operator insists. */
  includePermanent: z.boolean().default(false),
  /**
   * Also send what is in doubt and what the provider cannot tell about, because the operator insists:
   * a person may get such a message twice.
   */
  sendInDoubt: z.boolean().default(false),
  /** Also send outside the hours of a message's category, because the operator insists. */
  ignoreWindow: z.boolean().default(false),
});
export type ReplayOptions = z.infer<typeof optionsSchema>;

/** What came of the requeued requests, as the table of failed requests had it at `countedAt`. */
const outcomesSchema = z.object({
  /** Sent, or known to the provider. */
  resolved: z.number().int().nonnegative(),
  /** Failed again; the table has the new reason. */
  failed: z.number().int().nonnegative(),
  countedAt: z.number(),
});
export type Outcomes = z.infer<typeof outcomesSchema>;

/** How many had been sent and had failed again at an earlier count. */
const sampleSchema = z.object({
  resolved: z.number().int().nonnegative(),
  failed: z.number().int().nonnegative(),
});
export type Sample = z.infer<typeof sampleSchema>;

/** One replay: everything its executions know. The store compares `version` and swaps the whole record. */
export const replaySchema = z.object({
  replayId: z.string(),
  tenantId: z.string(),
  status: z.enum(replayStatuses),
  phase: z.enum(replayPhases),
  /** Counts changes from 1; a write names the version that it read. */
  version: z.number().int().positive(),
  selection: selectionSchema,
  options: optionsSchema,
  /** Name of the operator key that started it. */
  startedBy: z.string(),
  /** Counts executions from 1; an execution of an earlier one finds that it is over and ends. */
  generation: z.number().int().positive(),
  /** What an operator asked of a running replay; looked for between batches. */
  control: z.enum(['pause', 'cancel']).optional(),
  /** Where the selection goes on; absent at its start. */
  cursor: z.string().optional(),
  /** The selection has been read to its end. */
  exhausted: z.boolean(),
  /**
   * What is left of the page at work, written before any of it is touched: a step that died is made good
   * by looking at each of these again.
   */
  page: z.object({ guids: z.array(z.string()), next: z.string().optional() }).optional(),
  /** Put on the queue by this replay. Exact, whatever died or ran twice. */
  requeued: z.number().int().nonnegative(),
  /** Left alone, by verdict. */
  skipped: z.partialRecord(z.enum(verdicts), z.number().int().nonnegative()),
  /** The schedule: message number `from + n` is due `n / rate` seconds after `at` (ms since 1970). */
  pace: z.object({ at: z.number(), from: z.number() }).optional(),
  /** What stood when the canary at work began. */
  canaryBase: z.object({ requeued: z.number(), failed: z.number() }),
  outcomes: outcomesSchema,
  /** Earlier counts, oldest first: what the share of failures among the latest outcomes is measured from. */
  samples: z.array(sampleSchema).default([]),
  /** Requeued when outcomes were counted last. */
  countedUpTo: z.number().int().nonnegative().default(0),
  /** Since when outcomes are waited for, ms since 1970. */
  waitingSince: z.number().optional(),
  /** Why it failed or stopped, in words for the operator. */
  reason: z.string().optional(),
  createdAt: z.number(),
  updatedAt: z.number(),
  finishedAt: z.number().optional(),
  /** Seconds since 1970 after which the table may drop it (`failed_request_ttl`). */
  expireTs: z.number(),
});
export type Replay = z.infer<typeof replaySchema>;

/** A replay as listings give it: all but its place in the selection and what its failures are measured from. */
export const listedReplaySchema = replaySchema.omit({
  cursor: true,
  page: true,
  samples: true,
  countedUpTo: true,
});
export type ListedReplay = z.infer<typeof listedReplaySchema>;

/** A replay that has just been asked for. */
export function newReplay(of: {
  readonly replayId: string;
  readonly selection: z.infer<typeof selectionSchema>;
  readonly options: ReplayOptions;
  readonly startedBy: string;
  readonly now: number;
  readonly ttlSeconds: number;
}): Replay {
  return {
    replayId: of.replayId,
    tenantId: of.selection.tenantId,
    status: 'running',
    phase: of.options.canary > 0 ? 'canary' : 'requeue',
    version: 1,
    selection: of.selection,
    options: of.options,
    startedBy: of.startedBy,
    generation: 1,
    exhausted: false,
    requeued: 0,
    skipped: {},
    canaryBase: { requeued: 0, failed: 0 },
    outcomes: { resolved: 0, failed: 0, countedAt: of.now },
    samples: [{ resolved: 0, failed: 0 }],
    countedUpTo: 0,
    createdAt: of.now,
    updatedAt: of.now,
    expireTs: Math.ceil(of.now / 1000) + of.ttlSeconds,
  };
}

/** Requeued and neither sent nor failed again, as far as was counted. */
export const outstanding = (replay: Pick<Replay, 'requeued' | 'outcomes'>): number =>
  Math.max(0, replay.requeued - replay.outcomes.resolved - replay.outcomes.failed);

/** The version after `replay`, with `changes`. A field set to undefined is dropped. */
export function nextVersion(
  replay: Replay,
  changes: { readonly [Field in keyof Replay]?: Replay[Field] | undefined },
  now: number,
): Replay {
  const fields = { ...replay, ...changes, version: replay.version + 1, updatedAt: now };
  return replaySchema.parse(
    Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
  );
}

/** The name of an execution: the same for every attempt to start it, so that it starts once. */
export const executionName = ({ replayId, generation }: Pick<Replay, 'replayId' | 'generation'>) =>
  `${replayId}-${generation}`;
