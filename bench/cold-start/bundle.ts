import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { serviceDir } from '../../local/stack.ts';
import { readServerlessFile } from '../serverless-file.ts';

export type Bundle = { readonly file: string; readonly kilobytes: number };

/** `as-deployed`: with the options of serverless.yml. `whole`: what the same code costs with whole-package imports. */
export type Variant = 'as-deployed' | 'whole';

/** Bundles a function as it is deployed, or as it would be without the care that is taken here. */
export async function bundle(key: string, variant: Variant, directory: string): Promise<Bundle> {
  const { custom, functions } = readServerlessFile();
  const handler = functions[key]?.handler.replace(/\.\w+$/, '.ts') ?? '';
  const { alias, mainFields, ...shared } = custom.esbuild;
  const options =
    variant === 'as-deployed' ? { ...shared, alias, mainFields } : { ...shared, plugins: [whole] };
  const file = join(directory, `${key}-${variant}.cjs`);
  await build({
    ...options,
    absWorkingDir: serviceDir,
    entryPoints: [handler],
    outfile: file,
    platform: 'node',
    logLevel: 'error',
  });
  return { file, kilobytes: Math.round((await stat(file)).size / 1000) };
}

/**
 * The usual imports in place of ours: `import { z }`, which brings every locale of zod, and the whole
 * `twilio` client where parts of it are used.
 */
const whole: Plugin = {
  name: 'whole-package-imports',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\/(adapters|domain|handlers)\/.*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const usesTwilio = /from 'twilio\//.test(source);
      return {
        loader: 'ts',
        contents:
          source.replace("import * as z from 'zod'", "import { z } from 'zod'") +
          (usesTwilio
            ? "\nimport * as whole from 'twilio'; Object(globalThis).whole = whole;"
            : ''),
      };
    });
  },
};
