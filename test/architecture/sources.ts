import { globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { transformSync } from 'esbuild';

/** The folders of the project; the first part of every path of ours. */
const layers = [
  'domain',
  'providers',
  'adapters',
  'handlers',
  'openapi',
  'local',
  'cli',
  'console',
  'bench',
  'test',
] as const;

export type Source = {
  /** `domain/outbound/accept.ts` */
  readonly path: string;
  /** What it imports, also for types alone: packages as written, files of ours by their path. */
  readonly imports: readonly string[];
  /** Those of them that are still there when it runs. */
  readonly runtimeImports: readonly string[];
  /** Without comments and types. */
  readonly code: string;
};

const specifier = /(?:^|\n)\s*(?:import|export)\b[^'";]*?from\s*['"]([^'"]+)['"]/g;
const bare = /(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g;
const dynamic = /\bimport\(\s*['"`]([^'"`]+)['"`]/g;

const importsIn = (path: string, text: string): string[] =>
  [specifier, bare, dynamic]
    .flatMap((form) => [...text.matchAll(form)].map((match) => match[1] ?? ''))
    .map((name) => (name.startsWith('.') ? posix.join(posix.dirname(path), name) : name));

/** One file, read as the rules need it. */
export function toSource(path: string, text: string): Source {
  const loader = path.endsWith('.tsx') ? 'tsx' : 'ts';
  const { code } = transformSync(text, { loader, legalComments: 'none', charset: 'utf8' });
  return { path, imports: importsIn(path, text), runtimeImports: importsIn(path, code), code };
}

/** Every TypeScript file of these layers. */
export const readSources = (of: readonly string[] = layers): readonly Source[] =>
  of
    .flatMap((layer) => globSync(`${layer}/**/*.{ts,tsx}`))
    .map((path) => toSource(path.replaceAll('\\', '/'), readFileSync(path, 'utf8')));
