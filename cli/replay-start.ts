import { failedRequestsAnswer } from '../domain/operator/answers/failed-requests.ts';
import { replayAnswer } from '../domain/operator/answers/replays.ts';
import { confirmTenant, confirmYes } from './confirm.ts';
import { type Context, neededTenant, selectionOf } from './context.ts';
import { CliError, exitCodes } from './exit.ts';
import { howOf, planOf, showPlan } from './plan.ts';
import { type End, report } from './replay-report.ts';
import { followIt, watchReplay } from './watch.ts';

type Options = Readonly<Record<string, unknown>>;

/** Rows that the service lists in one answer, at most. */
const LONGEST_LIST = 500;

/** Says when the canary is as large as the selection or larger, as far as one request can tell. */
async function onCanary(options: Options, context: Context): Promise<string> {
  const { canary } = options;
  if (context.json || typeof canary !== 'number' || !(canary > 0)) return '';
  const { items, cursor } = await context.client.get(
    '/failed-requests',
    // One more than the canary shows whether anything is left beside it.
    { ...selectionOf(options, context), limit: Math.min(Math.floor(canary) + 1, LONGEST_LIST) },
    failedRequestsAnswer,
  );
  const isAll = cursor === undefined && items.length > 0 && items.length <= canary;
  return isAll ? ` The canary of ${canary} covers all ${items.length}.` : '';
}

const REFUSAL = 'Nothing was started';

/** Options that ask for the tenant id, and what the user is to know before typing it. */
const insistences = [
  ['includePermanent', 'Permanent failures are sent again unchanged.'],
  [
    'sendInDoubt',
    'Of those in doubt, the ones that the provider cannot tell about are sent: people may get them twice.',
  ],
  [
    'ignoreWindow',
    'Messages are sent outside the hours of their category too, at night for example.',
  ],
] as const;

const isInsisting = (options: Options): boolean =>
  insistences.some(([option]) => options[option] === true);

/**
 * Shows what would be sent and lets the user agree: with a yes, or with the tenant id where messages are
 * among it that failed permanently or that the provider may have. False when there is nothing to agree to.
 */
async function isWanted(options: Options, context: Context): Promise<boolean> {
  const plan = await planOf(options, context);
  context.io.err(`${showPlan(plan, context)}\n`);
  if (plan.selected === 0) return false;
  const what = `Send ${plan.wouldSend === plan.selected ? 'all' : plan.wouldSend} of ${plan.selected}?`;
  const warnings = insistences.filter(([option]) => options[option] === true);
  if (warnings.length > 0) {
    const question = [what, ...warnings.map(([, warning]) => warning)].join(' ');
    await confirmTenant(context, neededTenant(context), question, REFUSAL);
  } else await confirmYes(context, what, REFUSAL);
  return true;
}

/** The key of the request becomes the replay's id, so that a start whose answer is lost is found again. */
async function post(options: Options, context: Context) {
  const key = context.io.newId();
  const body = {
    ...selectionOf(options, context),
    ...howOf(options),
    confirm: isInsisting(options) ? neededTenant(context) : undefined,
  };
  try {
    return await context.client.postOnce('/replays', body, replayAnswer, key);
  } catch (error) {
    if (!(error instanceof CliError) || error.exitCode !== exitCodes.unavailable) throw error;
    throw new CliError(
      error.exitCode,
      `${error.message}\nIt may have started all the same. Check: npm run cli -- replay report ${key}`,
    );
  }
}

/** Starts a replay once the user has agreed to its plan. */
export async function startReplay(options: Options, context: Context, end: End) {
  if (options.yes !== true && !(await isWanted(options, context))) return;
  const canary = await onCanary(options, context);
  const replay = await post(options, context);
  if (options.watch === true) {
    if (!context.json) context.io.out(`Replay ${replay.replayId} started.${canary}\n`);
    await report(await watchReplay(replay.replayId, context), context, end);
    return;
  }
  context.print(
    replay,
    () => `Replay ${replay.replayId} started.${canary}\n${followIt(replay.replayId)}`,
  );
}
