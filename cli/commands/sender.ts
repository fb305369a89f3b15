import type { Command } from 'commander';
import { type SendersAnswer, sendersAnswer } from '../../domain/operator/answers/senders.ts';
import { type Context, contextOf } from '../context.ts';
import { duration, tableOrEntries } from '../format.ts';
import type { Io } from '../io.ts';

const HEAD = [
  'Sender',
  'Kind',
  'Limit',
  'Rate now',
  'Backlog',
  'Sent in',
  'Throttled, last minute',
];

type Sender = SendersAnswer['senders'][number];

const rounded = (value: number): string => String(Math.round(value * 10) / 10);

const perSecond = (value: number | null, { unit }: Sender): string =>
  value === null ? 'none' : `${rounded(value)} ${unit}/s`;

function show({ senders, at }: SendersAnswer, { width }: Context): string {
  if (senders.length === 0) return 'No sender was held to a rate within the last two days.';
  const rows = senders.map((one) => [
    `${one.provider} ${one.sender === '*' ? '(the whole account)' : one.sender}`,
    one.kind,
    perSecond(one.limit, one),
    perSecond(one.rate, one),
    one.backlog,
    one.backlogUntil === null
      ? ''
      : duration((Date.parse(one.backlogUntil) - Date.parse(at)) / 1000),
    one.throttledLastMinute,
  ]);
  return tableOrEntries(HEAD, rows, width);
}

/** `sender`: how fast each sender may send, and does. */
export function senderCommands(program: Command, io: Io): void {
  program
    .command('sender')
    .description('limits and rates of senders')
    .command('list')
    .description('senders with their limits, current rates, backlogs and throttles')
    .action(async (_options: object, command: Command) => {
      const context = contextOf(command, io);
      const query = { tenantId: context.tenant };
      const answer = await context.client.get('/senders', query, sendersAnswer);
      context.print(answer, () => show(answer, context));
    });
}
