import type { Command } from 'commander';
import {
  type TotalsCheckAnswer,
  totalsCheckAnswer,
} from '../../domain/operator/answers/totals-check.ts';
import { type Context, contextOf } from '../context.ts';
import { pairs, utcTime } from '../format.ts';
import type { Io } from '../io.ts';

function checked(check: TotalsCheckAnswer, { width }: Context): string {
  const { result } = check;
  const state = pairs(
    [
      ['Latest check', check.finishedAt === null ? 'none yet' : utcTime(check.finishedAt)],
      ['Deliveries read', result === null ? undefined : String(result.deliveries)],
      ['Totals compared', result === null ? undefined : String(result.compared)],
      ['Left out, because they change', result === null ? undefined : String(result.changing)],
      ['Different', result === null ? undefined : String(result.different)],
      ['Repaired', result === null ? undefined : String(result.repaired)],
    ],
    width,
  );
  const asked =
    check.requestedAt === null
      ? ''
      : `\nA rebuild was requested at ${utcTime(check.requestedAt)}; it begins within minutes (totals_check_rate).`;
  return `${state}${asked}`;
}

/** `campaign rebuild`: the totals of all campaigns from the deliveries again. */
export function rebuildCommand(campaign: Command, io: Io): void {
  campaign
    .command('rebuild')
    .description('rebuild all totals from the deliveries, or with --status show the latest check')
    .option('--status', 'ask for nothing')
    .action(async (options: { status?: true }, own: Command) => {
      const context = contextOf(own, io);
      const path = '/totals-check';
      const answer = options.status
        ? await context.client.get(path, {}, totalsCheckAnswer)
        : await context.client.post(path, {}, totalsCheckAnswer);
      context.print(answer, () => checked(answer, context));
    });
}
