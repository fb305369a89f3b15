import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { bundlerStandIn, emptyZip } from './bundler-stand-in.ts';

const run = promisify(execFile);

/** Settings by name, as `--param` takes them. */
type Params = Readonly<Record<string, string>>;

/** The settings of the stage cannot be used; the message names each that is wrong. */
export class SettingsError extends Error {
  readonly code = 'settings-invalid';
}

/** Everything below the service's root but what is built, installed or hidden. */
const isSource = (name: string) => !name.startsWith('.') && name !== 'node_modules';

async function filesBelow(serviceDir: string, directory: string): Promise<string[]> {
  const entries = await readdir(join(serviceDir, directory), {
    recursive: true,
    withFileTypes: true,
  }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(serviceDir, join(entry.parentPath, entry.name)))
    .sort();
}

/** What the compiled template depends on: the service's description and settings, its state machines, the tools' versions. */
async function fingerprint(serviceDir: string, stage: string, params: Params): Promise<string> {
  const hash = createHash('sha256')
    .update(JSON.stringify([stage, params]))
    .update(bundlerStandIn);
  const files = [
    ...['serverless.yml', 'settings.yml', `settings.${stage}.yml`, 'local/settings.yml'],
    'package-lock.json',
    ...(await filesBelow(serviceDir, 'serverless')),
    // The schemas by which settings are checked and given to functions.
    ...(await filesBelow(serviceDir, 'handlers/runtime')),
    ...(await filesBelow(serviceDir, 'statemachines')),
  ];
  for (const file of files) {
    // Only settings.<stage>.yml may be missing; without any other there is nothing to compile.
    hash.update(file).update(await readFile(join(serviceDir, file)).catch(() => ''));
  }
  return hash.digest('hex').slice(0, 16);
}

/**
 * Compiles serverless.yml to its CloudFormation template as a deployment does, and keeps the result
 * below `.build/` until a source changes. Needs neither credentials nor network. The bundler is
 * replaced, so a handler that does not compile is no hindrance and nothing waits for bundles.
 * `params` go on top of the stage's own settings. Throws SettingsError.
 */
export async function compileTemplate(
  serviceDir: string,
  stage: string,
  params: Params = {},
): Promise<unknown> {
  const cache = join(serviceDir, '.build', 'template');
  const kept = join(cache, `${await fingerprint(serviceDir, stage, params)}.json`);
  const known = await readFile(kept, 'utf8').catch(() => undefined);
  if (known !== undefined) return JSON.parse(known);

  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, 'work-'));
  try {
    for (const entry of await readdir(serviceDir, { withFileTypes: true })) {
      if (!isSource(entry.name)) continue;
      // The packager takes no link for its own file.
      if (entry.isFile()) await copyFile(join(serviceDir, entry.name), join(work, entry.name));
      else await symlink(join(serviceDir, entry.name), join(work, entry.name));
    }
    const standIn = join(work, 'node_modules', 'serverless-esbuild');
    await mkdir(standIn, { recursive: true });
    await writeFile(join(standIn, 'index.js'), bundlerStandIn);
    await writeFile(join(work, 'empty.zip'), emptyZip);

    await packageService(work, stage, params);
    const compiled = join(work, '.serverless', 'cloudformation-template-update-stack.json');
    const template = await readFile(compiled, 'utf8');
    await rename(compiled, kept);
    return JSON.parse(template);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function packageService(directory: string, stage: string, params: Params): Promise<void> {
  const serverless = createRequire(import.meta.url).resolve('serverless/bin/serverless.js');
  const given = Object.entries(params).flatMap(([key, value]) => ['--param', `${key}=${value}`]);
  try {
    await run(process.execPath, [serverless, 'package', '--stage', stage, ...given], {
      cwd: directory,
    });
  } catch (error) {
    const output =
      error instanceof Error && 'stderr' in error
        ? `${'stdout' in error ? error.stdout : ''}${error.stderr}`
        : '';
    const [, problems] = /^(The settings of stage [\s\S]*)/m.exec(output) ?? [];
    if (problems !== undefined) throw new SettingsError(problems.trim(), { cause: error });
    throw new Error(`serverless.yml cannot be packaged. ${output.trim()}`, { cause: error });
  }
}
