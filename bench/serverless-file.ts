import * as z from 'zod';
import { readServerlessFiles } from '../local/template/written.ts';

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

/** serverless.yml and its files as they are written, as far as measurements look at them. */
export const readServerlessFile = () => schema.parse(readServerlessFiles());
export type ServerlessFile = ReturnType<typeof readServerlessFile>;

export function memoryMegabytes(functionKey: string): number {
  const { functions, provider } = readServerlessFile();
  return functions[functionKey]?.memorySize ?? provider.memorySize;
}
