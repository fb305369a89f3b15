import './described.ts';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { foundMessageAnswer, messageStoryAnswer } from '../../domain/operator/answers/messages.ts';
import { localKeys } from '../../local/secrets.ts';
import { type Stack, startStack } from '../../local/stack.ts';
import { connector } from './connector.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ params: { totals_retries: '1' } });
}, 60_000);
afterAll(() => stack?.close());

const get = async (path: string, headers: Record<string, string> = {}) =>
  fetch(`${stack.url}${path}`, { headers: { 'x-api-key': localKeys.operator, ...headers } });

const totalsSchema = z.object({
  totals: z.object({ accepted: z.number(), delivered: z.number(), failed: z.number() }),
});

/** Waits until as many messages of the sample task have ended. */
async function ended(count: number) {
  for (;;) {
    const answer = await get('/campaigns/TSK_100?tenantId=local-tenant');
    const body: unknown = await answer.json();
    const parsed = totalsSchema.safeParse(body);
    const { delivered = 0, failed = 0 } = parsed.data?.totals ?? {};
    if (delivered + failed >= count) return { answer, body };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe('the totals of a campaign', () => {
  it('are there moments after its messages, with an ETag and as CSV', async () => {
    const ci360 = connector(stack);
    for (let n = 10; n < 20; n += 1) {
      await ci360.post(`TO:+120255501${n};FROM:+12025550100;\nHello`);
    }
    const { answer, body } = await ended(10);
    expect(body).toMatchObject({
      externalCode: 'TSK_100',
      totals: { accepted: 10, waiting: 0, inDoubt: 0 },
    });

    // A status that is still to come changes the answer, and with it the tag.
    let tag = answer.headers.get('etag') ?? '';
    for (;;) {
      const again = await get('/campaigns/TSK_100?tenantId=local-tenant', {
        'if-none-match': tag,
      });
      const text = await again.text();
      if (again.status === 304) {
        expect([text, again.headers.get('etag')]).toEqual(['', tag]);
        break;
      }
      tag = again.headers.get('etag') ?? '';
    }

    const csv = await get('/campaigns/TSK_100?tenantId=local-tenant&by=country', {
      accept: 'text/csv',
    });
    expect((await csv.text()).split('\r\n')[1]).toMatch(/^US,10,/);

    const list = await get('/campaigns?tenantId=local-tenant');
    expect(await list.json()).toMatchObject({ items: [{ totals: { accepted: 10 } }] });
  }, 60_000);

  it('come with an index by which each message is found, and with its story', async () => {
    const find = async (body: object) => {
      const answer = await fetch(`${stack.url}/messages/find`, {
        method: 'POST',
        headers: { 'x-api-key': localKeys.operator },
        body: JSON.stringify({ tenantId: 'local-tenant', ...body }),
      });
      return z.object({ items: z.array(foundMessageAnswer) }).parse(await answer.json()).items;
    };
    const [byNumber, ...others] = await find({ number: '(202) 555-0113' });
    expect(others).toEqual([]);
    expect(byNumber).toMatchObject({ status: 'delivered', externalCode: 'TSK_100' });
    const { guid = '', identityId = '', providerMessageId } = byNumber ?? {};
    expect(await find({ identity: identityId })).toMatchObject([{ guid }]);
    expect(await find({ messageId: providerMessageId })).toMatchObject([{ guid }]);
    expect(await find({ task: 'TSK_100' })).toHaveLength(10);
    expect(await find({ number: '+12025550199' })).toEqual([]);

    const story = await (await get(`/messages/${guid}?tenantId=local-tenant`)).json();
    const { story: events } = messageStoryAnswer.parse(story);
    expect(events.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['received', 'claimed', 'accepted', 'delivered', 'reported']),
    );
    expect(JSON.stringify(story)).not.toContain('5550113');
  }, 60_000);

  it('go on when a change cannot be read: it alone is given up, and the queue says which it was', async () => {
    const { awsEnv, settings } = stack;
    const common = {
      region: awsEnv.AWS_REGION ?? '',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    };
    const dynamo = DynamoDBDocumentClient.from(
      new DynamoDBClient({ ...common, endpoint: awsEnv.AWS_ENDPOINT_URL_DYNAMODB ?? '' }),
    );
    const sqs = new SQSClient({ ...common, endpoint: awsEnv.AWS_ENDPOINT_URL_SQS ?? '' });
    const Item = { delivery_id: 'local-tenant#poison', guid: 'poison', status: 'sent' };
    await dynamo.send(new PutCommand({ TableName: settings.db_deliveries_table, Item }));
    await connector(stack).post('TO:+12025550130;FROM:+12025550100;\nHello');
    await ended(11);

    const QueueUrl = `${awsEnv.AWS_ENDPOINT_URL_SQS}/000000000000/ci360-mobile-connector-local-totals-dlq`;
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }),
      );
      const [message] = Messages;
      if (message === undefined) continue;
      expect(JSON.parse(message.Body ?? '')).toMatchObject({
        requestContext: { condition: 'RetryAttemptsExhausted' },
        DDBStreamBatchInfo: { batchSize: 1, shardId: expect.stringMatching(/^shardId-/) },
      });
      break;
    }
    sqs.destroy();
    dynamo.destroy();
  }, 60_000);

  it('are compared with the table, and rebuilt where an operator asks for it', async () => {
    await stack.invoke('totals-check', {});
    const asked = await fetch(`${stack.url}/totals-check`, {
      method: 'POST',
      headers: { 'x-api-key': localKeys.operator },
    });
    expect(asked.status).toBe(202);
    await stack.invoke('totals-check', {});
    const state = await (await get('/totals-check')).json();
    expect(state).toMatchObject({
      requestedAt: null,
      result: { deliveries: 11, different: 0, repaired: 0 },
    });
  }, 60_000);
});
