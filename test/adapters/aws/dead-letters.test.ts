import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { deadLetters } from '../../../adapters/aws/dead-letters.ts';
import { anyone, startQueues } from '../../support/aws.ts';
import { answerWith } from '../../support/lose-answer.ts';

let queues: Awaited<ReturnType<typeof startQueues>>;
beforeAll(async () => {
  queues = await startQueues();
});
afterAll(() => queues.close());

const failure = { class: 'poison', code: 'unreadable', message: 'Not JSON.' } as const;
const MiB = 1024 * 1024;

describe('handing over', () => {
  it.each([MiB, MiB - 60])(
    'takes a body of %i bytes, without its reason if need be',
    async (size) => {
      const url = await queues.create();
      await deadLetters(queues.client, url).handOver('x'.repeat(size), undefined, failure);
      const letters = await queues.drain(url);
      expect(letters.map((letter) => letter.Body?.length)).toEqual([size]);
      expect(letters[0]?.MessageAttributes).toBeUndefined();
    },
  );

  it('keeps the reason of the largest body that leaves room for it', async () => {
    const url = await queues.create();
    const size = MiB - JSON.stringify(failure).length - 'failureString'.length;
    await deadLetters(queues.client, url).handOver('x'.repeat(size), undefined, failure);
    const letters = await queues.drain(url);
    expect(letters[0]?.MessageAttributes?.failure?.StringValue).toBe(JSON.stringify(failure));
  });

  it('names an unreadable record by the id of its first queue, however often it is handed over', async () => {
    const url = await queues.create();
    for (const _time of [1, 2]) {
      await deadLetters(queues.client, url).handOver('x', undefined, failure, 'first-id');
    }
    const letters = await queues.drain(url);
    expect(letters.map((letter) => letter.MessageAttributes?.record_id?.StringValue)).toEqual([
      'first-id',
      'first-id',
    ]);
  });

  it.each([
    ['tenant-a', 'tenant-a'],
    [undefined, undefined],
    ['not a tenant', undefined],
  ])('groups by tenant where the tenant %j can be one', async (tenantId, group) => {
    const client = new SQSClient({ ...anyone, md5: false });
    const groups: unknown[] = [];
    answerWith(client, (input) => {
      groups.push(z.object({ MessageGroupId: z.string().optional() }).parse(input).MessageGroupId);
      return {};
    });
    await deadLetters(client, 'http://127.0.0.1:1/0/q').handOver('body', tenantId, failure);
    expect(groups).toEqual([group]);
  });
});
