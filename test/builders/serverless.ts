import * as z from 'zod';
import { readServerlessFiles } from '../../local/template/written.ts';

const schema = z.object({
  params: z.object({
    default: z.record(z.string(), z.unknown()),
    local: z.record(z.string(), z.unknown()),
  }),
  provider: z.object({
    timeout: z.number(),
    environment: z.object({ POWERTOOLS_METRICS_NAMESPACE: z.string() }),
  }),
  custom: z.object({
    resourceSettings: z.record(z.string(), z.unknown()),
    esbuild: z.object({
      target: z.string(),
      format: z.literal('cjs'),
      minify: z.literal(true),
      bundle: z.literal(true),
      mainFields: z.array(z.string()),
      alias: z.record(z.string(), z.string()),
    }),
  }),
  functions: z.record(
    z.string(),
    z.object({
      handler: z.string(),
      events: z.array(z.object({ httpApi: z.string().optional() })).default([]),
    }),
  ),
});

/** serverless.yml and its files as they are written, as far as tests look at them. */
export const readServerless = () => schema.parse(readServerlessFiles());
