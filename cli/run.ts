import { Command, CommanderError } from 'commander';
import { localUrl } from './client.ts';
import { auditCommand } from './commands/audit.ts';
import { campaignCommands } from './commands/campaign.ts';
import { creativeCommands } from './commands/creative.ts';
import { deliveryCommand } from './commands/delivery.ts';
import { failedCommands } from './commands/failed.ts';
import { messageCommands } from './commands/message.ts';
import { optOutCommands } from './commands/opt-out.ts';
import { personCommands } from './commands/person.ts';
import { replayCommands } from './commands/replay.ts';
import { senderCommands } from './commands/sender.ts';
import { statusCommand } from './commands/status.ts';
import { templateCommands } from './commands/template.ts';
import { CliError, type ExitCode, exitCodes, Interrupted } from './exit.ts';
import type { Io } from './io.ts';

const helpFor = (env: Io['env']) => `
Environment:
  CI360_CONNECTOR_URL   the service; default ${localUrl(env)}
  CI360_OPERATOR_KEY    an operator key; on this machine, by default the embedded stack's own
  CI360_TENANT          the tenant; on this machine, by default the embedded stack's own
  PORT                  port of the embedded stack, as for npm start; default 3000

Exit codes:
  0  done                       4  the key is missing, wrong or invalid for the tenant
  1  something is left*         5  nothing answers, or the service cannot work now
  2  a flag or value is wrong   6  the replay's state does not allow it
  3  not found                130  ended with Ctrl-C

* What failed again or is on its way, or the rest of a replay that was stopped or canceled; what a replay
  skipped does not count. Of creative check: errors.`;

/** Runs one command line and gives its exit code. */
export async function runCli(args: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = exitCodes.ok;
  const program: Command = new Command('cli')
    .description(
      'The operator’s view of the connector: see what failed and why, and send it again.',
    )
    .option('--url <url>', 'base URL of the service')
    .option('--key <key>', 'operator key')
    .option('--tenant <id>', 'tenant (environment: CI360_TENANT)')
    .option('--json', 'print one line of JSON')
    .addHelpText('after', helpFor(io.env))
    .configureHelp({
      showGlobalOptions: true,
      // Every command takes these; what a group takes itself, its commands list as their own.
      visibleGlobalOptions: (command) => (command === program ? [] : [...program.options]),
    })
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err });
  // What a command sets up is inherited by those made from it after.
  statusCommand(program, io);
  failedCommands(program, io);
  replayCommands(program, io, (end) => {
    code = end;
  });
  deliveryCommand(program, io);
  campaignCommands(program, io);
  messageCommands(program, io);
  optOutCommands(program, io);
  personCommands(program, io, (end) => {
    code = end;
  });
  auditCommand(program, io);
  senderCommands(program, io);
  templateCommands(program, io);
  creativeCommands(program, io, (end) => {
    code = end;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    if (error instanceof Interrupted) return exitCodes.interrupted;
    if (!(error instanceof CliError)) throw error;
    io.err(`${error.message}\n`);
    return error.exitCode;
  }
}
