import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import * as z from 'zod';

const schema = z.object({
  params: z.object({ default: z.record(z.string(), z.unknown()) }),
  provider: z.object({
    memorySize: z.number(),
    environment: z.looseObject({ NODE_OPTIONS: z.string() }),
  }),
  custom: z.object({
    esbuild: z.object({
      target: z.string(),
      sourcemap: z.literal('linked'),
      sourcesContent: z.boolean(),
      format: z.literal('cjs'),
      minify: z.boolean(),
      bundle: z.literal(true),
      mainFields: z.array(z.string()),
      alias: z.record(z.string(), z.string()),
    }),
  }),
  functions: z.record(
    z.string(),
    z.object({
      handler: z.string(),
      memorySize: z.number().optional(),
      events: z
        .array(z.looseObject({ sqs: z.record(z.string(), z.unknown()).optional() }))
        .optional(),
    }),
  ),
  resources: z.object({
    Resources: z.record(z.string(), z.object({ Type: z.string() })),
  }),
});

/** serverless.yml as it is written: parameters not filled in, CloudFormation's `!Ref`s as plain values. */
export const readServerlessFile = () =>
  schema.parse(
    parse(readFileSync(new URL('../serverless.yml', import.meta.url), 'utf8'), {
      logLevel: 'silent',
      merge: true,
    }),
  );
export type ServerlessFile = ReturnType<typeof readServerlessFile>;

export function memoryMegabytes(functionKey: string): number {
  const { functions, provider } = readServerlessFile();
  return functions[functionKey]?.memorySize ?? provider.memorySize;
}
