import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import pMap from 'p-map';
import * as z from 'zod';
import { localKeys } from '../../../local/secrets.ts';
import { simulatorSecret } from '../../../local/simulators/credentials.ts';
import { startStack } from '../../../local/stack.ts';
import { readServerlessFiles } from '../../../local/template/written.ts';
import { tenants } from '../rig/campaign.ts';
import { whatGrew } from '../rig/flat.ts';
import { shortSettings } from '../rig/rig.ts';
import { type FuzzRequest, NUMBER_MARK, requestTo, TEXT_MARK } from './requests.ts';

export type FuzzResult = {
  readonly requests: number;
  readonly seed: number;
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** What must not be, in words; empty when all is well. */
  readonly wrong: readonly string[];
};

const serviceSchema = z.object({
  functions: z.record(
    z.string(),
    z.object({ events: z.array(z.object({ httpApi: z.string().optional() })).optional() }),
  ),
});

/** Every route of the functions: `POST /twilio/messages`. */
function routes(): string[] {
  const { functions } = serviceSchema.parse(readServerlessFiles());
  return Object.values(functions).flatMap(({ events = [] }) =>
    events.flatMap(({ httpApi }) => (httpApi === undefined ? [] : [httpApi])),
  );
}

/** What no log line may hold. */
const forbidden = (): readonly (readonly [string, string])[] => [
  ['a phone number', NUMBER_MARK],
  ["a message's text", TEXT_MARK],
  ...Object.values(localKeys).map((key) => ['an access key', key] as const),
  ...tenants.flatMap((tenant) => {
    const secret = simulatorSecret('http://127.0.0.1', tenant);
    return [
      secret.twilio_auth_token,
      secret.scg_access_token,
      secret.scg_webhook_password,
      secret.ci360_client_secret,
    ]
      .filter((value) => value !== undefined)
      .map((value) => ['a secret', value] as const);
  }),
];

const AT_ONCE = 16;
const CHUNK = 500;
/** So many findings are enough to begin with. */
const ENOUGH = 10;

/** Sends generated requests to every route of an embedded stack, and looks at the answers and the logs. */
export async function fuzz(
  requests: number,
  seed: number,
  onProgress: (done: number) => void = () => {},
): Promise<FuzzResult> {
  const directory = await mkdtemp(join(tmpdir(), 'fuzz-'));
  const logsDir = join(directory, 'logs');
  const signsDir = join(directory, 'signs');
  await mkdir(signsDir);
  const stack = await startStack({
    tenants,
    logsDir,
    preload: new URL('../rig/preload.ts', import.meta.url),
    settings: { ...shortSettings, FAULTS_SIGNS_DIR: signsDir },
  });
  const statuses: Record<string, number> = {};
  const wrong: string[] = [];
  try {
    const arbitrary = requestTo(routes(), stack.url);
    for (let done = 0; done < requests && wrong.length < ENOUGH; done += CHUNK) {
      const numRuns = Math.min(CHUNK, requests - done);
      const generated = fc.sample(arbitrary, { numRuns, seed: seed + done });
      await pMap(
        generated,
        async (request) => {
          const status = await send(stack.url, request);
          statuses[status] = (statuses[status] ?? 0) + 1;
          if (status === 'no answer' || Number(status) >= 500) {
            wrong.push(`${status} for ${describe(request)}`);
          }
        },
        { concurrency: AT_ONCE },
      );
      onProgress(done + numRuns);
    }
    wrong.push(...(await inLogs(logsDir)), ...(await whatGrew(signsDir)));
  } finally {
    await stack.close();
    await rm(directory, { recursive: true, force: true });
  }
  return { requests, seed, statuses, wrong };
}

async function send(url: string, { method, path, headers, body }: FuzzRequest): Promise<string> {
  try {
    const answer = await fetch(url + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    await answer.arrayBuffer();
    return String(answer.status);
  } catch {
    return 'no answer';
  }
}

const describe = ({ method, path, headers, body }: FuzzRequest): string =>
  `${method} ${path} ${JSON.stringify(headers)} ${body?.slice(0, 2000) ?? ''}`;

async function inLogs(directory: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir(directory)) {
    const text = await readFile(join(directory, name), 'utf8');
    for (const [what, mark] of forbidden()) {
      const line = text.split('\n').find((each) => each.includes(mark));
      if (line !== undefined) found.push(`${what} in the log of ${name}: ${line.slice(0, 500)}`);
    }
    const crash = text
      .split('\n')
      .find((line) => /unhandled|uncaught|^\s+at .*\.ts:\d+/i.test(line));
    if (crash !== undefined) found.push(`a crash in the log of ${name}: ${crash.slice(0, 500)}`);
  }
  return found;
}
