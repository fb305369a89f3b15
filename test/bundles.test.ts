import { existsSync } from 'node:fs';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { readServerless } from './builders/serverless.ts';

/** Largest size of a function's bundle, minified, in KB of 1000 bytes. A cold start grows with it. */
const limits: Readonly<Record<string, number>> = {
  ingress: 560,
  worker: 600,
  'twilio-status': 380,
  'twilio-inbound': 520,
  'scg-events': 460,
  'ci360-injector': 505,
  reconcile: 470,
};

const { custom, functions } = readServerless();

/** As serverless-esbuild does it, with its options from serverless.yml. */
async function bundle(entry: string) {
  const { outputFiles, metafile } = await build({
    ...custom.esbuild,
    entryPoints: [entry],
    platform: 'node',
    write: false,
    metafile: true,
    logLevel: 'error',
  });
  const bytes = outputFiles.reduce((sum, file) => sum + file.contents.length, 0);
  return { kilobytes: bytes / 1000, inputs: Object.keys(metafile.inputs) };
}

describe('the bundle of', () => {
  // That every function has its file is for the architecture test to say.
  const names = Object.keys(functions).filter((name) => existsSync(`handlers/${name}.ts`));

  it.each(names)('%s is small and has no more of Twilio than it needs', async (name) => {
    const { kilobytes, inputs } = await bundle(`handlers/${name}.ts`);
    expect(kilobytes).toBeLessThanOrEqual(limits[name] ?? Number.POSITIVE_INFINITY);
    const whole = /\/twilio\/lib\/(index|rest\/Twilio|base\/RequestClient)\.js$/;
    expect(inputs.filter((file) => whole.test(file))).toEqual([]);
  });
});
