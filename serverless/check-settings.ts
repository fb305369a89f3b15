import * as z from 'zod';
import { ConfigError, configShape } from '../handlers/runtime/config.ts';
import { numberingOf } from '../handlers/runtime/numbering.ts';
import { notASetting, readSetting } from '../handlers/runtime/read-setting.ts';
import { defaultSenders } from '../handlers/runtime/sender-settings.ts';
import { deploymentShape } from './deployment-settings.ts';
import { rules } from './rules.ts';

/** The schemas of what can be set: all but names and addresses that the deployment itself fills in. */
export function settableShape(derived: readonly string[]): Readonly<Record<string, z.ZodType>> {
  const settings = Object.entries(configShape).filter(([key]) => !derived.includes(key));
  return {
    ...Object.fromEntries(settings),
    // Without one, the HTTP API's own address is used.
    public_url: configShape.public_url.optional(),
    ...deploymentShape,
  };
}

/**
 * What is wrong with the settings of a stage, in sentences that name them: a value that the schema does
 * not take, a name that is no setting, and settings that do not fit one another. Empty when all is well.
 */
export function problemsWith(
  given: Readonly<Record<string, unknown>>,
  stage: string,
  derived: readonly string[],
): string[] {
  const shape = settableShape(derived);
  const known = Object.keys(shape);
  const problems = Object.keys(given)
    .filter((key) => !known.includes(key))
    .map((key) => notASetting(key, known));
  const values: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(shape)) {
    const read = readSetting(key, schema, given[key]);
    if ('problem' in read) problems.push(read.problem);
    else values[key] = read.value;
  }
  if (problems.length > 0) return problems;
  const limit = (key: string) => Number(values[key]);
  return [
    ...problemsIn(() => numberingOf(numberingSchema.parse(values))),
    ...problemsIn(() => defaultSenders(sendersSchema.parse(values))),
    ...rules
      .filter((rule) => !(rule.exceptLocal && stage === 'local') && !rule.holds(limit))
      .map(({ sentence }) => sentence),
  ];
}

const numberingSchema = z.object({
  default_country: configShape.default_country,
  numbers_without_plus: configShape.numbers_without_plus,
});

const sendersSchema = z.object({
  default_sender: configShape.default_sender,
  scg_default_sender: configShape.scg_default_sender,
  scg_demo_senders: z.record(z.string(), z.string()),
});

/** What a function of ours finds wrong with settings at its start: a country without numbers, say. */
function problemsIn(read: () => unknown): string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return [error.message.replace(/\.$/, '')];
    throw error;
  }
}
