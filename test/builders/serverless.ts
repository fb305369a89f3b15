import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import * as z from 'zod';

const schema = z.object({
  params: z.object({ default: z.record(z.string(), z.unknown()) }),
  provider: z.object({ environment: z.record(z.string(), z.unknown()) }),
  custom: z.object({
    esbuild: z.object({
      target: z.string(),
      format: z.literal('cjs'),
      minify: z.literal(true),
      bundle: z.literal(true),
      mainFields: z.array(z.string()),
      alias: z.record(z.string(), z.string()),
    }),
  }),
  functions: z.record(z.string(), z.object({ handler: z.string() })),
});

/** serverless.yml as it is written: parameters not filled in, CloudFormation's `!Ref`s as plain values. */
export const readServerless = () =>
  schema.parse(parse(readFileSync('serverless.yml', 'utf8'), { logLevel: 'silent' }));
