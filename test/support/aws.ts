import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { startDynamoDb } from '../../local/emulators/dynamodb.ts';
import { startSqs } from '../../local/emulators/sqs.ts';
import { tableDefinition } from './tables.ts';

/** What the SDK wants and the emulators do not look at. */
export const anyone = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
};

/** Tables in memory behind the real protocol. Every table made is a new one. */
export async function startTables() {
  const { url: endpoint, close } = await startDynamoDb({});
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ ...anyone, endpoint }));
  return {
    endpoint,
    client,
    /** Makes an empty table as serverless/tables.yml declares it under `logicalId`; answers with its name. */
    create: async (logicalId: string): Promise<string> => {
      const TableName = `${logicalId}-${randomUUID()}`;
      await client.send(new CreateTableCommand({ TableName, ...tableDefinition(logicalId) }));
      for (;;) {
        const { Table } = await client.send(new DescribeTableCommand({ TableName }));
        if (Table?.TableStatus === 'ACTIVE') return TableName;
      }
    },
    close: async () => {
      client.destroy();
      await close();
    },
  };
}

const guidSchema = z.object({ guid: z.string() });

/** Queues in memory behind the real protocol. Every queue made is a new one. */
export async function startQueues() {
  const { url: endpoint, close } = await startSqs({});
  const client = new SQSClient({ ...anyone, endpoint });
  return {
    endpoint,
    client,
    create: async (attributes: Record<string, string> = {}, suffix = ''): Promise<string> => {
      const QueueName = `q-${randomUUID()}${suffix}`;
      await client.send(new CreateQueueCommand({ QueueName, Attributes: attributes }));
      // The emulator's own URLs have a host name that does not resolve everywhere.
      return `${endpoint}/000000000000/${QueueName}`;
    },
    /** The guids of one batch, which stays in flight. */
    receive: async (url: string): Promise<string[]> => {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 }),
      );
      return Messages.map(({ Body = '' }) => guidSchema.parse(JSON.parse(Body)).guid);
    },
    /** Takes everything that is visible off the queue. */
    drain: async (url: string): Promise<Message[]> => {
      const taken: Message[] = [];
      for (;;) {
        const { Messages = [] } = await client.send(
          new ReceiveMessageCommand({
            QueueUrl: url,
            MaxNumberOfMessages: 10,
            MessageAttributeNames: ['All'],
          }),
        );
        if (Messages.length === 0) return taken;
        for (const message of Messages) {
          const { ReceiptHandle } = message;
          await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
        }
        taken.push(...Messages);
      }
    },
    close: async () => {
      client.destroy();
      await close();
    },
  };
}
