import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { Asset } from './dist/assets.d.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

const typeOf = (name: string): string => {
  const type = types[name.split('.').at(-1) ?? ''];
  if (type === undefined) throw new Error(`console: ${name} has no known content type`);
  return type;
};

/** The script and the style sheet, minified, under names with a hash of their content. */
async function bundle() {
  const { outputFiles } = await build({
    entryPoints: { app: join(here, 'main.tsx'), style: join(here, 'style.css') },
    tsconfig: join(here, 'tsconfig.json'),
    outdir: join(here, 'dist'),
    entryNames: '[name]-[hash]',
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
    write: false,
    logLevel: 'warning',
  });
  return outputFiles.map(({ path, contents }) => ({
    name: basename(path),
    content: Buffer.from(contents),
  }));
}

async function icon() {
  const content = await readFile(join(here, 'icon.svg'));
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 8);
  return { name: `icon-${hash}.svg`, content };
}

/**
 * Builds the page into `console/dist/assets.js`, which the function `console` serves. The file is replaced at
 * once, so that builds at the same time do not disturb each other.
 */
export async function buildConsole(): Promise<void> {
  const built = [...(await bundle()), await icon()];
  const files: Record<string, Asset> = {};
  for (const { name, content } of built) {
    files[name] = {
      type: typeOf(name),
      gzip: gzipSync(content, { level: 9 }).toString('base64'),
    };
  }
  const nameOf = (start: string) => built.find(({ name }) => name.startsWith(start))?.name ?? '';
  const page = (await readFile(join(here, 'index.html'), 'utf8'))
    .replace('{icon}', nameOf('icon-'))
    .replace('{style}', nameOf('style-'))
    .replace('{script}', nameOf('app-'));
  const module = [
    '// Written by npm run build:console.',
    `export const page = ${JSON.stringify(page)};`,
    `export const files = ${JSON.stringify(files)};`,
    '',
  ].join('\n');
  const dist = join(here, 'dist');
  await mkdir(dist, { recursive: true });
  const file = join(dist, 'assets.js');
  if ((await readFile(file, 'utf8').catch(() => '')) === module) return;
  const draft = join(dist, `assets-${process.pid}-${performance.now()}.draft`);
  try {
    await writeFile(draft, module);
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}

// Not awaited: the framework cannot load a plugin whose modules await.
if (import.meta.main) void buildConsole();
