import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { deadExports } from './exports.ts';

const files = globSync('**/*.{ts,tsx,cjs,yml,json}', {
  exclude: (path) =>
    /node_modules|^\.|^dist$|package(-lock)?\.json|openapi\.(json|yaml)/.test(path),
}).map((path) => ({ path, text: readFileSync(path, 'utf8') }));

/** What a tool calls by its name: Lambda a handler, Vitest and Serverless their configuration, Stryker its plugins. */
const calledFromOutside = /^(handlers\/[^/]+\.ts: handler|vitest\.[^:]+: default)$/;

/** What is used without being named in a file of ours. */
const usedByTools = new Set([
  // Powertools' other packages need it beside them.
  '@aws-lambda-powertools/commons',
  // The compiler, and types that it finds by itself.
  'typescript',
  '@types/autocannon',
  '@types/aws-lambda',
  '@types/cli-progress',
  '@types/node',
]);

const packageSchema = z.object({
  scripts: z.record(z.string(), z.string()),
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
});

describe('the project', () => {
  it('has no export that nobody imports', () => {
    expect(deadExports(files).filter((found) => !calledFromOutside.test(found))).toEqual([]);
  });

  it('has no dependency that nothing uses', () => {
    const manifest = packageSchema.parse(JSON.parse(readFileSync('package.json', 'utf8')));
    const scripts = Object.values(manifest.scripts).join('\n');
    const text = `${files.map((file) => file.text).join('\n')}\n${scripts}`;
    const unused = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
      (name) => !usedByTools.has(name) && !text.includes(name),
    );
    expect(unused).toEqual([]);
  });

  it('would find an export that nobody imports', () => {
    const lonely = { path: 'a.ts', text: 'export const lonely = 1;\nlonely;' };
    const used = { path: 'b.ts', text: 'export function used() {}' };
    const user = { path: 'c.ts', text: "import { used } from './b.ts';" };
    expect(deadExports([lonely, used, user])).toEqual(['a.ts: lonely']);
  });
});
