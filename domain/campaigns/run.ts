import * as z from 'zod';

const scopeSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('campaign'),
    tenantId: z.string(),
    taskId: z.string(),
    which: z.enum(['on-hold', 'all']),
  }),
  z.object({ kind: z.literal('due') }),
]);

/** One release that is not done yet: what to put back on the queue, and which execution does it. */
export const runSchema = z.object({
  /** One for what is due, and one for each campaign: a later command replaces an earlier one. */
  runId: z.string(),
  scope: scopeSchema,
  /** Counts changes from 1. */
  version: z.number().int().positive(),
  /** Name of its latest execution; an older one ends as soon as it finds that. */
  execution: z.string(),
  /** ms since 1970. */
  startedAt: z.number(),
  /**
   * Its last pass over the store begins at this or later, ms since 1970. Until then workers may still
   * keep messages by what they knew before the command.
   */
  lastPassFrom: z.number(),
});
export type Run = z.infer<typeof runSchema>;

export const runIdOf = (scope: Run['scope']): string =>
  scope.kind === 'due' ? 'due' : `campaign#${scope.tenantId}#${scope.taskId}`;

/** What an execution is started with and every task of it is given. */
export const stepSchema = z.object({
  runId: z.string(),
  execution: z.string(),
  /** Tasks done by this execution, which AWS ends at 25,000 history events. */
  turn: z.number().int().nonnegative(),
  /** When the pass began, ms since 1970; 0 for a pass that begins now. */
  passFrom: z.number(),
  /** Where the pass goes on; empty at its beginning. */
  cursor: z.string(),
});
export type ReleaseStep = z.infer<typeof stepSchema>;

/** What comes next, by the names that `statemachines/release.asl.json` routes on. */
export type NextStep = ReleaseStep & {
  readonly next: 'release' | 'wait' | 'done';
  /** How long `wait` waits, whole seconds. */
  readonly seconds: number;
};
