import { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { groupId } from '../../../adapters/aws/group-id.ts';
import { outboundQueue } from '../../../adapters/aws/outbound-queue.ts';
import { aMessageRequest } from '../../builders/message-request.ts';
import { anyone } from '../../support/aws.ts';
import { answerWith } from '../../support/lose-answer.ts';

const callSchema = z.object({
  QueueUrl: z.string(),
  MessageGroupId: z.string().optional(),
  Entries: z.array(z.object({ Id: z.string(), MessageGroupId: z.string() })).optional(),
});

/** An outbound queue, and what SQS was asked for. */
function setUp() {
  const client = new SQSClient({ ...anyone, md5: false });
  const calls: z.infer<typeof callSchema>[] = [];
  answerWith(client, (input) => {
    const call = callSchema.parse(input);
    calls.push(call);
    return { Successful: call.Entries ?? [] };
  });
  const queue = outboundQueue(client, 'https://sqs.example/outbound', 'https://sqs.example/high');
  return { queue, calls };
}

describe('the outbound queue', () => {
  it('takes a message in the group of its task', async () => {
    const { queue, calls } = setUp();
    await queue.enqueue(aMessageRequest());
    expect(calls).toEqual([
      { QueueUrl: 'https://sqs.example/outbound', MessageGroupId: 'tenant-a/task-1' },
    ]);
  });

  it('puts a message with priority on the queue for those', async () => {
    const { queue, calls } = setUp();
    await queue.enqueue(aMessageRequest({ priority: 'high' }));
    expect(calls).toMatchObject([{ QueueUrl: 'https://sqs.example/high' }]);
  });

  it('never puts a replay there', async () => {
    const { queue, calls } = setUp();
    const replay = { id: 'replay-1', no: 1, ignoreTtl: false };
    await queue.enqueueBatch([{ request: aMessageRequest({ priority: 'high', replay }) }]);
    expect(calls).toMatchObject([
      {
        QueueUrl: 'https://sqs.example/outbound',
        Entries: [{ MessageGroupId: 'tenant-a/replay/replay-1' }],
      },
    ]);
  });
});

describe('the name of a group', () => {
  it.each(['tenant-a', 'tenant-a/task-1', 'a'.repeat(128)])('is kept: %s', (name) => {
    expect(groupId(name)).toBe(name);
  });

  it.each(['a'.repeat(129), 'tenant-a/Été 2026', 'tenant-a/two words'])(
    'is hashed where SQS would refuse it: %s',
    (name) => {
      expect(groupId(name)).toMatch(/^[0-9a-f]{64}$/);
      expect(groupId(name)).not.toBe(groupId(`${name}!`));
    },
  );
});
