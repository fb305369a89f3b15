import type { Command } from 'commander';
import { type DeliveryAnswer, deliveryAnswer } from '../../domain/operator/answers/deliveries.ts';
import { contextOf } from '../context.ts';
import { causeWords, doubtWords, pairs, utcTime } from '../format.ts';
import type { Io } from '../io.ts';

const time = (iso: string | null): string | undefined => (iso === null ? undefined : utcTime(iso));

/** What happens by itself; nothing after a final status. */
function nextWords({ next }: DeliveryAnswer): string | undefined {
  if (next === null) return undefined;
  return next.at === null ? next.what : `${next.what} Not before ${utcTime(next.at)}.`;
}

function reportedStatuses({ reports }: DeliveryAnswer): string | undefined {
  const all = reports.map(({ status, reported }) => (reported ? status : `${status} (not yet)`));
  return all.length === 0 ? undefined : all.join(', ');
}

const heldWords = ({ held }: DeliveryAnswer): string | undefined =>
  held ? `${held.reason}, since ${utcTime(held.since)}` : undefined;

const segmentWords = ({ segments, encoding }: DeliveryAnswer): string | undefined =>
  segments ? `${segments} of ${encoding}` : undefined;

function lines(delivery: DeliveryAnswer): [string, string | undefined][] {
  const { lastError, inDoubt, replays, replayId, status } = delivery;
  // Advice is about failed messages; one that waits needs none.
  const isOver = status === 'failed' || status === 'expired';
  return [
    ['Guid', `${delivery.guid} of ${delivery.tenantId}`],
    ['Status', delivery.status],
    ['What', `message over ${delivery.provider} (${delivery.channel})`],
    ['Segments', segmentWords(delivery)],
    ['Task', delivery.taskId],
    ['Provider’s id', delivery.providerMessageId ?? undefined],
    ['Attempts', delivery.attempts === 0 ? undefined : String(delivery.attempts)],
    ['Replays', replays === 0 ? undefined : `${replays}, last by ${replayId ?? '—'}`],
    ['With a worker until', time(delivery.heldUntil)],
    ['Held', heldWords(delivery)],
    ['In doubt', inDoubt === null ? undefined : doubtWords(inDoubt)],
    ['Last error', lastError === null ? undefined : causeWords(lastError)],
    ['Next', nextWords(delivery)],
    ['Advice', isOver ? lastError?.advice : undefined],
    ['Reported to CI360', reportedStatuses(delivery)],
    ['Sent', time(delivery.sentAt)],
    ['Taken on', utcTime(delivery.createdAt)],
    ['Last change', utcTime(delivery.updatedAt)],
  ];
}

/** `delivery`: what happened to one message. */
export function deliveryCommand(program: Command, io: Io): void {
  program
    .command('delivery <guid>')
    .description('what happened to one message')
    .action(async (guid: string, _options: object, command: Command) => {
      const context = contextOf(command, io);
      const delivery = await context.client.get(
        `/deliveries/${encodeURIComponent(guid)}`,
        { tenantId: context.tenant },
        deliveryAnswer,
      );
      context.print(delivery, () => pairs(lines(delivery), context.width));
    });
}
