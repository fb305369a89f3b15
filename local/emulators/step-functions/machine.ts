import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import * as z from 'zod';

export type Machine = { readonly arn: string; readonly definition: StateMachineDefinition };

const outline = z.object({
  StartAt: z.string(),
  States: z.record(z.string(), z.object({ Type: z.string() })),
});
const definitionSchema = z.custom<StateMachineDefinition>(
  (value) => outline.safeParse(value).success,
  'This is not a state machine in ASL',
);

/** Reads a definition (its substitutions made) and refuses one that cannot run. */
export function toMachine(arn: string, raw: unknown): Machine {
  const definition = definitionSchema.parse(raw);
  // The constructor checks, and writes defaults into what it is given; function ARNs are the stack's.
  new StateMachine(structuredClone(definition), { validationOptions: { checkArn: false } });
  return { arn, definition };
}
