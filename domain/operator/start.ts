import * as z from 'zod';
import type { Caller } from '../access/access-keys.ts';
import { conflict, invalid, Refused } from '../refused.ts';
import type { ReplayOptions } from '../replay/replay.ts';
import { executionName, newReplay, nextVersion, type Replay } from '../replay/replay.ts';
import type { Selection } from '../replay/selection.ts';
import { firstStep } from '../replay/steps.ts';
import { Unavailable } from '../unavailable.ts';
import type { OperatorDeps } from './deps.ts';
import { type CheckCodeDeps, checkCode } from './scan.ts';

/** Messages per second of a replay that names no rate: slow enough for a long code. */
const DEFAULT_RATE = 10;
const MAX_CANARY = 10_000;
const canaryIssue = `is a whole number from 0 to ${MAX_CANARY}`;
const shareIssue = 'is a share between 0 and 1';

/** The options of `POST /replays`. */
export const optionFields = {
  /** Messages per second; at most `replay_max_rate`. */
  rate: z.number().min(0.01, 'must be above 0: at least 0.01 messages per second').optional(),
  canary: z
    .number(canaryIssue)
    .int(canaryIssue)
    .min(0, canaryIssue)
    .max(MAX_CANARY, canaryIssue)
    .default(0),
  maxFailureRate: z.number(shareIssue).min(0, shareIssue).max(1, shareIssue).default(0.5),
  ignoreTtl: z.boolean().default(false),
  includePermanent: z.boolean().default(false),
  sendInDoubt: z.boolean().default(false),
  ignoreWindow: z.boolean().default(false),
};

/** The options with the rate that this service allows. */
export function optionsOf(
  options: Omit<ReplayOptions, 'rate'> & { readonly rate?: number | undefined },
  { maxRate }: Pick<OperatorDeps['settings'], 'maxRate'>,
): ReplayOptions {
  const { rate = Math.min(DEFAULT_RATE, maxRate) } = options;
  if (rate <= maxRate) return { ...options, rate };
  throw invalid('rate', `must be at most replay_max_rate, ${maxRate} messages per second`);
}

/** Closes the window at `now`: what fails from here on, also again, is not this replay's. */
export const closed = (selection: Selection, now: number): Selection => {
  const end = new Date(now).toISOString();
  return {
    ...selection,
    until: selection.until === undefined || selection.until > end ? end : selection.until,
  };
};

/**
 * Starts a replay of the selection; it goes on by itself. An empty one ends with a report that says so,
 * and one that its canary covers whole ends with the canary.
 */
export async function startReplay(
  input: {
    readonly selection: Selection;
    readonly options: ReplayOptions;
    /** Chosen by the caller: a start that is asked for twice under one key is one replay. */
    readonly key?: string | undefined;
  },
  caller: Caller,
  deps: CheckCodeDeps &
    Pick<OperatorDeps, 'executions' | 'newId' | 'observe' | 'replays'> & {
      readonly settings: Pick<OperatorDeps['settings'], 'ttlSeconds'>;
    },
): Promise<Replay> {
  const { options } = input;
  const now = deps.clock();
  const selection = closed(input.selection, now);
  await checkCode(selection, deps);
  const replay = newReplay({
    replayId: input.key ?? deps.newId(),
    selection,
    options,
    startedBy: caller.name,
    now,
    ttlSeconds: deps.settings.ttlSeconds,
  });
  if (!(await deps.replays.insert(replay))) return startedBefore(replay, deps);
  await execute(replay, deps);
  deps.observe.info('a replay was started', {
    replayId: replay.replayId,
    tenantId: replay.tenantId,
    code: caller.name,
  });
  return replay;
}

/** The replay that the same key has started; one whose execution could not be started goes on now. */
async function startedBefore(
  asked: Replay,
  deps: Pick<OperatorDeps, 'executions' | 'replays' | 'clock'>,
): Promise<Replay> {
  const replay = await deps.replays.get(asked.replayId);
  const what = ({ tenantId, selection, options }: Replay) => {
    const { until: _closedThen, ...meant } = selection;
    return JSON.stringify([tenantId, Object.entries(meant).sort(), Object.entries(options).sort()]);
  };
  if (replay === undefined || what(replay) !== what(asked)) {
    throw conflict('This idempotency key belongs to another replay; choose a new one.');
  }
  if (replay.status !== 'failed' || replay.requeued > 0 || replay.page !== undefined) return replay;
  const changes = {
    status: 'running',
    generation: replay.generation + 1,
    reason: undefined,
  } as const;
  const next = nextVersion(replay, changes, deps.clock());
  if (!(await deps.replays.swap(next))) return replay;
  await execute(next, deps);
  return next;
}

/**
 * Starts the replay's execution. One that cannot be started leaves the replay `failed`, to be resumed;
 * a process that dies in between leaves it `running` without an execution, which `resume` finds out.
 */
export async function execute(
  replay: Replay,
  deps: Pick<OperatorDeps, 'executions' | 'replays' | 'clock'>,
): Promise<void> {
  try {
    await deps.executions.start(executionName(replay), firstStep(replay));
  } catch (error) {
    const reason = 'its execution could not be started; resume it';
    await deps.replays.swap(nextVersion(replay, { status: 'failed', reason }, deps.clock()));
    if (!(error instanceof Unavailable)) throw error;
    throw new Refused(
      503,
      'REPLAY_NOT_STARTED',
      `Replay ${replay.replayId} is stored as failed and nothing of it was sent: its execution could not be started. Resume it, or ask again with Idempotency-Key: ${replay.replayId}.`,
    );
  }
}
