import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { messageRequestSchema } from '../../domain/outbound/message-request.ts';
import { anApiEvent } from '../builders/api-event.ts';
import { anEnvironment } from '../builders/config.ts';
import { anOutboundEvent } from '../builders/outbound-event.ts';
import {
  type Received,
  type Scripted,
  type ScriptedServer,
  scriptedServer,
} from '../builders/scripted-server.ts';
import { anAccessKeySet, CONNECTOR_KEY } from '../fakes/access-keys.ts';

let queueIsDown = false;
const secrets: Readonly<Record<string, unknown>> = {
  'test/access-keys': anAccessKeySet(),
  'test/tenant-a': {},
};
const inputSchema = z.looseObject({
  SecretId: z.string().optional(),
  MessageBody: z.string().default(''),
  MessageGroupId: z.string().optional(),
  QueueUrl: z.string().optional(),
});

/** What AWS was asked, in order: the operation and its input. */
const calls: { operation: unknown; input: z.infer<typeof inputSchema> }[] = [];

/** Answers as Secrets Manager and SQS do, for the two operations that ingress needs. */
function answer(request: Received): Scripted {
  const operation = request.headers['x-amz-target'];
  const input = inputSchema.parse(JSON.parse(request.body));
  calls.push({ operation, input });
  const secret = secrets[input.SecretId ?? ''];
  if (`${operation}`.startsWith('secretsmanager.') && secret === undefined) {
    return { status: 400, body: { __type: 'ResourceNotFoundException' } };
  }
  if (operation === 'secretsmanager.GetSecretValue') {
    return { status: 200, body: { SecretString: JSON.stringify(secret) } };
  }
  if (operation === 'secretsmanager.DescribeSecret') {
    return { status: 200, body: { Name: input.SecretId } };
  }
  if (queueIsDown) return { status: 503, body: { __type: 'ServiceUnavailable' } };
  const md5 = createHash('md5').update(input.MessageBody).digest('hex');
  return { status: 200, body: { MessageId: 'message-1', MD5OfMessageBody: md5 } };
}

type Handler = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;
let ingress: Handler;
let health: Handler;
let aws: ScriptedServer;

beforeAll(async () => {
  aws = await scriptedServer(answer);
  const environment = anEnvironment({
    AWS_ENDPOINT_URL_SQS: aws.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    sm_secret_id_prefix: 'test/',
    access_keys_secret_id: 'test/access-keys',
    event_ttl: '0',
    outbound_queue_url: `${aws.url}/000000000000/outbound`,
    outbound_priority_queue_url: `${aws.url}/000000000000/outbound-priority`,
    priority_tasks: 'TSK_1, TSK_7',
  });
  for (const [key, value] of Object.entries(environment)) vi.stubEnv(key, value);
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  ({ handler: ingress } = await import('../../handlers/ingress.ts'));
  ({ handler: health } = await import('../../handlers/health.ts'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await aws.close();
});
afterEach(() => {
  calls.length = 0;
  queueIsDown = false;
});

const post = (body: string, headers: Readonly<Record<string, string>> = {}) =>
  ingress(anApiEvent({ body, headers: { 'x-api-key': CONNECTOR_KEY, ...headers } }));
const operations = () => calls.map(({ operation }) => operation);

it('Asks AWS once for each accepted event, after its keys and that the tenant exists in a cold start; never for its secret', async () => {
  const creative = 'TO:+12025550123;FROM:+12025550100;Grüße; 🎉 from us';
  const event = JSON.stringify(anOutboundEvent({ creative }));
  expect((await post(event)).statusCode).toBe(202);
  expect(operations()).toEqual([
    'secretsmanager.GetSecretValue',
    'secretsmanager.DescribeSecret',
    'AmazonSQS.SendMessage',
  ]);

  calls.length = 0;
  for (let n = 0; n < 3; n += 1) expect((await post(event)).statusCode).toBe(202);
  expect(operations()).toEqual(Array(3).fill('AmazonSQS.SendMessage'));

  const sent = calls[0]?.input;
  expect(sent?.MessageGroupId).toBe('tenant-a/task-1');
  expect(sent?.MessageBody).toMatch(/^[ -~]*$/);
  expect(messageRequestSchema.parse(JSON.parse(sent?.MessageBody ?? ''))).toMatchObject({
    to: '+12025550123',
    body: 'Grüße; 🎉 from us',
  });
});

it('Puts what has priority on a queue of its own, with one call too', async () => {
  await post(JSON.stringify(anOutboundEvent()));
  calls.length = 0;
  const urgent = 'TO:+12025550123;FROM:+12025550100;PRIORITY:high;Your code is 4711';
  await post(JSON.stringify(anOutboundEvent({ creative: urgent })));
  await post(JSON.stringify(anOutboundEvent({ properties: { externalCode: 'TSK_7' } })));
  await post(JSON.stringify(anOutboundEvent()));
  const queues = calls.map(({ input: { QueueUrl = '' } }) => QueueUrl.split('/').at(-1));
  expect(queues).toEqual(['outbound-priority', 'outbound-priority', 'outbound']);
});

it('Reads the body in base64 as it reads it plain', async () => {
  const body = Buffer.from(JSON.stringify(anOutboundEvent())).toString('base64');
  const headers = { 'X-API-Key': CONNECTOR_KEY };
  expect((await ingress(anApiEvent({ body, headers, base64: true }))).statusCode).toBe(202);
});

it('Asks nobody for an event that is refused, ignored or without a key', async () => {
  await post(JSON.stringify(anOutboundEvent()));
  calls.length = 0;
  expect((await post('no JSON')).statusCode).toBe(400);
  expect((await post('{"eventType":"other"}')).statusCode).toBe(200);
  expect((await post(JSON.stringify(anOutboundEvent({ guid: null })))).statusCode).toBe(422);
  expect((await ingress(anApiEvent({ body: '{}' }))).statusCode).toBe(401);
  expect(calls).toEqual([]);
});

it('Answers 503 and when to try again while the queue is down', async () => {
  queueIsDown = true;
  const answered = await post(JSON.stringify(anOutboundEvent()));
  expect(answered.statusCode).toBe(503);
  expect(answered.headers).toMatchObject({ 'retry-after': '5', 'x-request-id': 'request-1' });
  expect(answered.body).toContain('SERVICE_UNAVAILABLE');
});

it('Says that it is well, to anyone and without asking anyone', async () => {
  const answered = await health(anApiEvent({ method: 'GET', path: '/health' }));
  expect(answered).toMatchObject({ statusCode: 200, body: '{"status":"ok"}' });
  expect(calls).toEqual([]);
});
