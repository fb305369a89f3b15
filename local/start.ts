import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AccountError } from './account.ts';
import { withoutCallbacks } from './callbacks.ts';
import { DataDirError } from './data-dir.ts';
import { isBalanced } from './demo/books.ts';
import { campaign } from './demo/campaign.ts';
import { type Caller, companies, nextSteps, simulatedFor } from './demo/next-steps.ts';
import { progressView } from './demo/progress.ts';
import { reportJson, reportText } from './demo/report.ts';
import { runCampaign } from './demo/run.ts';
import { type Flags, readFlags, UsageError } from './flags.ts';
import {
  drawKeys,
  followSecretsFile,
  type LocalKeys,
  localKeys,
  readSecretsFile,
  type SecretsByTenant,
  SecretsFileError,
} from './secrets.ts';
import { settingsIn } from './settings.ts';
import { type Stack, serviceDir, startStack } from './stack.ts';
import { SettingsError } from './template/compile.ts';

/** `npm start`: the embedded stack, a sample campaign, and then a service to play with. */
async function main(): Promise<number | undefined> {
  const flags = readFlags(process.argv.slice(2), process.env);
  const dataDir = flags.data === undefined ? undefined : resolve(flags.data);
  const logsDir = join(dataDir ?? join(serviceDir, '.local'), 'logs');
  const warn = (sentence: string) => {
    mkdirSync(logsDir, { recursive: true });
    appendFileSync(join(logsDir, 'stack.log'), `${new Date().toISOString()} ${sentence}\n`);
  };

  const given =
    flags.secretsFile === undefined ? undefined : await readSecretsFile(flags.secretsFile);
  const uncalled = withoutCallbacks(given, flags.publicUrl ?? `http://127.0.0.1:${flags.port}`);
  const hasOwnKeys = given !== undefined && 'access-keys' in given;
  // Real accounts, or a way in from outside: keys that stand in the README would open it to anyone.
  const drawn =
    !hasOwnKeys && (given !== undefined || flags.publicUrl !== undefined) ? drawKeys() : undefined;
  const stack = await startStack({
    port: flags.port,
    simPort: flags.simPort,
    dataDir,
    logsDir,
    env: process.env,
    params: settingsIn(process.env),
    settings: {
      ...uncalled?.settings,
      ...(flags.publicUrl === undefined ? {} : { public_url: flags.publicUrl }),
    },
    secrets:
      flags.secretsFile && given ? followSecretsFile(flags.secretsFile, given, warn) : undefined,
    keys: drawn,
    warn,
  });
  closeOnSignal(stack);
  console.log(`ready: ${stack.url}`);
  const caller = callerOf(given, drawn ?? localKeys);
  const { tenantId } = caller;
  console.log(`console: ${consoleUrl(stack.url, tenantId)} (key ${caller.operatorKey})`);
  if (given && flags.demo === 0)
    console.log(
      'No sample campaign, because the credentials of SECRETS_FILE may be real; --demo 20 sends one all the same.',
    );

  if (uncalled) console.log(uncalled.notice);

  if (drawn) {
    console.log(
      `Keys drawn for this run: connector ${drawn.connector}, operator ${drawn.operator}`,
    );
  }

  const balanced = flags.demo > 0 ? await demo(stack, flags, tenantId, drawn ?? localKeys) : true;
  if (flags.exit) {
    await stack.close();
    return balanced ? 0 : 1;
  }
  if (!flags.json) {
    const simulated = given ? simulatedFor(given[tenantId] ?? {}, stack.simUrl) : companies;
    console.log(nextSteps(stack, caller, simulated));
  }
  return undefined;
}

/** The identity with which the lines to try speak to the service; keys of a file are not shown. */
const callerOf = (given: SecretsByTenant | undefined, keys: LocalKeys): Caller => ({
  tenantId: tenantOf(given),
  ...(given && 'access-keys' in given
    ? { connectorKey: '<connector key of the file>', operatorKey: '<operator key of the file>' }
    : { connectorKey: keys.connector, operatorKey: keys.operator }),
});

/** The operator's page, with the tenant filled in; it asks for a key. */
const consoleUrl = (url: string, tenantId: string): string =>
  `${url}/console#/campaigns?${new URLSearchParams({ tenant: tenantId })}`;

const tenantOf = (secrets: SecretsByTenant | undefined): string =>
  secrets === undefined || 'local-tenant' in secrets
    ? 'local-tenant'
    : (Object.keys(secrets).find((name) => name !== 'access-keys') ?? 'local-tenant');

async function demo(
  stack: Stack,
  flags: Flags,
  tenantId: string,
  { connector }: LocalKeys,
): Promise<boolean> {
  console.log(
    `\nA sample campaign of ${flags.demo} events through both simulated providers. Waits that take minutes\nin production (backoff, asking about a send in doubt) take a second or two here.\n`,
  );
  const events = campaign(flags.demo, {
    tenantId,
    now: Date.now(),
    newId: randomUUID,
  });
  const view = progressView(events.length, process.stdout);
  const target = { ...stack, connectorKey: connector };
  const result = await runCampaign(target, tenantId, events, view.show, view.wait).finally(
    view.end,
  );
  console.log(`\n${reportText(result)}`);
  if (flags.json) console.log(reportJson(result));
  return isBalanced(result);
}

/** The first Ctrl-C lets running work end; the second does not wait. */
function closeOnSignal(stack: Stack): void {
  let asked = false;
  const close = () => {
    if (asked) process.exit(130);
    asked = true;
    stack.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGINT', close);
  process.on('SIGTERM', close);
}

/** One plain sentence and an exit code, for everything a user can fix. */
function explain(error: unknown): { sentence: string; exitCode: number } {
  if (error instanceof UsageError) return { sentence: error.message, exitCode: error.exitCode };
  if (
    error instanceof AccountError ||
    error instanceof SecretsFileError ||
    error instanceof DataDirError ||
    error instanceof SettingsError
  )
    return { sentence: error.message, exitCode: 1 };
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    const port = 'port' in error ? ` ${error.port}` : '';
    return {
      sentence: `Port${port} is in use. Choose others: PORT=3100 SIM_PORT=3101 npm start`,
      exitCode: 1,
    };
  }
  return {
    sentence: error instanceof Error ? (error.stack ?? error.message) : String(error),
    exitCode: 1,
  };
}

main().then(
  (exitCode) => {
    if (exitCode !== undefined) process.exit(exitCode);
  },
  (error: unknown) => {
    const { sentence, exitCode } = explain(error);
    if (exitCode === 0) console.log(sentence);
    else console.error(sentence);
    process.exit(exitCode);
  },
);
