import { type PlanAnswer, planAnswer } from '../domain/operator/answers/replays.ts';
import { verdicts } from '../domain/replay/verdict.ts';
import { type Context, selectionOf } from './context.ts';
import { duration, tableOrEntries, verdictWords } from './format.ts';

type Options = Readonly<Record<string, unknown>>;
type Plan = Omit<PlanAnswer, 'cursor'>;

/** How a replay is to run, in the words of the API. */
export const howOf = (options: Options) => ({
  rate: options.rate,
  canary: options.canary,
  maxFailureRate: options.maxFailureRate,
  ignoreTtl: options.ignoreTtl,
  includePermanent: options.includePermanent,
  sendInDoubt: options.sendInDoubt,
  ignoreWindow: options.ignoreWindow,
});

function addUp(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>) {
  const sum = { ...a };
  for (const [key, count] of Object.entries(b)) sum[key] = (sum[key] ?? 0) + count;
  return sum;
}

/** What a replay would do, the pages of a large selection added up. */
export async function planOf(options: Options, context: Context): Promise<Plan> {
  let selection: Record<string, string | undefined> = selectionOf(options, context);
  let whole: PlanAnswer | undefined;
  let cursor: string | undefined;
  do {
    const page = await context.client.post(
      '/replays',
      { ...selection, ...howOf(options), dryRun: true, cursor },
      planAnswer,
    );
    whole =
      whole === undefined
        ? page
        : {
            ...page,
            counts: addUp(whole.counts, page.counts),
            samples: { ...page.samples, ...whole.samples },
            selected: whole.selected + page.selected,
            wouldSend: whole.wouldSend + page.wouldSend,
            seconds: whole.seconds + page.seconds,
          };
    // The next page is of the same, closed window.
    selection = page.selection;
    cursor = page.cursor;
  } while (cursor !== undefined);
  const { cursor: _end, ...plan } = whole;
  return plan;
}

/** A plan for people: how many of each verdict, and how long it takes. */
export function showPlan(plan: Plan, { width }: Pick<Context, 'width'>): string {
  const { counts, samples, selected, wouldSend, seconds, rate } = plan;
  if (selected === 0) return 'Nothing is selected: there is nothing to replay.';
  const found = verdicts.flatMap((verdict) => {
    const count = counts[verdict];
    const guids = samples[verdict] ?? [];
    return count === undefined ? [] : [{ count, guids, what: verdictWords(verdict) }];
  });
  const rows = found.map(({ count, guids, what }) => [count, guids.join('\n'), what]);
  const entries = found.map(({ count, guids, what }) => [`${count} × ${what}`, guids.join(' ')]);
  return [
    tableOrEntries(['Count', 'For example', 'Verdict'], rows, width, entries),
    `${wouldSend} of ${selected} would be sent, in ${duration(seconds)} at ${rate} a second.`,
  ].join('\n');
}
