import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Credentials } from './account.ts';
import { startDynamoDb } from './emulators/dynamodb.ts';
import type { TableStream } from './emulators/dynamodb-streams.ts';
import { type Emulator, external, ownEndpoint, type Service } from './emulators/emulator.ts';
import {
  type SecretSource,
  type SecretsManager,
  startSecretsManager,
} from './emulators/secrets-manager.ts';
import { startSqs } from './emulators/sqs.ts';
import type { Invoke } from './emulators/step-functions/execution.ts';
import { toMachine } from './emulators/step-functions/machine.ts';
import { startStepFunctions } from './emulators/step-functions.ts';
import { ensureQueues, ensureStateMachines, ensureTables } from './resources.ts';
import { region } from './template/intrinsics.ts';
import type { QueueResource, StateMachineResource, TableResource } from './template/resources.ts';

export type AwsOptions = {
  readonly queues: readonly QueueResource[];
  readonly tables: readonly TableResource[];
  readonly dataDir: string | undefined;
  readonly secrets: SecretSource;
  readonly credentials: Credentials;
  /** Where `AWS_ENDPOINT_URL_<SERVICE>` is looked up. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Calls `end` when the stack closes; last registered, first called. */
  readonly onClose: (end: () => Promise<void> | void) => void;
};

/** The stack's AWS: emulators, or endpoints of the user's own, with the service's queues and tables. */
export type Aws = {
  /** Variables with which any SDK client reaches it. */
  readonly env: Readonly<Record<string, string>>;
  readonly sqs: SQSClient;
  readonly queueUrl: (queueName: string) => string;
  /** Undefined when the tables are the user's own. */
  readonly streams: readonly TableStream[] | undefined;
  /** Undefined when the secret store is the user's own. */
  readonly putSecret: SecretsManager['put'] | undefined;
  /** Starts the state machines, whose tasks call functions through `invoke`; gives the variables to reach them. */
  readonly startMachines: (
    machines: readonly StateMachineResource[],
    invoke: Invoke,
  ) => Promise<Readonly<Record<string, string>>>;
};

/** The credentials of the environment; without any, some for servers that do not look at them. */
export const credentialsOf = (env: AwsOptions['env']): Credentials => ({
  accessKeyId: env.AWS_ACCESS_KEY_ID || 'local',
  secretAccessKey: env.AWS_SECRET_ACCESS_KEY || 'local',
  ...(env.AWS_SESSION_TOKEN ? { sessionToken: env.AWS_SESSION_TOKEN } : {}),
});

export async function startAws(options: AwsOptions): Promise<Aws> {
  const { dataDir, env, onClose } = options;

  async function started<T extends Emulator>(
    service: Service,
    start: () => Promise<T>,
  ): Promise<T | Emulator> {
    const own = ownEndpoint(service, env);
    const emulator = own === undefined ? await start() : external(own);
    onClose(emulator.close);
    return emulator;
  }
  const sqsEmulator = await started('SQS', () => startSqs({ dataDir }));
  const streamed = options.tables.flatMap(({ streamArn, ...table }) =>
    streamArn === undefined ? [] : [{ ...table, streamArn }],
  );
  const dynamoDbEmulator = await started('DYNAMODB', () => startDynamoDb({ dataDir, streamed }));
  const secretsManager = await started('SECRETS_MANAGER', () =>
    startSecretsManager(options.secrets),
  );

  const { credentials } = options;
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const client = { region, credentials };
  const sqs = new SQSClient({ ...client, endpoint: sqsEmulator.url });
  onClose(() => sqs.destroy());
  const dynamoDb = new DynamoDBClient({ ...client, endpoint: dynamoDbEmulator.url });
  const [urls] = await Promise.all([
    ensureQueues(sqs, options.queues),
    ensureTables(dynamoDb, options.tables),
  ]).finally(() => dynamoDb.destroy());

  return {
    env: {
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      ...(sessionToken ? { AWS_SESSION_TOKEN: sessionToken } : {}),
      AWS_ENDPOINT_URL_SQS: sqsEmulator.url,
      AWS_ENDPOINT_URL_DYNAMODB: dynamoDbEmulator.url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
    },
    sqs,
    // The host is not what the emulator says: it may be a name that does not resolve here, and a kept
    // queue remembers the port of the run that made it.
    queueUrl: (name) =>
      new URL(new URL(urls.get(name) ?? '/', sqsEmulator.url).pathname, sqsEmulator.url).href,
    streams: 'streams' in dynamoDbEmulator ? [...dynamoDbEmulator.streams.values()] : undefined,
    putSecret: 'put' in secretsManager ? secretsManager.put : undefined,
    startMachines: async (machines, invoke) => {
      const own = ownEndpoint('SFN', env);
      if (own !== undefined) {
        const sfn = new SFNClient({ ...client, endpoint: own });
        await ensureStateMachines(sfn, machines).finally(() => sfn.destroy());
      }
      const { url } = await started('SFN', () =>
        startStepFunctions({
          machines: machines.map(({ arn, definition }) => toMachine(arn, JSON.parse(definition))),
          invoke,
          dataDir,
        }),
      );
      return { AWS_ENDPOINT_URL_SFN: url };
    },
  };
}
