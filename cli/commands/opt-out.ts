import { type Command, Option } from 'commander';
import { type OptOutAnswer, optOutAnswer } from '../../domain/operator/answers/opt-outs.ts';
import { confirmTenant } from '../confirm.ts';
import { type Context, contextOf, neededTenant } from '../context.ts';
import { CliError, exitCodes } from '../exit.ts';
import { pairs, utcTime } from '../format.ts';
import type { Io } from '../io.ts';
import { registerCommands } from './opt-out-register.ts';

type Options = { readonly channel?: string; readonly yes?: boolean };

function lines(answer: OptOutAnswer): [string, string][] {
  const { word, refusal } = answer;
  const rows: [string, string][] = [
    ['Number', `${answer.address} of ${answer.tenantId}`],
    ['Opted out', answer.optedOut ? 'yes' : 'no'],
  ];
  if (word !== null) {
    rows.push(['Last statement', `${word.status}, ${utcTime(word.at)}, by ${word.source}`]);
  }
  if (refusal !== null) {
    rows.push(['Refused', `${utcTime(refusal.at)}, by ${refusal.source}`]);
    if (refusal.countsUntil !== null) {
      rows.push(['Counts until', utcTime(refusal.countsUntil)]);
    }
  }
  return [...rows, ['Advice', answer.advice]];
}

const show = (answer: OptOutAnswer, { width }: Context): string => pairs(lines(answer), width);

/** The service names a number that is none by its last digits; its own terminal may have it whole. */
function aboutNumber(error: unknown, number: string): unknown {
  if (!(error instanceof CliError)) return error;
  const wrong = error.details.find(({ field }) => field === 'address');
  if (wrong === undefined) return error;
  const issue = wrong.issue.replace(/^…\d* /, '');
  return new CliError(error.exitCode, `${number} ${issue}`, error.details);
}

/** Asks the service about one number, or has it do something about it. */
async function call(
  path: '/opt-outs/show' | '/opt-outs/lift',
  number: string,
  options: Options & { readonly confirm?: string },
  context: Context,
): Promise<OptOutAnswer> {
  const { tenant: tenantId, client } = context;
  const { channel, confirm } = options;
  try {
    return await client.post(path, { tenantId, address: number, channel, confirm }, optOutAnswer);
  } catch (error) {
    throw aboutNumber(error, number);
  }
}

async function confirmLift(number: string, options: Options, tenantId: string, context: Context) {
  const known = await call('/opt-outs/show', number, options, context);
  context.io.err(`${show(known, context)}\n`);
  if (!known.optedOut) {
    throw new CliError(
      exitCodes.notFound,
      'This person is not opted out: there is nothing to lift.',
    );
  }
  await confirmTenant(
    context,
    tenantId,
    'Campaigns will write to this person again.',
    'Nothing was lifted',
  );
}

async function lift(number: string, options: Options, context: Context) {
  const tenantId = neededTenant(context);
  if (options.yes !== true) await confirmLift(number, options, tenantId, context);
  const lifted = await call('/opt-outs/lift', number, { ...options, confirm: tenantId }, context);
  context.print(lifted, () => show(lifted, context));
}

/** `opt-out`: why a person is not written to, and lifting it once they want to be. */
export function optOutCommands(program: Command, io: Io): void {
  const optOut = program
    .command('opt-out')
    .description('who is opted out and why, lifting it, and lists in and out');
  const onNumber = (command: Command) =>
    command.addOption(
      new Option('--channel <channel>', 'the channel of an address that is not a number').choices([
        'FACEBOOK',
        'WECHAT',
      ]),
    );
  onNumber(
    optOut.command('show <number>').description('whether and why a number is opted out'),
  ).action(async (number: string, options: Options, command: Command) => {
    const context = contextOf(command, io);
    const answer = await call('/opt-outs/show', number, options, context);
    context.print(answer, () => show(answer, context));
  });
  onNumber(optOut.command('lift <number>').description('let campaigns write to a number again'))
    .option('--yes', 'do not ask')
    .action((number: string, options: Options, command: Command) =>
      lift(number, options, contextOf(command, io)),
    );
  registerCommands(optOut, io);
}
