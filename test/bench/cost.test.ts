import { describe, expect, it } from 'vitest';
import { monthOf } from '../../bench/cost/cost.ts';
import { fixedCosts } from '../../bench/cost/fixed-costs.ts';
import { readPrices } from '../../bench/cost/prices.ts';
import { type Assumptions, type Billed, stepUsage } from '../../bench/cost/step-usage.ts';
import { costOf, resourceNames, resources } from '../../bench/cost/usage.ts';
import { readFlags } from '../../bench/flags.ts';
import { readServerlessFile } from '../../bench/serverless-file.ts';

const step = (over: Partial<Billed>): Billed => ({
  invocations: {},
  records: 0,
  queue: 0,
  writeUnits: 0,
  readUnits: 0,
  logBytes: 0,
  transitions: 0,
  items: [],
  ...over,
});
const assumed: Assumptions = {
  ownMs: { ingress: 20, worker: 100 },
  providerMs: 150,
  memoryMegabytes: () => 512,
  batch: 10,
};

describe('what a message uses', () => {
  it('is one request, one invocation and its time behind the API', () => {
    expect(stepUsage(step({ invocations: { ingress: 1 }, queue: 1 }), assumed)).toMatchObject({
      httpApiRequests: 1,
      lambdaRequests: 1,
      lambdaGigabyteSeconds: 0.01,
      sqsRequests: 1,
    });
  });

  it('is a tenth of an invocation behind a queue, which waits once for ten', () => {
    const usage = stepUsage(step({ invocations: { worker: 0.1 }, records: 1 }), assumed);

    expect(usage).toMatchObject({ httpApiRequests: 0, lambdaRequests: 0.1, sqsRequests: 0.2 });
    expect(usage.lambdaGigabyteSeconds).toBeCloseTo(0.1 * 0.25 * 0.5);
  });

  it('is a whole invocation, and waits alone, when records come one by one', () => {
    const one = { ...assumed, batch: 1 };
    const usage = stepUsage(step({ invocations: { worker: 0.1 }, records: 1 }), one);

    expect(usage).toMatchObject({ lambdaRequests: 1, sqsRequests: 2 });
    expect(usage.lambdaGigabyteSeconds).toBeCloseTo((0.01 + 0.15) * 0.5);
  });

  it('is what its items take to keep', () => {
    const items = [{ table: 'failed-requests', bytes: 900, indexBytes: 600 }];
    const usage = stepUsage(step({ items }), assumed);
    expect(usage.storedGigabyteMonths).toBeCloseTo(1e-6, 9);
    expect(usage.indexGigabyteMonths).toBeCloseTo(6e-7, 9);
  });
});

describe('the bill', () => {
  const prices = readPrices();

  it('has a price for everything that is used', () => {
    for (const name of resourceNames) expect(resources[name].usd(prices)).toBeGreaterThan(0);
  });

  it('is quantity times price, added up', () => {
    const usage = { writeUnits: 2e6, httpApiRequests: 1e6 };
    const { dynamoDbWriteUnit, httpApiRequest } = prices.perMillion;

    expect(costOf(usage, prices, 'writeUnits')).toBeCloseTo(2 * dynamoDbWriteUnit);
    expect(costOf(usage, prices)).toBeCloseTo(2 * dynamoDbWriteUnit + httpApiRequest);
  });

  it('has everything that costs without being used', () => {
    const fixed = fixedCosts(readServerlessFile(), prices);
    expect(fixed.length).toBeGreaterThan(3);
    for (const { usd } of fixed) expect(usd).toBeGreaterThan(0);
  });
});

it('a month has what its volume and shares say', () => {
  const { volume } = readFlags(
    '--messages 1000 --failed 0.1 --replies 0.5 --statuses 2 --replayed 0.05'.split(' '),
  );
  const month = monthOf(volume, () => ({ writeUnits: 1 }));

  expect(month).toMatchObject({
    messages: { writeUnits: 1900 },
    refused: { writeUnits: 100 },
    statuses: { writeUnits: 1800 },
    replies: { writeUnits: 450 },
    replays: { writeUnits: 50 },
  });
});
