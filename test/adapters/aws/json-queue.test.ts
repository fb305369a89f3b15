import { SQSClient } from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { asciiJson } from '../../../adapters/aws/ascii-json.ts';
import { batchesOf } from '../../../adapters/aws/batches.ts';
import { jsonQueue } from '../../../adapters/aws/json-queue.ts';
import { anyone } from '../../support/aws.ts';
import { answerWith } from '../../support/lose-answer.ts';

const batchSchema = z.object({
  Entries: z.array(
    z.object({ Id: z.string(), MessageBody: z.string(), MessageGroupId: z.string().optional() }),
  ),
});
type Entry = z.infer<typeof batchSchema>['Entries'][number];

/** A queue whose service refuses entries as `refuses` says; `calls` has the values of each call. */
function setUp(refuses: (value: string, call: number) => boolean) {
  const client = new SQSClient({ ...anyone, md5: false });
  const calls: string[][] = [];
  const entries: Entry[] = [];
  answerWith(client, (input) => {
    const { Entries } = batchSchema.parse(input);
    const call = calls.push(Entries.map((entry) => entry.MessageBody));
    entries.push(...Entries);
    const refused = Entries.filter((entry) => refuses(JSON.parse(entry.MessageBody), call));
    return {
      Successful: Entries.filter((entry) => !refused.includes(entry)).map(({ Id }) => ({ Id })),
      Failed: refused.map(({ Id }) => ({ Id, SenderFault: false, Code: 'InternalError' })),
    };
  });
  const queue = jsonQueue<string>(client, {
    url: 'http://127.0.0.1:1/0/q',
    dependency: 'queue',
    groupOf: (value) => `tenant-${value}`,
  });
  return { queue, calls, entries };
}

const values = (...of: string[]) => of.map((value) => ({ value }));

describe('a batch that the queue takes in part', () => {
  it('is sent again for the rest only', async () => {
    const { queue, calls } = setUp((value, call) => value === 'b' && call < 3);
    expect(await queue.sendBatch(values('a', 'b', 'c'))).toEqual(Array(3).fill('enqueued'));
    expect(calls).toEqual([['"a"', '"b"', '"c"'], ['"b"'], ['"b"']]);
  });

  it('answers for each message when the queue keeps refusing one', async () => {
    const { queue, calls } = setUp((value) => value === 'b');
    expect(await queue.sendBatch(values('a', 'b', 'c'))).toEqual([
      'enqueued',
      'failed',
      'enqueued',
    ]);
    expect(calls).toHaveLength(3);
  });

  it('carries each message’s tenant as its group', async () => {
    const { queue, entries } = setUp(() => false);
    await queue.sendBatch(values('a', 'b'));
    expect(entries.map((entry) => entry.MessageGroupId)).toEqual(['tenant-a', 'tenant-b']);
  });
});

describe('cutting batches', () => {
  const most = { entries: 10, size: 100 };
  it('keeps every item in order and every batch within both limits', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 })), (sizes) => {
        const batches = batchesOf(sizes, (size) => size, most);
        expect(batches.flat()).toEqual(sizes);
        for (const batch of batches) {
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(most.entries);
          expect(batch.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(most.size);
        }
      }),
    );
  });
});

describe('JSON in ASCII', () => {
  it('is the same value in printable ASCII, whatever it holds', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, text) => {
        const json = asciiJson({ value, text });
        expect(json).toMatch(/^[\x20-\x7e]*$/);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify({ value, text })));
      }),
    );
  });
});
