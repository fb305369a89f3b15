import type { ServerlessFile } from '../serverless-file.ts';
import type { Prices } from './prices.ts';

const MILLION = 1e6;
const SECONDS_A_MONTH = 730 * 3600;
/** Receives of 20 s that Lambda keeps open on an idle queue: five at once, or two without a limit of ours. */
const POLL_SECONDS = 20;
const pollers = (isLimited: boolean) => (isLimited ? 5 : 2);
/** Instances that stay warm and read two secrets each whenever their copies are old. */
const WARM_INSTANCES = 5;
/** Kinds of metric, times functions and dimensions, that a busy tenant brings about. */
const METRICS = 40;

export type FixedCost = { readonly item: string; readonly usd: number };

/** What a month costs however little is sent, for one tenant. */
export function fixedCosts(
  { resources: { Resources }, functions, params }: ServerlessFile,
  { perMonth, perMillion }: Prices,
): FixedCost[] {
  const types = Object.values(Resources).map(({ Type }) => Type);
  const count = (type: string) => types.filter((each) => each === type).length;
  const sources = Object.values(functions).flatMap(({ events = [] }) =>
    events.flatMap(({ sqs }) => (sqs === undefined ? [] : [sqs])),
  );
  const receives = sources
    .map((source) => pollers('maximumConcurrency' in source))
    .reduce((sum, each) => sum + each, 0);
  const polls = (receives * SECONDS_A_MONTH) / POLL_SECONDS;
  const reads = (WARM_INSTANCES * 2 * SECONDS_A_MONTH) / Number(params.default.secret_cache_ttl);
  const alarms = count('AWS::CloudWatch::Alarm');
  return [
    { item: `${alarms} alarms`, usd: alarms * perMonth.alarm },
    { item: 'a dashboard', usd: count('AWS::CloudWatch::Dashboard') * perMonth.dashboard },
    { item: `${METRICS} metrics`, usd: METRICS * perMonth.metric },
    {
      item: `polling of ${sources.length} idle queues`,
      usd: (polls / MILLION) * (perMillion.sqsRequest + perMillion.sqsFairQueueRequest),
    },
    {
      item: `2 secrets, read by ${WARM_INSTANCES} instances`,
      usd: 2 * perMonth.secret + (reads / MILLION) * perMillion.secretsManagerCall,
    },
  ];
}
