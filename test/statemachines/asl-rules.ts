import aslValidator from 'asl-validator';
import * as z from 'zod';

const stateSchema = z.looseObject({ Type: z.string() });
export const machineSchema = z.looseObject({
  StartAt: z.string(),
  States: z.record(z.string(), stateSchema),
});
export type MachineText = z.infer<typeof machineSchema>;

/** Fields and values that the embedded interpreter passes over in silence, so that a test with it proves nothing. */
const ignoredFields = [
  'QueryLanguage',
  'Assign',
  'Arguments',
  'Output',
  'Condition',
  'ItemReader',
  'ItemBatcher',
  'ResultWriter',
  'ToleratedFailurePercentage',
  'ToleratedFailureCount',
  'HeartbeatSeconds',
  'Credentials',
];
const ignoredTypes = ['Map', 'Parallel'];

function* fieldsOf(value: unknown, path: string): Generator<readonly [string, string, unknown]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    yield [`${path}.${key}`, key, inner];
    // What stands under Parameters is data for a function, not ASL.
    if (key !== 'Parameters') yield* fieldsOf(inner, `${path}.${key}`);
  }
}

/** Everything that is wrong with a machine, in a sentence each; empty when it may be deployed. */
export function aslProblems(definition: MachineText): string[] {
  const problems: string[] = [];
  // It writes defaults into what it checks. Substitutions are made by CloudFormation; ARNs are not known before.
  const { isValid, errorsText } = aslValidator(structuredClone(definition), {
    checkArn: false,
  });
  if (!isValid) problems.push(errorsText('; '));

  for (const [path, key, value] of fieldsOf(definition, '$')) {
    if (ignoredFields.includes(key)) problems.push(`${path} is not run by the embedded stack`);
    if (key === 'Type' && typeof value === 'string' && ignoredTypes.includes(value)) {
      problems.push(`${path}: a ${value} state is not run by the embedded stack as on AWS`);
    }
    if (typeof value === 'string' && value.startsWith('{%')) {
      problems.push(`${path} is JSONata`);
    }
  }
  for (const [name, state] of Object.entries(definition.States)) {
    if (state.Type === 'Task') {
      if (state.TimeoutSeconds === undefined) problems.push(`${name} has no time limit`);
      if (state.Retry === undefined) problems.push(`${name} is not retried`);
      if (state.Catch === undefined && state.Next !== 'Failed') {
        problems.push(`${name} catches nothing`);
      }
    }
    if (state.Type === 'Choice' && state.Default === undefined) {
      problems.push(`${name} has no default`);
    }
  }
  return problems;
}
