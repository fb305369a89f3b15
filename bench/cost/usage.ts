import type { Prices } from './prices.ts';

const MILLION = 1e6;

/** What AWS bills for by use: in which unit, and what a unit costs in US$. */
export const resources = {
  httpApiRequests: {
    label: 'API Gateway requests',
    usd: ({ perMillion }) => perMillion.httpApiRequest / MILLION,
  },
  lambdaRequests: {
    label: 'Lambda invocations',
    usd: ({ perMillion }) => perMillion.lambdaRequest / MILLION,
  },
  lambdaGigabyteSeconds: {
    label: 'Lambda GB-seconds',
    usd: ({ perGigabyteSecond }) => perGigabyteSecond.lambdaArm64,
  },
  sqsRequests: {
    label: 'SQS requests (fair queues)',
    usd: ({ perMillion }) => (perMillion.sqsRequest + perMillion.sqsFairQueueRequest) / MILLION,
  },
  writeUnits: {
    label: 'DynamoDB write units',
    usd: ({ perMillion }) => perMillion.dynamoDbWriteUnit / MILLION,
  },
  readUnits: {
    label: 'DynamoDB read units',
    usd: ({ perMillion }) => perMillion.dynamoDbReadUnit / MILLION,
  },
  storedGigabyteMonths: {
    label: 'DynamoDB storage and point-in-time recovery, GB a month',
    usd: ({ perGigabyteMonth }) =>
      perGigabyteMonth.dynamoDbStorage + perGigabyteMonth.dynamoDbPointInTimeRecovery,
  },
  indexGigabyteMonths: {
    // Point-in-time recovery restores indexes from their table, and bills for the table only.
    label: 'DynamoDB storage of indexes, GB a month',
    usd: ({ perGigabyteMonth }) => perGigabyteMonth.dynamoDbStorage,
  },
  logGigabytes: {
    label: 'CloudWatch logs, GB',
    usd: ({ perGigabyte, perGigabyteMonth }) =>
      perGigabyte.logsIngested + perGigabyteMonth.logsStored,
  },
  transitions: {
    label: 'Step Functions transitions',
    usd: ({ perMillion }) => perMillion.stepFunctionsTransition / MILLION,
  },
  traces: {
    label: 'X-Ray traces (1 in 20)',
    usd: ({ perMillion }) => perMillion.xRayTrace / MILLION,
  },
} as const satisfies Record<string, { label: string; usd: (prices: Prices) => number }>;

export type Resource = keyof typeof resources;
export const resourceNames = Object.keys(resources).filter(
  (name): name is Resource => name in resources,
);

/** Quantities by resource; what is not named is not used. */
export type Usage = Readonly<Partial<Record<Resource, number>>>;

const each = (of: (name: Resource) => number): Usage =>
  Object.fromEntries(resourceNames.map((name) => [name, of(name)]));

export const times = (usage: Usage, factor: number): Usage =>
  each((name) => (usage[name] ?? 0) * factor);

export const sumOf = (usages: readonly Usage[]): Usage =>
  each((name) => usages.reduce((sum, usage) => sum + (usage[name] ?? 0), 0));

/** US$ for one resource, or for all of them. */
export const costOf = (usage: Usage, prices: Prices, name?: Resource): number =>
  (name === undefined ? resourceNames : [name]).reduce(
    (sum, each) => sum + (usage[each] ?? 0) * resources[each].usd(prices),
    0,
  );
