import { readServerlessFile } from '../serverless-file.ts';
import { round, type Table } from '../table.ts';
import { simulate } from './simulate.ts';

/** Reported statuses of a message: sent and delivered. */
const STATUSES = 2;
/** Callbacks of a message: providers tell more statuses than are reported. */
const CALLBACKS = 3;
/** Write units of the table of deliveries: claimed and settled; each status claimed and noted. Indexes have units of their own. */
const UNITS = 2 + 2 * STATUSES;
/** A batch of reports on Lambda while CI360 takes 150 ms: a read and a write before it, a write after it. */
const BATCH_SECONDS = 0.25;
const WEBHOOK_SECONDS = 0.03;
/** As many as serverless.yml gives the injector with an invocation, all reported at once. */
const BATCH = 10;
/** CI360 takes 700,000 requests in 5 minutes from one source address. */
const CI360_PER_ADDRESS = 700_000 / 300;

/** What each part of the way back takes, as messages a second with two reported statuses each. */
export function wayBackTable(): Table {
  const { params } = readServerlessFile();
  const number = (name: string) => Number(params.default[name]);
  const rate = number('ci360_max_rate');
  const lane = number('injector_maximum_concurrency');
  const share = rate / (lane + number('replies_maximum_concurrency'));
  const batchSeconds = Math.max(BATCH_SECONDS, share === 0 ? 0 : BATCH / share);
  const simulated = simulate({
    campaigns: [{ messages: 1_000_000, startsAt: 0, perSecond: 10_000 }],
    isFair: true,
    maximumConcurrency: lane,
    batchSize: BATCH,
    batchSeconds,
    backoff: {
      baseSeconds: number('retry_base_seconds'),
      maxSeconds: number('retry_max_seconds'),
    },
    sendRetries: 0,
  });
  const rows: readonly (readonly [string, string, number])[] = [
    [
      'API Gateway',
      `\`webhook_rate_limit\` ${number('webhook_rate_limit')}: ${CALLBACKS} callbacks a message`,
      number('webhook_rate_limit') / CALLBACKS,
    ],
    [
      'status webhooks',
      `1,000 concurrent invocations in the account, 30 ms each, ${CALLBACKS} callbacks a message`,
      1000 / WEBHOOK_SECONDS / CALLBACKS,
    ],
    [
      'injector',
      `\`injector_maximum_concurrency\` ${lane}, batches of ${BATCH}, ${round(batchSeconds * 1000, 0)} ms a batch`,
      (lane * BATCH) / batchSeconds / STATUSES,
    ],
    [
      'injector',
      'the same, simulated from a cold start: 1,000,000 reports',
      simulated.perSecond / STATUSES,
    ],
    ['`ci360_max_rate`', `${rate} external events a second over all functions`, rate / STATUSES],
    [
      'CI360, one source address',
      '700,000 requests in 5 minutes; two addresses take twice as much',
      CI360_PER_ADDRESS / STATUSES,
    ],
    [
      'DynamoDB, the table of deliveries from its first day',
      `16,000 warm write units a second, ${UNITS} a message`,
      16_000 / UNITS,
    ],
    [
      'DynamoDB, the index of open deliveries from its first day',
      '6,000 warm write units a second, 2 a message',
      6000 / 2,
    ],
    [
      'DynamoDB, the index by recipient from its first day',
      '4,000 write units a second, 1 a message',
      4000,
    ],
  ];
  return {
    name: 'way-back',
    title: 'What each part takes of the way back',
    about: [
      'Messages a second with two reported statuses each, CI360 answering in 150 ms, by arithmetic from the settings and the default quotas of AWS.',
      "CI360's limit is by source address. Functions outside a VPC leave by addresses that AWS picks, and AWS does not say how many: the default of `ci360_max_rate` is what two addresses may send. Behind a NAT gateway, set it to 2,300 for each of its addresses. Each execution environment keeps to its share of it, so all together never exceed it. Above the limit CI360 answers 403; an environment that meets it pauses for a minute, by itself, as the limit concerns its address; the events wait on the queue.",
    ],
    columns: ['part', 'limit', 'messages /s'],
    rows: rows.map(([part, limit, perSecond]) => [part, limit, round(perSecond, 0)]),
  };
}
