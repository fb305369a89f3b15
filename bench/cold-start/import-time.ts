import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { readServerlessFile } from '../serverless-file.ts';

const run = promisify(execFile);

const script = `
const from = performance.now();
require(process.argv[1]);
process.stdout.write(String(performance.now() - from));
process.exit(0);
`;

const { NODE_OPTIONS } = readServerlessFile().provider.environment;

/** How long a fresh process takes to load a module, in ms: what a cold start adds to an invocation. */
export async function importMs(file: string): Promise<number> {
  const { stdout } = await run(process.execPath, ['-e', script, file], {
    env: { AWS_REGION: 'us-east-1', NODE_OPTIONS },
  });
  return Number(stdout);
}
