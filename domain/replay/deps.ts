import type { Clock } from '../clock.ts';
import type { TimeLimits } from '../delivery/expiry.ts';
import type { Executions } from '../executions.ts';
import type { FailedRequests } from '../failed-requests/ports.ts';
import type { Observe } from '../observe.ts';
import type { SharedSchedule } from '../shared-schedule.ts';
import type { ReplayOutcomes, ReplayQueues, Replays, Step, VerdictFacts } from './ports.ts';
import type { ChooseSender } from './record.ts';

/** What is needed to judge a failed request. */
export type JudgeDeps = TimeLimits & {
  readonly facts: VerdictFacts;
  readonly clock: Clock;
};

/** How long the tasks of the machine work and wait. */
export type ReplayLimits = {
  /** `replay_max_rate`: messages per second of all running replays together. */
  readonly maxRate: number;
  /** Time that one requeue task may fill, ms: well within its function's time limit. */
  readonly sliceMs: number;
  /** Between two counts of outcomes, seconds. */
  readonly pollSeconds: number;
  /** Longest wait for the outcomes of a canary, and again of everything, seconds. */
  readonly awaitSeconds: number;
  /** Tasks of one execution, see `MAX_TURNS`. */
  readonly maxTurns: number;
};

/** What the tasks of the state machine work with. */
export type ReplayDeps = JudgeDeps & {
  readonly replays: Replays;
  readonly schedule: SharedSchedule;
  readonly failedRequests: Pick<FailedRequests, 'getMany' | 'swap' | 'list'>;
  readonly queues: ReplayQueues;
  readonly outcomes: ReplayOutcomes;
  readonly executions: Executions<Step>;
  readonly chooseSender: ChooseSender;
  readonly limits: ReplayLimits;
  /** Resolves after so many ms. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly observe: Observe;
};
