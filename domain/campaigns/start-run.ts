import { type Clock, type NewId, SECOND } from '../clock.ts';
import type { Executions } from '../executions.ts';
import type { Observe } from '../observe.ts';
import { swapUntil } from '../swap-until.ts';
import { CONTROLS_CACHED } from './cached-controls.ts';
import type { HeldMessages, Runs } from './ports.ts';
import { type NextStep, type Run, runIdOf } from './run.ts';

export type StartRunDeps = {
  readonly runs: Runs;
  readonly releases: Executions<NextStep>;
  /** `lease_seconds`, ms: no worker holds a message for longer. */
  readonly leaseMs: number;
  readonly clock: Clock;
  readonly newId: NewId;
};

/** A release begins when every worker has heard of the command, or messages would come back at once. */
const HEARD_AFTER = 2 * CONTROLS_CACHED;

const begin = ({ execution, runId, scope }: Run, { releases }: StartRunDeps): Promise<void> =>
  releases.start(execution, {
    runId,
    execution,
    turn: 0,
    passFrom: 0,
    cursor: '',
    next: 'wait',
    seconds: scope.kind === 'due' ? 0 : HEARD_AFTER / SECOND,
  });

/**
 * Notes a release that a command asks for, and gives the function that starts it. The note comes before
 * the command itself, so that a release is never forgotten; what is noted and not started is started by
 * the schedule, and a release whose command was never stored releases nothing.
 */
export async function noteRelease(
  scope: Extract<Run['scope'], { kind: 'campaign' }>,
  deps: StartRunDeps,
): Promise<() => Promise<void>> {
  const runId = runIdOf(scope);
  const startedAt = deps.clock();
  const run = await swapUntil('held', async () => {
    const current = await deps.runs.get(runId);
    const next: Run = {
      runId,
      scope,
      version: (current?.version ?? 0) + 1,
      execution: deps.newId(),
      startedAt,
      lastPassFrom: startedAt + CONTROLS_CACHED + deps.leaseMs,
    };
    const isStored = current ? await deps.runs.swap(next) : await deps.runs.insert(next);
    return isStored ? next : undefined;
  });
  return () => begin(run, deps);
}

/**
 * What the schedule does every minute: notes a release of what is due, and starts every release whose
 * execution ended before it was done, or was never started.
 */
export async function keepReleasing(
  deps: StartRunDeps & {
    readonly held: Pick<HeldMessages, 'oldestDue'>;
    readonly observe: Observe;
  },
): Promise<void> {
  const now = deps.clock();
  const oldest = await deps.held.oldestDue(now);
  if (oldest !== undefined) {
    deps.observe.count('held_overdue_seconds', {}, (now - oldest) / SECOND);
    const scope = { kind: 'due' } as const;
    await deps.runs.insert({
      runId: runIdOf(scope),
      scope,
      version: 1,
      execution: deps.newId(),
      startedAt: now,
      lastPassFrom: now,
    });
  }
  for (const run of await deps.runs.list()) {
    if (await deps.releases.isRunning(run.execution)) continue;
    const next = { ...run, version: run.version + 1, execution: deps.newId() };
    if (await deps.runs.swap(next)) await begin(next, deps);
  }
}
