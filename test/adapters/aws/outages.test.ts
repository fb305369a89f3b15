import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeVisibility } from '../../../adapters/aws/change-visibility.ts';
import { documentClient } from '../../../adapters/aws/clients/dynamodb.ts';
import { secretsManagerClient } from '../../../adapters/aws/clients/secrets-manager.ts';
import { sqsClient } from '../../../adapters/aws/clients/sqs.ts';
import { deadLetters } from '../../../adapters/aws/dead-letters.ts';
import { deliveries } from '../../../adapters/aws/deliveries.ts';
import { failedRequests } from '../../../adapters/aws/failed-requests.ts';
import { fetchSecret } from '../../../adapters/aws/fetch-secret.ts';
import { identities } from '../../../adapters/aws/identities.ts';
import { optOuts } from '../../../adapters/aws/opt-outs.ts';
import { outboundQueue } from '../../../adapters/aws/outbound-queue.ts';
import { Unavailable } from '../../../domain/unavailable.ts';
import { aDelivery } from '../../builders/delivery.ts';
import { aFailedRequest } from '../../builders/failed-request.ts';
import { aMessageRequest } from '../../builders/message-request.ts';
import { fakeClock } from '../../fakes/clock.ts';

/** Takes connections and never answers: only the clients' own time-outs end a call. */
const silent = createServer();
const saved = { ...process.env };
const timeouts = { requestTimeout: 20 };
let url: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  if (address === null || typeof address === 'string') throw new Error('not a TCP server');
  url = `http://127.0.0.1:${address.port}`;
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'any',
    AWS_SECRET_ACCESS_KEY: 'any',
    AWS_ENDPOINT_URL_SQS: url,
    AWS_ENDPOINT_URL_DYNAMODB: url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: url,
  });
});
afterAll(() => {
  process.env = saved;
  silent.close();
});

const table = () => documentClient(timeouts);
const queue = () => sqsClient(timeouts);
const clock = fakeClock();
const refusals = { refusalTtlSeconds: 60, clock };

describe('a service that never answers', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['deliveries', () => deliveries(table(), 't').insert(aDelivery())],
    ['deliveries', () => deliveries(table(), 't').get('d')],
    ['deliveries', () => deliveries(table(), 't').swap(aDelivery({ version: 2 }))],
    ['failed-requests', () => failedRequests(table(), 't').add(aFailedRequest())],
    ['failed-requests', () => failedRequests(table(), 't').get('g')],
    ['failed-requests', () => failedRequests(table(), 't').remove(aFailedRequest())],
    [
      'failed-requests',
      () => failedRequests(table(), 't').list({ tenantId: 't', status: 'failed' }, { limit: 1 }),
    ],
    ['opt-outs', () => optOuts(table(), 't', refusals).isOptedOut('t', 'a')],
    ['opt-outs', () => optOuts(table(), 't', refusals).optOut('t', 'a', 'reply', 1)],
    ['identities', () => identities(table(), 't', { ttlSeconds: 60, clock }).find('a')],
    [
      'identities',
      () => identities(table(), 't', { ttlSeconds: 60, clock }).remember('a', 't', 'd'),
    ],
    ['outbound-queue', () => outboundQueue(queue(), `${url}/0/q`).enqueue(aMessageRequest())],
    [
      'dead-letter-queue',
      () =>
        deadLetters(queue(), `${url}/0/q`).handOver('b', 't', {
          class: 'poison',
          code: 'c',
          message: 'm',
        }),
    ],
    ['secrets', () => fetchSecret(secretsManagerClient(timeouts))('s')],
  ])('is Unavailable to whoever needs it: %s', async (dependency, call) => {
    const error = await call().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Unavailable);
    expect(error).toMatchObject({ dependency });
  });

  it('fails a whole batch without throwing', async () => {
    const requests = [1, 2].map((no) => ({ request: aMessageRequest({ guid: `g${no}` }) }));
    const results = await outboundQueue(queue(), `${url}/0/q`).enqueueBatch(requests);
    expect(results).toEqual(['failed', 'failed']);
  });

  it('leaves a record to the queue’s own time-out', async () => {
    expect(
      await changeVisibility(queue(), `${url}/0/q`)([{ receiptHandle: 'receipt', seconds: 5 }]),
    ).toBe(false);
  });
});
