import type { PlanAnswer } from '../../domain/operator/answers/replays.ts';
import type { Api } from '../client.ts';
import { counted, roughly } from '../words.ts';
import type { Selection } from './selection.ts';

/** How a replay is to run, as it is typed. */
export type Options = {
  readonly rate: string;
  readonly canary: string;
  readonly ignoreTtl: boolean;
  readonly includePermanent: boolean;
  readonly sendInDoubt: boolean;
};

export const defaults: Options = {
  rate: '10',
  canary: '0',
  ignoreTtl: false,
  includePermanent: false,
  sendInDoubt: false,
};

/** The options as the API takes them; the service judges what they say. */
export const optionFields = ({ rate, canary, ...others }: Options) => ({
  ...(rate.trim() === '' ? {} : { rate: Number(rate) }),
  ...(canary.trim() === '' ? {} : { canary: Number(canary) }),
  ...others,
});

export type Plan = Omit<PlanAnswer, 'cursor'>;

const addUp = (
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> => {
  const sum = { ...a };
  for (const [verdict, count] of Object.entries(b)) sum[verdict] = (sum[verdict] ?? 0) + count;
  return sum;
};

/** Two pages of one plan. */
const addPlans = (a: Plan, b: Plan): Plan => ({
  ...b,
  counts: addUp(a.counts, b.counts),
  samples: { ...b.samples, ...a.samples },
  selected: a.selected + b.selected,
  wouldSend: a.wouldSend + b.wouldSend,
  seconds: a.seconds + b.seconds,
});

/** What a replay would do with all that is selected. */
export async function planOf(api: Api, selection: Selection, options: Options): Promise<Plan> {
  let asked: Readonly<Record<string, unknown>> = selection;
  let whole: Plan | undefined;
  let next: string | undefined;
  do {
    const body = { ...asked, ...optionFields(options), dryRun: true, cursor: next };
    const { cursor, ...page }: PlanAnswer = await api.post<PlanAnswer>('/replays', body);
    whole = whole === undefined ? page : addPlans(whole, page);
    // The next page is of the same, closed window.
    asked = page.selection;
    next = cursor;
  } while (next !== undefined);
  return whole;
}

/** What starting does, a sentence each. */
export function consequences(plan: Plan, options: Options): readonly string[] {
  const { wouldSend, selected, seconds, rate } = plan;
  const canary = Number(options.canary);
  return [
    `${counted(wouldSend, 'request')} of ${counted(selected, 'selected one')} will be put back on the queue, ${rate} a second: ${roughly(seconds)}.`,
    ...(canary > 0
      ? [`${counted(canary, 'message')} go first; the rest follows if enough of them are sent.`]
      : []),
    ...(options.includePermanent
      ? ['Messages that the provider refused permanently are sent again as they are.']
      : []),
    ...(options.sendInDoubt
      ? [
          'Messages in doubt that the provider cannot tell about are sent: people may get them twice.',
        ]
      : ['Nobody gets a message twice: what is in doubt is looked up first.']),
  ];
}

/** Whether starting has to be confirmed with the tenant's id. */
export const isInsisting = ({ includePermanent, sendInDoubt }: Options): boolean =>
  includePermanent || sendInDoubt;
