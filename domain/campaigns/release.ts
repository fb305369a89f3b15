import { type Clock, MINUTE, SECOND } from '../clock.ts';
import type { HeldMessage } from '../delivery/ports.ts';
import type { Observe } from '../observe.ts';
import type { SharedSchedule } from '../shared-schedule.ts';
import { Unavailable } from '../unavailable.ts';
import { type Control, controlOf } from './control.ts';
import type { Controls, HeldMessages, HeldScope, ReleaseQueue, Runs } from './ports.ts';
import type { NextStep, ReleaseStep, Run } from './run.ts';

export type ReleaseDeps = {
  readonly runs: Pick<Runs, 'get' | 'end'>;
  readonly held: Pick<HeldMessages, 'page' | 'drop'>;
  readonly controls: Controls['ofTenant'];
  readonly queue: ReleaseQueue;
  readonly schedule: SharedSchedule;
  readonly limits: {
    /** `release_max_rate`: messages per second of all releases together. */
    readonly maxRate: number;
    /** Time that one task may fill, ms: well within its function's time limit. */
    readonly sliceMs: number;
    /** Tasks of one execution; the schedule starts another one after that. */
    readonly maxTurns: number;
  };
  readonly clock: Clock;
  readonly sleep: (ms: number) => Promise<void>;
  readonly observe: Observe;
};

/** A release that would wait longer for its slot reserves none and asks again after as long. */
const LONGEST_WAIT = 5 * SECOND;
/** No schedule is busy for longer, however many releases run and by whatever their clocks differ. */
const LONGEST_BUSY = MINUTE;

/**
 * Puts held messages back on the queue, page by page at the rate, for a slice of time. Each page is put
 * on the queue, then dropped from the store:
 *
 *   read ──▶ put on the queue ──▶ drop
 *
 * A task that dies before the drop puts the same messages there again; the claim sends each of them once.
 * Whether a message may leave is judged again by the worker, so a release never overrides a rule.
 */
export async function releaseStep(step: ReleaseStep, deps: ReleaseDeps): Promise<NextStep> {
  const after = (next: NextStep['next'], changes: Partial<NextStep> = {}): NextStep => {
    const turn = step.turn + 1;
    const isOver = turn >= deps.limits.maxTurns;
    return { ...step, turn, seconds: 0, ...changes, next: isOver ? 'done' : next };
  };
  const run = await deps.runs.get(step.runId);
  if (run?.execution !== step.execution) return after('done');

  const endsAt = deps.clock() + deps.limits.sliceMs;
  const passFrom = step.passFrom || deps.clock();
  let cursor = step.cursor;
  do {
    if (deps.clock() >= endsAt) return after('release', { passFrom, cursor });
    const page = await deps.held.page(scopeOf(run, passFrom), cursor === '' ? undefined : cursor);
    const messages = await released(run, page.messages, deps);
    if (messages.length > 0) {
      if (!(await waitForSlots(messages.length, deps))) {
        return after('wait', { passFrom, cursor, seconds: LONGEST_WAIT / SECOND });
      }
      await putBack(messages, deps);
    }
    cursor = page.cursor ?? '';
  } while (cursor !== '');

  if (passFrom < run.lastPassFrom) {
    const seconds = Math.max(0, Math.ceil((run.lastPassFrom - deps.clock()) / SECOND));
    return after('wait', { passFrom: 0, cursor: '', seconds });
  }
  await deps.runs.end(run);
  return after('done');
}

const scopeOf = ({ scope }: Run, passFrom: number): HeldScope =>
  scope.kind === 'due' ? { kind: 'due', by: passFrom } : scope;

/** Which of a page are to leave the store: what an operator holds (again) stays, and is not bounced. */
async function released(
  { scope }: Run,
  messages: readonly HeldMessage[],
  deps: Pick<ReleaseDeps, 'controls'>,
): Promise<readonly HeldMessage[]> {
  if (scope.kind === 'due' || messages.length === 0) return messages;
  const controls = await deps.controls(scope.tenantId);
  const applies = (control: Control | undefined): boolean =>
    scope.which === 'all' ? control?.state === 'stopped' : control?.state !== 'held';
  return messages.filter(({ request }) => applies(controlOf(controls, request)));
}

/** Waits for a share of the rate of all releases; false when that is too long for a task. */
async function waitForSlots(
  count: number,
  { schedule, limits, clock, sleep }: ReleaseDeps,
): Promise<boolean> {
  const lengthMs = (count * SECOND) / limits.maxRate;
  const now = clock();
  const begins = await schedule.reserve({
    freeBy: now,
    dueAt: now,
    endsAt: now + lengthMs,
    lengthMs,
    latestAt: now + LONGEST_WAIT,
    wrongAfter: now + LONGEST_BUSY,
  });
  if (begins === undefined) return false;
  const waitMs = begins - clock();
  if (waitMs > 0) await sleep(waitMs);
  return true;
}

/** A message that the queue did not confirm stays in the store, and the machine runs the task again. */
async function putBack(
  messages: readonly HeldMessage[],
  { queue, held, observe }: ReleaseDeps,
): Promise<void> {
  const results = await queue(messages.map(({ request }) => request));
  const taken = messages.filter((_, at) => results[at] === 'enqueued');
  await held.drop(taken);
  if (taken.length > 0) observe.count('released', {}, taken.length);
  if (taken.length < messages.length) throw new Unavailable('outbound-queue');
}
