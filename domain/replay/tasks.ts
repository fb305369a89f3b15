import * as z from 'zod';
import { continueStep } from './continue.ts';
import type { ReplayDeps } from './deps.ts';
import { failStep, failStepSchema } from './fail.ts';
import { outcomesStep } from './outcomes.ts';
import { prepareStep } from './prepare.ts';
import { reportStep } from './report.ts';
import { requeueStep } from './requeue.ts';
import { type NextStep, stepSchema } from './steps.ts';

const plain = {
  prepare: prepareStep,
  requeue: requeueStep,
  outcomes: outcomesStep,
  continue: continueStep,
  report: reportStep,
} as const;

/** The payload of every task of `statemachines/replay.asl.json`. */
const taskSchema = z.discriminatedUnion('task', [
  failStepSchema.extend({ task: z.literal('fail') }),
  ...(['prepare', 'requeue', 'outcomes', 'continue', 'report'] as const).map((task) =>
    stepSchema.extend({ task: z.literal(task) }),
  ),
]);

/** Runs the task that a payload names. Each may run twice: at the same time, or after it died half-way. */
export async function runTask(payload: unknown, deps: ReplayDeps): Promise<NextStep> {
  const input = taskSchema.parse(payload);
  return input.task === 'fail' ? failStep(input, deps) : plain[input.task](input, deps);
}
