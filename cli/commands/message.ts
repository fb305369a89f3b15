import type { Command } from 'commander';
import {
  type FoundMessagesAnswer,
  foundMessagesAnswer,
  type MessageStoryAnswer,
  messageStoryAnswer,
} from '../../domain/operator/answers/messages.ts';
import { type Context, contextOf, number } from '../context.ts';
import { clockTime, pairs, tableOrEntries, utcTime } from '../format.ts';
import type { Io } from '../io.ts';

function found({ items, cursor, keptSince }: FoundMessagesAnswer, { width }: Context): string {
  if (items.length === 0) {
    return `No message was found. Messages from before ${utcTime(keptSince)} are not kept, and those still in the queue are not found.`;
  }
  const rows = items.map((item) => [
    clockTime(item.createdAt),
    item.guid,
    item.status,
    `${item.provider} ${item.channel}`,
    item.error === null ? '' : `${item.error.class} ${item.error.code}`,
    [item.externalCode, item.taskId].filter(Boolean).join(' '),
  ]);
  const head = ['Taken on (UTC)', 'Guid', 'Status', 'Over', 'Error', 'Task'];
  const more = cursor ? `\nThere are more: --cursor ${cursor}` : '';
  return `${tableOrEntries(head, rows, width)}${more}`;
}

const words: Readonly<Record<string, string>> = {
  received: 'received from CI360',
  claimed: 'taken by a worker',
  'claimed-for-replay': 'taken by a worker for a replay',
  accepted: 'accepted by the provider',
  rejected: 'rejected by the provider',
  throttled: 'throttled; waits',
  transient: 'not accepted; will be tried again',
  unknown: 'no clear answer; will be looked up',
  'given-up': 'given up',
  expired: 'expired',
  held: 'held',
  erased: 'dropped: the person was erased',
  postponed: 'postponed',
  reported: 'reported to CI360',
  'kept-for-operator': 'stored as a failed request',
  'with-worker': 'with a worker now',
};

function shown({ message, failedRequest, story }: MessageStoryAnswer, { width }: Context): string {
  const facts = pairs(
    [
      ['Guid', `${message.guid} of ${message.tenantId}`],
      ['Status', message.status],
      ['What', `message over ${message.provider} (${message.channel})`],
      ['Task', message.taskId],
      ['Provider’s id', message.providerMessageId ?? undefined],
      ['Next', message.next?.what],
      ['Advice', failedRequest?.advice],
    ],
    width,
  );
  const rows = story.map(({ at, what, detail }) => [
    clockTime(at),
    `${words[what] ?? what}${detail === '' ? '' : `: ${detail}`}`,
  ]);
  return `${facts}\n${tableOrEntries(['When (UTC)', 'What happened'], rows, width)}`;
}

type Options = {
  number?: string;
  identity?: string;
  id?: string;
  task?: string;
  limit?: number;
  cursor?: string;
};

/** `message`: finding messages, and what happened to one. */
export function messageCommands(program: Command, io: Io): void {
  const message = program.command('message').description('finding messages, and their stories');
  message
    .command('find')
    .description('messages by one of these')
    .option('--number <number>', 'whom it was sent to')
    .option('--identity <id>', 'identity of the person in CI360')
    .option('--id <id>', 'the provider’s id of the message')
    .option('--task <task>', 'task id or code')
    .option('--limit <count>', 'messages to show', number)
    .option('--cursor <cursor>', 'go on where the last page ended')
    .action(async ({ id, ...options }: Options, own: Command) => {
      const context = contextOf(own, io);
      const body = { tenantId: context.tenant, ...options, ...(id ? { messageId: id } : {}) };
      const answer = await context.client.post('/messages/find', body, foundMessagesAnswer);
      context.print(answer, () => found(answer, context));
    });
  message
    .command('show <guid>')
    .description('what happened to one message, in the order of time')
    .action(async (guid: string, _options: object, own: Command) => {
      const context = contextOf(own, io);
      const path = `/messages/${encodeURIComponent(guid)}`;
      const answer = await context.client.get(
        path,
        { tenantId: context.tenant },
        messageStoryAnswer,
      );
      context.print(answer, () => shown(answer, context));
    });
}
