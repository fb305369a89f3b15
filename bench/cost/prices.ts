import { readFileSync } from 'node:fs';
import * as z from 'zod';

const price = z.object({ usd: z.number().positive(), source: z.url() }).transform(({ usd }) => usd);

const schema = z.object({
  region: z.string(),
  checked: z.string(),
  perMillion: z.object({
    httpApiRequest: price,
    lambdaRequest: price,
    sqsRequest: price,
    /** On top, for requests of queues whose messages carry a message group. */
    sqsFairQueueRequest: price,
    dynamoDbWriteUnit: price,
    dynamoDbReadUnit: price,
    secretsManagerCall: price,
    stepFunctionsTransition: price,
    xRayTrace: price,
  }),
  perGigabyteSecond: z.object({ lambdaArm64: price }),
  perGigabyte: z.object({ logsIngested: price }),
  perGigabyteMonth: z.object({
    dynamoDbStorage: price,
    dynamoDbPointInTimeRecovery: price,
    logsStored: price,
  }),
  perMonth: z.object({ secret: price, alarm: price, metric: price, dashboard: price }),
});
export type Prices = z.infer<typeof schema>;

/** AWS's list prices, from the one file that holds them. */
export const readPrices = (): Prices =>
  schema.parse(JSON.parse(readFileSync(new URL('../prices-2026.json', import.meta.url), 'utf8')));
