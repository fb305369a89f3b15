import { Command, CommanderError, InvalidArgumentError } from 'commander';

/** The tables by the names that the command line knows them by, in the order of the report. */
export const tableNames = ['ack', 'throughput', 'cold-start', 'calls', 'cost', 'limits'] as const;
export type TableName = (typeof tableNames)[number];
const isTableName = (name: string): name is TableName => tableNames.some((each) => each === name);

/** What `npm run bench` was asked for. */
export type Flags = {
  readonly tables: readonly TableName[];
  readonly json: boolean;
  /** Writes docs/performance.md. */
  readonly write: boolean;
  /** Times that each contestant of a comparison runs. */
  readonly rounds: number;
  /** The largest campaign that is sent through the whole stack. */
  readonly campaign: number;
  /** What the costs are reckoned for. */
  readonly volume: {
    /** Accepted events a month. */
    readonly messages: number;
    /** Shares of the messages, 0 to 1. */
    readonly failed: number;
    readonly replies: number;
    readonly replayed: number;
    /** Status updates that a message comes back with. */
    readonly statuses: number;
    /** What the provider takes to answer, ms. */
    readonly providerMs: number;
    /** Records that a queue's function gets at once: 10 in a campaign, 1 when little is sent. */
    readonly batch: number;
  };
};

/** Asked for something that cannot be; one sentence for the user. Help that was asked for is code 0. */
export class UsageError extends Error {
  readonly exitCode: number;
  constructor(message: string, exitCode = 2) {
    super(message);
    this.exitCode = exitCode;
  }
}

const number = (what: string, fits: (value: number) => boolean) => (text: string) => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || !fits(value))
    throw new InvalidArgumentError(`It is ${what}.`);
  return value;
};
const share = number('a share from 0 to 1', (value) => value >= 0 && value <= 1);
const amount = number('a number from 0', (value) => value >= 0);
const count = (least: number, most: number) =>
  number(
    `a whole number from ${least} to ${most}`,
    (value) => Number.isInteger(value) && value >= least && value <= most,
  );

/** Reads the command line. Throws UsageError. */
export function readFlags(args: readonly string[]): Flags {
  let help = '';
  const command = new Command('npm run bench --')
    .description('Measures the service on this machine and prints tables as Markdown.')
    .argument('[table]', `one of ${tableNames.join(', ')}; all of them unless named`)
    .option('--json', 'print one JSON object instead', false)
    .option('--write', 'run everything and write docs/performance.md', false)
    .option('--rounds <n>', 'how often contestants take turns', count(1, 100), 3)
    .option(
      '--campaign <events>',
      'throughput: the largest campaign through the whole stack',
      count(1000, 100_000),
      10_000,
    )
    .option('--messages <n>', 'cost: accepted events a month', amount, 1e6)
    .option('--failed <share>', 'cost: share that the provider refuses', share, 0.02)
    .option('--replayed <share>', 'cost: share that is replayed', share, 0.01)
    .option('--replies <share>', 'cost: share that is answered', share, 0.02)
    .option('--statuses <n>', 'cost: status updates of a message', amount, 2)
    .option('--provider-ms <ms>', 'cost: what the provider takes to answer', amount, 150)
    .option('--batch <n>', 'cost: records that a function gets at once', count(1, 10), 10)
    .exitOverride()
    .configureOutput({ writeOut: (text) => (help += text), writeErr: () => {} });
  try {
    command.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) throw new UsageError(help, 0);
    throw new UsageError(error.message.replace(/^error: /, ''));
  }
  const options = command.opts<Omit<Flags, 'tables' | 'volume'> & Omit<Flags['volume'], never>>();
  const { json, write, rounds, campaign, ...volume } = options;
  return { tables: tablesOf(command.args, write), json, write, rounds, campaign, volume };
}

function tablesOf([name, another]: readonly string[], write: boolean): readonly TableName[] {
  if (name === undefined) return tableNames;
  if (!isTableName(name))
    throw new UsageError(`There is no table "${name}". There are: ${tableNames.join(', ')}.`);
  if (another !== undefined) throw new UsageError('One table at a time, or all of them.');
  if (write) throw new UsageError('docs/performance.md holds every table: leave the table out.');
  return [name];
}
