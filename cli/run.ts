import { Command, CommanderError } from 'commander';
import { local } from './client.ts';
import { deliveryCommand } from './commands/delivery.ts';
import { failedCommands } from './commands/failed.ts';
import { optOutCommands } from './commands/opt-out.ts';
import { replayCommands } from './commands/replay.ts';
import { CliError, type ExitCode, exitCodes } from './exit.ts';
import type { Io } from './io.ts';

const help = `
Environment:
  CI360_CONNECTOR_URL   the service; default ${local.url}
  CI360_OPERATOR_KEY    an operator key; the embedded stack's own is used for the default URL
  CI360_TENANT          the tenant; the embedded stack's own is used for the default URL

Exit codes:
  0  done                       4  the key is missing, wrong or not good for the tenant
  1  a replay left something    5  nothing answers, or the service cannot work now
  2  a flag or value is wrong   6  the replay's state does not allow it
  3  not found`;

/** Runs one command line and gives its exit code. */
export async function runCli(args: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = exitCodes.ok;
  const program = new Command('cli')
    .description('The operator’s view of the connector: what failed, why, and sending it again.')
    .option('--url <url>', 'base URL of the service')
    .option('--key <key>', 'operator key')
    .option('--json', 'print one line of JSON')
    .addHelpText('after', help)
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err });
  // What a command sets up is inherited by those made from it after.
  failedCommands(program, io);
  replayCommands(program, io, (end) => {
    code = end;
  });
  deliveryCommand(program, io);
  optOutCommands(program, io);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    if (!(error instanceof CliError)) throw error;
    io.err(`${error.message}\n`);
    return error.exitCode;
  }
}
