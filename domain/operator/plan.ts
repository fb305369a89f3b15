import { judge } from '../replay/judge.ts';
import type { ReplayOptions } from '../replay/replay.ts';
import type { Selection } from '../replay/selection.ts';
import { rowsOf } from '../replay/take.ts';
import { isRequeued, type Verdict, verdicts } from '../replay/verdict.ts';
import type { PlanAnswer } from './answers/replays.ts';
import type { OperatorDeps } from './deps.ts';
import { scan } from './scan.ts';

const SAMPLES = 3;

/** Judges every selected request as it would be at send time. */
export async function planOf(
  selection: Selection,
  options: Pick<ReplayOptions, 'rate' | 'ignoreTtl' | 'includePermanent'>,
  cursor: string | undefined,
  deps: OperatorDeps,
): Promise<PlanAnswer> {
  const guids = new Map<Verdict, string[]>();
  const end = await scan(
    selection,
    'failed',
    { cursor },
    async (listed) => {
      const rows = await rowsOf(
        selection,
        listed.map(({ guid }) => guid),
        deps,
      );
      const judged = await judge(rows, options, deps);
      for (const { row, verdict } of judged) {
        const known = guids.get(verdict);
        if (known === undefined) guids.set(verdict, [row.guid]);
        else known.push(row.guid);
      }
      return true;
    },
    deps,
  );
  const found = verdicts.flatMap((verdict) => {
    const of = guids.get(verdict);
    return of === undefined ? [] : [{ verdict, of }];
  });
  const sum = (of: typeof found) => of.reduce((total, { of: { length } }) => total + length, 0);
  const wouldSend = sum(found.filter(({ verdict }) => isRequeued(verdict)));
  return {
    counts: Object.fromEntries(found.map(({ verdict, of }) => [verdict, of.length])),
    samples: Object.fromEntries(found.map(({ verdict, of }) => [verdict, of.slice(0, SAMPLES)])),
    selected: sum(found),
    wouldSend,
    seconds: Math.ceil(wouldSend / options.rate),
    rate: options.rate,
    selection,
    ...end,
  };
}
