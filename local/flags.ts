import { Command, CommanderError, InvalidArgumentError } from 'commander';

/** What `npm start` was asked for. */
export type Flags = {
  /** How many events the sample campaign has; 0 for none. */
  readonly demo: number;
  readonly exit: boolean;
  readonly json: boolean;
  readonly data: string | undefined;
  readonly port: number;
  readonly simPort: number;
  /** Where providers call, when that is not this machine: a tunnel's address. */
  readonly publicUrl: string | undefined;
  readonly secretsFile: string | undefined;
};

/** Asked for something that cannot be; one sentence for the user. Help that was asked for is code 0. */
export class UsageError extends Error {
  readonly exitCode: number;
  constructor(message: string, exitCode = 2) {
    super(message);
    this.exitCode = exitCode;
  }
}

const MAX_DEMO = 100_000;

function events(value: string): number {
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1 || count > MAX_DEMO)
    throw new InvalidArgumentError(`It is a number of events from 1 to ${MAX_DEMO}.`);
  return count;
}

function portOf(name: string, value: string | undefined, fallback: number): number {
  if (value === undefined || value === '') return fallback;
  const port = Number(value);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError(`${name} is "${value}"; it must be a port from 0 to 65535.`);
  return port;
}

/** Two servers cannot have one port; 0 gives each its own. */
function portsOf(env: Readonly<Record<string, string | undefined>>) {
  const port = portOf('PORT', env.PORT, 3000);
  const simPort = portOf('SIM_PORT', env.SIM_PORT, 3001);
  if (port !== 0 && port === simPort)
    throw new UsageError(
      `PORT (3000 unless given) and SIM_PORT (3001 unless given) are both ${port}; the service and the simulators need one each.`,
    );
  return { port, simPort };
}

function publicUrlOf(value: string | undefined): string | undefined {
  if (!value) return undefined;
  if (!URL.canParse(value) || !/^https?:/.test(value))
    throw new UsageError(`PUBLIC_URL is "${value}"; it must be an address like https://….`);
  return value.replace(/\/+$/, '');
}

/** Reads the command line and `PORT`, `SIM_PORT`, `SECRETS_FILE`, `PUBLIC_URL`. Throws UsageError. */
export function readFlags(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Flags {
  let help = '';
  const command = new Command('npm start --')
    .description('Runs the whole service on this machine and sends a sample campaign through it.')
    .option(
      '--demo <events>',
      'events in the sample campaign; with SECRETS_FILE, none unless given',
      events,
      200,
    )
    .option('--no-demo', 'just serve')
    .option('--exit', 'stop after the campaign; 0 when its books balance, else 1', false)
    .option('--json', 'print the result as one JSON object, the last line', false)
    .option('--data <directory>', 'keep queues, tables and executions there across restarts')
    .addHelpText(
      'after',
      '\nEnvironment: PORT (3000), SIM_PORT (3001), SECRETS_FILE, PUBLIC_URL, AWS_ENDPOINT_URL_<SERVICE>',
    )
    .allowExcessArguments()
    .exitOverride()
    .configureOutput({ writeOut: (text) => (help += text), writeErr: () => {} });
  const given = new Set<string>();
  for (const name of ['demo', 'no-demo']) command.on(`option:${name}`, () => given.add(name));
  try {
    command.parse(args, { from: 'user' });
    if (command.args.length > 0)
      throw new UsageError(
        `There is no "${command.args[0]}" to start. Flags stand after --: npm start -- --demo 1000`,
      );
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) throw new UsageError(help, 0);
    throw new UsageError(error.message.replace(/^error: /, ''));
  }
  if (given.size > 1)
    throw new UsageError('--demo and --no-demo contradict each other: give one of them.');
  const options = command.opts<{
    demo: number | false;
    exit: boolean;
    json: boolean;
    data?: string;
  }>();
  const secretsFile = env.SECRETS_FILE || undefined;
  const asked = command.getOptionValueSource('demo') !== 'default';
  return {
    // Other secrets may point at real providers: nobody is written to unless that was asked for.
    demo: secretsFile !== undefined && !asked ? 0 : options.demo || 0,
    exit: options.exit,
    json: options.json,
    data: options.data,
    ...portsOf(env),
    publicUrl: publicUrlOf(env.PUBLIC_URL),
    secretsFile,
  };
}
