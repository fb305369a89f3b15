import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Stack } from '../../../local/stack.ts';
import { fromScgExternalId } from '../../../providers/scg/reference.ts';
import { fromTwilioStatusQuery } from '../../../providers/twilio/reference.ts';

/** What is needed to look at a stack, also one in another process. */
export type Reach = Pick<Stack, 'url' | 'simUrl' | 'awsEnv' | 'settings'>;

const deliverySchema = z.object({
  delivery_id: z.string(),
  status: z.string(),
  reports: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});
const otherSchema = z.object({ delivery_id: z.string() });
export type DeliveryRow = z.infer<typeof deliverySchema>;

const failedSchema = z.object({
  guid: z.string(),
  tenant_id: z.string(),
  kind: z.string(),
  status: z.string(),
  error_class: z.string(),
  error_code: z.string(),
});
export type FailedRow = z.infer<typeof failedSchema>;

const twilioSchema = z.object({
  direction: z.string(),
  tenantId: z.string(),
  statusCallback: z.string().optional(),
});
const scgSchema = z.object({
  direction: z.string(),
  tenantId: z.string(),
  externalId: z.string(),
});
const reportedSchema = z.object({ tenantId: z.string(), body: z.record(z.string(), z.unknown()) });

/** The names of the queues, as the settings call them. */
export const queues = [
  'outbound_queue',
  'outbound_priority_queue',
  'outbound_lanes_queue',
  'outbound_lanes_dlq',
  'outbound_dlq',
  'ci360_events_queue',
  'ci360_replies_queue',
  'ci360_events_dlq',
] as const;
export type QueueName = (typeof queues)[number];

/** Reads a stack from outside: tables and queues through the SDK, providers through their own lists. */
export function outside({ simUrl, awsEnv, settings }: Reach) {
  const common = {
    region: awsEnv.AWS_REGION ?? '',
    credentials: {
      accessKeyId: awsEnv.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: awsEnv.AWS_SECRET_ACCESS_KEY ?? '',
    },
  };
  const sqsEndpoint = awsEnv.AWS_ENDPOINT_URL_SQS ?? '';
  const sqs = new SQSClient({ ...common, endpoint: sqsEndpoint });
  const dynamo = DynamoDBDocumentClient.from(
    new DynamoDBClient({ ...common, endpoint: awsEnv.AWS_ENDPOINT_URL_DYNAMODB ?? '' }),
  );

  /** The queue itself, not the way to it that functions are given. */
  const queueUrl = (queue: QueueName) =>
    sqsEndpoint + new URL(settings[`${queue}_url`] ?? '').pathname;

  async function rows<T>(setting: string, schema: z.ZodType<T>): Promise<T[]> {
    const found: T[] = [];
    const pages = paginateScan({ client: dynamo }, { TableName: settings[setting] ?? '' });
    for await (const page of pages) found.push(...z.array(schema).parse(page.Items ?? []));
    return found;
  }

  async function accepted<T>(simulator: string, schema: z.ZodType<T>): Promise<T[]> {
    const answer = await fetch(`${simUrl}/_messages/${simulator}`);
    return z.array(schema).parse(await answer.json());
  }

  return {
    sqs,
    queueUrl,
    /** The table also remembers replies; those rows have no status. */
    deliveries: async (): Promise<DeliveryRow[]> =>
      (await rows('db_deliveries_table', z.union([deliverySchema, otherSchema]))).filter(
        (row) => 'status' in row,
      ),
    failedRequests: () => rows('db_failed_requests_table', failedSchema),
    /** What the totals are made of, and the totals, as they are stored. */
    totals: async () => {
      const item = z.record(z.string(), z.unknown());
      // The totals first: what changes between the two reads shows as a difference, never hides one.
      const campaigns = await rows('db_campaigns_table', item);
      return { campaigns, deliveries: await rows('db_deliveries_table', item) };
    },
    /** `{tenantId}#{guid}` of each message that a provider accepted, as often as it did. */
    acceptedMessages: async (): Promise<string[]> => {
      const twilio = (await accepted('twilio', twilioSchema)).flatMap((message) => {
        const { direction, statusCallback, tenantId } = message;
        if (direction !== 'outbound-api' || statusCallback === undefined) return [];
        const query = new URL(statusCallback).searchParams;
        return [`${tenantId}#${fromTwilioStatusQuery(tenantId, query)?.guid}`];
      });
      const scg = (await accepted('scg', scgSchema)).flatMap(
        ({ direction, externalId, tenantId }) =>
          direction === 'MT' ? [`${tenantId}#${fromScgExternalId(externalId)?.guid}`] : [],
      );
      return [...twilio, ...scg];
    },
    /** What CI360 took in. */
    reportedEvents: () => accepted('ci360', reportedSchema),
    /** Records on a queue: visible, being worked on, and delayed. */
    depth: async (queue: QueueName): Promise<number> => {
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: queueUrl(queue), AttributeNames: ['All'] }),
      );
      return (
        Number(Attributes.ApproximateNumberOfMessages ?? 0) +
        Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0) +
        Number(Attributes.ApproximateNumberOfMessagesDelayed ?? 0)
      );
    },
    /** Seconds after which a record that nobody deleted comes back. */
    setVisibility: async (queue: QueueName, seconds: number): Promise<void> => {
      await sqs.send(
        new SetQueueAttributesCommand({
          QueueUrl: queueUrl(queue),
          Attributes: { VisibilityTimeout: String(seconds) },
        }),
      );
    },
    close: () => {
      sqs.destroy();
      dynamo.destroy();
    },
  };
}
export type Outside = ReturnType<typeof outside>;
