import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { buildApp } from 'fauxqs';
import { tableDefinitions } from './tables.ts';

/** What the SDK wants and the emulators do not look at. */
export const anyone = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
};

/** Tables in memory behind the real protocol. Every table made is a new one. */
export async function startTables() {
  const name: string = 'dynalite';
  const { default: dynalite } = await import(name);
  const server: Server = dynalite({ createTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not a TCP server');
  const endpoint = `http://127.0.0.1:${address.port}`;
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ ...anyone, endpoint }));
  return {
    endpoint,
    client,
    create: async (table: keyof typeof tableDefinitions): Promise<string> => {
      const TableName = `${table}-${randomUUID()}`;
      await client.send(new CreateTableCommand({ TableName, ...tableDefinitions[table] }));
      return TableName;
    },
    close: () => {
      client.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Queues in memory behind the real protocol. Every queue made is a new one. */
export async function startQueues() {
  const app = buildApp({ logger: false });
  const endpoint = await app.listen({ host: '127.0.0.1', port: 0 });
  const client = new SQSClient({ ...anyone, endpoint });
  return {
    endpoint,
    client,
    create: async (attributes: Record<string, string> = {}): Promise<string> => {
      const QueueName = `q-${randomUUID()}`;
      await client.send(new CreateQueueCommand({ QueueName, Attributes: attributes }));
      // The emulator's own URLs have a host name that does not resolve everywhere.
      return `${endpoint}/000000000000/${QueueName}`;
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
      await app.close();
    },
  };
}
