import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb';
import {
  CreateStateMachineCommand,
  type SFNClient,
  StateMachineAlreadyExists,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { QueueResource, StateMachineResource, TableResource } from './template/resources.ts';

/** Creates the queues that are missing and brings the attributes of the others up to date. Answers with their URLs by name. */
export async function ensureQueues(
  sqs: SQSClient,
  queues: readonly QueueResource[],
): Promise<Map<string, string>> {
  const urls = new Map<string, string>();
  // A dead-letter queue before the queue that names it.
  const ordered = [...queues].sort(
    (a, b) => Number('RedrivePolicy' in a.attributes) - Number('RedrivePolicy' in b.attributes),
  );
  for (const { name, attributes } of ordered) {
    try {
      const { QueueUrl } = await sqs.send(
        new CreateQueueCommand({ QueueName: name, Attributes: attributes }),
      );
      urls.set(name, QueueUrl ?? '');
    } catch (error) {
      if (!existsOtherwise(error)) throw error;
      const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
      await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: attributes }));
      urls.set(name, QueueUrl ?? '');
    }
  }
  return urls;
}

/** A queue of that name with other attributes. The name comes with and without AWS's prefix. */
const existsOtherwise = (error: unknown) =>
  error instanceof Error && /\bQueue(Name|Already)Exists$/.test(error.name);

/** Creates the tables that are missing. Tables from an earlier run keep their keys and items. */
export async function ensureTables(
  dynamoDb: DynamoDBClient,
  tables: readonly TableResource[],
): Promise<void> {
  for (const { streamArn, ...table } of tables) {
    const stream = { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } as const;
    try {
      await dynamoDb.send(
        new CreateTableCommand({
          ...table,
          ...(streamArn === undefined ? {} : { StreamSpecification: stream }),
          BillingMode: 'PAY_PER_REQUEST',
        }),
      );
    } catch (error) {
      if (!(error instanceof ResourceInUseException)) throw error;
    }
  }
  await Promise.all(tables.map(({ TableName }) => active(dynamoDb, TableName)));
}

/** Creates the state machines that are missing and brings the definitions of the others up to date. */
export async function ensureStateMachines(
  sfn: SFNClient,
  machines: readonly StateMachineResource[],
): Promise<void> {
  for (const { name, arn: stateMachineArn, definition, roleArn } of machines) {
    try {
      await sfn.send(new CreateStateMachineCommand({ name, definition, roleArn }));
    } catch (error) {
      // The same name with another definition; with the same one, creating it again is no error.
      if (!(error instanceof StateMachineAlreadyExists)) throw error;
      await sfn.send(new UpdateStateMachineCommand({ stateMachineArn, definition, roleArn }));
    }
  }
}

async function active(dynamoDb: DynamoDBClient, TableName: string): Promise<void> {
  for (;;) {
    const { Table } = await dynamoDb.send(new DescribeTableCommand({ TableName }));
    if (Table?.TableStatus === 'ACTIVE') return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
