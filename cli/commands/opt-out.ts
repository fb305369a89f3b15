import { type Command, Option } from 'commander';
import { type OptOutAnswer, optOutAnswer } from '../answers.ts';
import { type Context, contextOf, neededTenant } from '../context.ts';
import { CliError, exitCodes } from '../exit.ts';
import { clockTime, table, wrap } from '../format.ts';
import type { Io } from '../io.ts';

type Options = { readonly channel?: string; readonly yes?: boolean };

const personOf = (number: string, options: Options, context: Context) => ({
  tenantId: context.tenant,
  address: number,
  channel: options.channel,
});

function lines(answer: OptOutAnswer): [string, string][] {
  const { word, refusal } = answer;
  const rows: [string, string][] = [
    ['Number', `${answer.address} of ${answer.tenantId}`],
    ['Opted out', answer.optedOut ? 'yes' : 'no'],
  ];
  if (word !== null) {
    rows.push(['Word', `${word.status}, ${clockTime(word.at)}, by ${word.source}`]);
  }
  if (refusal !== null) {
    rows.push(['Refused', `${clockTime(refusal.at)}, by ${refusal.source}`]);
    if (refusal.countsUntil !== null) {
      rows.push(['Counts until', clockTime(refusal.countsUntil)]);
    }
  }
  return [...rows, ['Advice', wrap(answer.advice, 72)]];
}

const show = (answer: OptOutAnswer): string => table(['', ''], lines(answer));

const ask = (number: string, options: Options, context: Context): Promise<OptOutAnswer> =>
  context.client.post('/opt-outs/show', personOf(number, options, context), optOutAnswer);

async function lift(number: string, options: Options, context: Context) {
  const tenantId = neededTenant(context);
  const person = personOf(number, options, context);
  if (options.yes !== true) {
    const known = await ask(number, options, context);
    context.io.err(`${show(known)}\n`);
    const answer = await context.io.ask(
      'Campaigns will write to this person again. Type the tenant id to go on: ',
    );
    if (answer?.trim() !== tenantId) {
      throw new CliError(exitCodes.usage, 'Nothing was lifted. Without a terminal, pass --yes.');
    }
  }
  const lifted = await context.client.post(
    '/opt-outs/lift',
    { ...person, confirm: tenantId },
    optOutAnswer,
  );
  context.print(lifted, () => show(lifted));
}

/** `opt-out`: why a person is not written to, and lifting it once they want to be. */
export function optOutCommands(program: Command, io: Io): void {
  const optOut = program
    .command('opt-out')
    .description('why a person is not written to, and lifting it');
  const onNumber = (command: Command) =>
    command.addOption(
      new Option('--channel <channel>', 'whose address it is, where it is no number').choices([
        'FACEBOOK',
        'WECHAT',
      ]),
    );
  onNumber(
    optOut.command('show <number>').description('whether and why a number is opted out'),
  ).action(async (number: string, options: Options, command: Command) => {
    const context = contextOf(command, io);
    const answer = await ask(number, options, context);
    context.print(answer, () => show(answer));
  });
  onNumber(optOut.command('lift <number>').description('let campaigns write to a number again'))
    .option('--yes', 'do not ask')
    .action((number: string, options: Options, command: Command) =>
      lift(number, options, contextOf(command, io)),
    );
}
