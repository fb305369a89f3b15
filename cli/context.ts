import { type Command, InvalidArgumentError, Option } from 'commander';
import { failedRequestKinds } from '../domain/failed-requests/failed-request.ts';
import { failureClasses } from '../domain/failure.ts';
import { providerIds } from '../domain/provider-id.ts';
import { apiClient, type Client, isLoopback, local, localUrl } from './client.ts';
import { CliError, exitCodes } from './exit.ts';
import { moment } from './format.ts';
import type { Io } from './io.ts';

/** What every command works with. */
export type Context = {
  readonly io: Io;
  readonly client: Client;
  readonly json: boolean;
  /** Columns of the terminal, or as many as are read easily. */
  readonly width: number;
  /** Prints the answer as one line of JSON, or as `show` has it. */
  readonly print: (answer: object, show: () => string) => void;
  /** The tenant named by a flag or the environment; on the embedded stack, its own. */
  readonly tenant: string | undefined;
  /** The tenant, if a flag names it. */
  readonly namedTenant: string | undefined;
};

const DEFAULT_WIDTH = 100;

/** The context from the options that every command has. */
export function contextOf(command: Command, io: Io): Context {
  const { url, key, tenant, json } = command.optsWithGlobals<{
    url?: string;
    key?: string;
    tenant?: string;
    json?: boolean;
  }>();
  const target = url ?? io.env.CI360_CONNECTOR_URL ?? localUrl(io.env);
  // Keys and tenants of the embedded stack are nobody else's business.
  const isLocal = isLoopback(target);
  const secret = key ?? io.env.CI360_OPERATOR_KEY ?? (isLocal ? local.key : '');
  return {
    io,
    client: apiClient(target, secret, io),
    json: json === true,
    width: io.terminal?.columns || DEFAULT_WIDTH,
    print: (answer, show) => io.out(`${json === true ? JSON.stringify(answer) : show()}\n`),
    tenant: tenant ?? io.env.CI360_TENANT ?? (isLocal ? local.tenant : undefined),
    namedTenant: tenant,
  };
}

/** `--since 2h` */
const momentOf = (io: Io) => (text: string) => {
  const found = moment(text, io.now());
  if (found === undefined) {
    throw new InvalidArgumentError('Give a time such as 2h, 30m, 7d or 2026-03-02T09:00:00Z.');
  }
  return found;
};

/** A number that need not be whole; what the service allows, it says itself. */
export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new InvalidArgumentError('Not a number.');
  return value;
}

/** The options that select failed requests, the same for every command. */
export function withSelection(command: Command, io: Io): Command {
  return command
    .option('--since <time>', 'failed at or after: 2h, 7d, or ISO 8601', momentOf(io))
    .option('--until <time>', 'failed at or before', momentOf(io))
    .addOption(new Option('--provider <name>', 'provider').choices(providerIds))
    .addOption(new Option('--kind <kind>', 'what failed').choices(failedRequestKinds))
    .addOption(new Option('--class <class>', 'class of failure').choices(failureClasses))
    .option('--code <code>', 'error code, the provider’s or ours')
    .option('--task <id>', 'CI360 task')
    .option('--sender <sender>', 'sender')
    .option('--replay <id>', 'taken last by this replay');
}

/** The tenant, of a command that does nothing without one being named. */
export function neededTenant({ tenant }: Context): string {
  if (tenant === undefined) {
    throw new CliError(exitCodes.usage, 'Pass the tenant with --tenant or CI360_TENANT.');
  }
  return tenant;
}

/** The selection that the options make, in the API's words. */
export function selectionOf(options: Record<string, unknown>, context: Context) {
  const text = (name: string) => {
    const value = options[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    tenantId: context.tenant,
    since: text('since'),
    until: text('until'),
    provider: text('provider'),
    kind: text('kind'),
    class: text('class'),
    code: text('code'),
    taskId: text('task'),
    sender: text('sender'),
    replayId: text('replay'),
  };
}
