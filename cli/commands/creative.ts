import { type Command, Option } from 'commander';
import * as z from 'zod';
import {
  type CreativeCheckAnswer,
  creativeCheckAnswer,
} from '../../domain/operator/answers/creatives.ts';
import { type Context, contextOf } from '../context.ts';
import { CliError, type ExitCode, exitCodes } from '../exit.ts';
import { wrap } from '../format.ts';
import type { Io } from '../io.ts';
import { readText } from '../read-text.ts';

type Options = { readonly provider: string; readonly sample?: string };

const sampleSchema = z
  .union([z.record(z.string(), z.unknown()), z.array(z.record(z.string(), z.unknown()))])
  .transform((given) => (Array.isArray(given) ? given : [given]));

/** A JSON object, or a list of them: one for each person. */
async function readSamples(path: string | undefined) {
  if (path === undefined) return [];
  const text = await readText(path);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new CliError(exitCodes.usage, `${path} is not JSON.`);
  }
  const samples = sampleSchema.safeParse(json);
  if (samples.success) return samples.data;
  throw new CliError(exitCodes.usage, `${path} holds no object, and no list of objects.`);
}

const rangeOf = (
  { min, max }: { min: number; max: number },
  write: (value: number) => string = String,
): string => (min === max ? write(min) : `${write(min)} to ${write(max)}`);

/** `US$0.0158`: with its country, for other dollars exist. */
const money = (currency: string) => (amount: number) =>
  new Intl.NumberFormat('en-CA', {
    style: 'currency',
    currency,
    minimumFractionDigits: 2,
    maximumFractionDigits: 6,
  }).format(amount);

function sizeOf({ channel, segments, encoding, estimate }: CreativeCheckAnswer): string {
  const parts = [
    ...(segments && encoding
      ? [encoding, `${rangeOf(segments)} segment${segments.max === 1 ? '' : 's'}`]
      : []),
    ...(estimate ? [`about ${rangeOf(estimate, money(estimate.currency))} a message`] : []),
  ];
  return parts.length === 0 ? '' : `${channel?.value ?? ''}: ${parts.join(', ')}`;
}

function addressesOf({ to, from, channel }: CreativeCheckAnswer): string {
  if (!to || !from || !channel) return '';
  const how = channel.source === 'default' ? 'by default' : `from ${channel.source}`;
  return `To ${to.value} (from ${to.source}) · from ${from.value} (${from.source}) · ${channel.value} (${how})`;
}

function templateOf({ template }: CreativeCheckAnswer): string[] {
  if (template === null) return [];
  const { name, language, category, status, preview, variables } = template;
  const about = [language, category, status].filter(Boolean).join(', ');
  const { given, needed } = variables;
  return [
    `Template ${name} (${about}) · variables ${given} of ${needed}`,
    ...(preview === null ? [] : [preview]),
  ];
}

const offendingOf = ({ offendingCharacters }: CreativeCheckAnswer): string =>
  offendingCharacters.length === 0
    ? ''
    : `Not GSM-7: ${offendingCharacters
        .map(({ character, codePoint, position }) => `“${character}” (${codePoint}) at ${position}`)
        .join(', ')}`;

const issueLines = (kind: string, issues: CreativeCheckAnswer['errors']): string[] =>
  issues.map(({ field, issue }) => `${kind}: ${field} ${issue}`);

function show(answer: CreativeCheckAnswer, { width }: Context): string {
  const lines = [
    addressesOf(answer),
    ...templateOf(answer),
    ...(answer.body ? [answer.body] : []),
    ...answer.mediaUrls,
    sizeOf(answer),
    offendingOf(answer),
    ...issueLines('error', answer.errors),
    ...issueLines('warning', answer.warnings),
    answer.ok ? 'It can be sent.' : 'It would not be sent.',
  ];
  return lines
    .filter((line) => line !== '')
    .flatMap((line) => line.split('\n').map((part) => wrap(part, width)))
    .join('\n');
}

async function check(path: string, options: Options, context: Context): Promise<boolean> {
  const { client, tenant: tenantId } = context;
  const creative = await readText(path);
  const sample = await readSamples(options.sample);
  const answer = await client.post(
    '/creatives/check',
    { tenantId, provider: options.provider, creative, sample },
    creativeCheckAnswer,
  );
  context.print(answer, () => show(answer, context));
  return answer.ok;
}

/** `creative`: what a creative becomes, before anybody gets it. */
export function creativeCommands(program: Command, io: Io, end: (code: ExitCode) => void): void {
  program
    .command('creative')
    .description('what a creative becomes, before anybody gets it')
    .command('check <file>')
    .description('check a creative; - reads standard input; nothing is sent')
    .addOption(
      new Option('--provider <name>', 'provider').choices(['twilio', 'scg']).default('twilio'),
    )
    .option('--sample <file>', 'values of merge tags: a JSON object for each person, in a list')
    .action(async (path: string, options: Options, command: Command) => {
      const isFine = await check(path, options, contextOf(command, io));
      if (!isFine) end(exitCodes.creativeErrors);
    });
}
