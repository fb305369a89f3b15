import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { startDynamoDb } from './emulators/dynamodb.ts';
import { type Emulator, external, ownEndpoint, type Service } from './emulators/emulator.ts';
import { type SecretsManager, startSecretsManager } from './emulators/secrets-manager.ts';
import { startSqs } from './emulators/sqs.ts';
import { ensureQueues, ensureTables } from './resources.ts';
import { type FunctionHost, hostFunction } from './runner/function-host.ts';
import { startHttpApi } from './runner/http-api.ts';
import { startSchedules } from './runner/schedule.ts';
import { startSqsSource } from './runner/sqs-source.ts';
import { type SecretsByTenant, secretSource } from './secrets.ts';
import { compileTemplate } from './template/compile.ts';
import { accountId, region, resolverOf } from './template/intrinsics.ts';
import * as template from './template/resources.ts';

/** The service's root: where serverless.yml is. */
export const serviceDir = fileURLToPath(new URL('..', import.meta.url));

export type StackOptions = {
  /** Port of the API; 0, the default, takes a free one. */
  readonly port?: number;
  /** Where queues, tables and logs are kept across restarts; in memory without, logs in `.local`. */
  readonly dataDir?: string | undefined;
  readonly logsDir?: string | undefined;
  /** Secrets by tenant, asked anew for each read of a secret. */
  readonly secrets: () => Promise<SecretsByTenant>;
  /** Settings of the service that replace those of the local stage, by their keys (`in_doubt_grace`, …). */
  readonly settings?: Readonly<Record<string, string>>;
  /** Whether queues are fed to their functions. Without, what is posted stays on its queue. */
  readonly eventSources?: boolean;
  /** Where `AWS_ENDPOINT_URL_<SERVICE>` and credentials for it are looked up; default: none. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Gets a sentence when a part has trouble that no caller sees. Default: dropped. */
  readonly warn?: (sentence: string) => void;
};

export type Stack = {
  /** The API's base URL. */
  readonly url: string;
  /** Variables with which any AWS SDK client, in this process or another, reaches the stack's queues and tables. */
  readonly awsEnv: Readonly<Record<string, string>>;
  /** The variables of a function as it runs: settings, names of tables, URLs of queues. */
  readonly environmentOf: (functionKey: string) => Readonly<Record<string, string>>;
  readonly queues: readonly template.QueueResource[];
  readonly queueUrl: (queueName: string) => string;
  readonly tables: readonly template.TableResource[];
  readonly logsDir: string;
  /** Invokes a function directly, as a schedule or the console does. Throws InvocationFailed. */
  readonly invoke: (functionKey: string, event: unknown) => Promise<unknown>;
  /** Ends a function's thread at once, with whatever it is doing; the next invocation is a cold start. */
  readonly kill: (functionKey: string) => Promise<void>;
  /** Replaces a tenant's secret (or `access-keys`), as a rotation does; `undefined` deletes it. */
  readonly putSecret: (tenantId: string, secret: unknown) => void;
  /** Lets running batches end, then stops everything. */
  readonly close: () => Promise<void>;
};

/** Starts the whole service on this machine, from the compiled template of serverless.yml. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const closers: (() => Promise<void> | void)[] = [];
  /** Last started, first closed: nothing outlives what it stands on. */
  const close = async () => {
    for (const end of closers.splice(0).reverse()) await end();
  };
  try {
    return await build(options, (end) => closers.push(end), close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function build(
  options: StackOptions,
  onClose: (end: () => Promise<void> | void) => void,
  close: () => Promise<void>,
): Promise<Stack> {
  const { dataDir, env = {}, warn = () => {}, settings = {} } = options;
  const logsDir = options.logsDir ?? join(dataDir ?? join(serviceDir, '.local'), 'logs');

  async function emulator(service: Service, start: () => Promise<Emulator>): Promise<Emulator> {
    const own = ownEndpoint(service, env);
    const started = own === undefined ? await start() : external(own);
    onClose(started.close);
    return started;
  }

  const compiled = await compileTemplate(serviceDir, 'local');
  const api = await startHttpApi(options.port ?? 0);
  onClose(api.close);
  const sqs = await emulator('SQS', () => startSqs({ dataDir }));
  const dynamoDb = await emulator('DYNAMODB', () => startDynamoDb({ dataDir }));

  let queueUrls = new Map<string, string>();
  const resolver = resolverOf(compiled, {
    api: api.url,
    queueUrl: (name) => queueUrls.get(name) ?? '',
  });
  const queues = template.queuesOf(resolver);
  const tables = template.tablesOf(resolver);

  const credentials = {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: env.AWS_ACCESS_KEY_ID ?? 'local',
    AWS_SECRET_ACCESS_KEY: env.AWS_SECRET_ACCESS_KEY ?? 'local',
    ...(env.AWS_SESSION_TOKEN ? { AWS_SESSION_TOKEN: env.AWS_SESSION_TOKEN } : {}),
  };
  const clientOptions = {
    region,
    credentials: {
      accessKeyId: credentials.AWS_ACCESS_KEY_ID,
      secretAccessKey: credentials.AWS_SECRET_ACCESS_KEY,
    },
  };
  const sqsClient = new SQSClient({ ...clientOptions, endpoint: sqs.url });
  const dynamoDbClient = new DynamoDBClient({ ...clientOptions, endpoint: dynamoDb.url });
  onClose(() => sqsClient.destroy());
  onClose(() => dynamoDbClient.destroy());
  [queueUrls] = await Promise.all([
    ensureQueues(sqsClient, queues),
    ensureTables(dynamoDbClient, tables),
  ]);
  if (ownEndpoint('SQS', env) === undefined) {
    // A kept queue remembers the port of the run that made it.
    queueUrls = new Map(queues.map(({ name }) => [name, `${sqs.url}/${accountId}/${name}`]));
  }

  const functions = template.functionsOf(resolver);
  const secretNames = {
    prefix: functions[0]?.environment.sm_secret_id_prefix ?? '',
    accessKeys: functions[0]?.environment.access_keys_secret_id ?? '',
  };
  let putSecret: SecretsManager['put'] | undefined;
  const secretsManager = await emulator('SECRETS_MANAGER', async () => {
    const started = await startSecretsManager(secretSource(options.secrets, secretNames));
    putSecret = started.put;
    return started;
  });

  const awsEnv = {
    ...credentials,
    AWS_ENDPOINT_URL_SQS: sqs.url,
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
  };
  const hosts = new Map<string, FunctionHost>();
  for (const resource of functions) {
    const environment = { public_url: api.url, ...settings, ...awsEnv };
    const host = await hostFunction(resource, { serviceDir, logsDir, environment });
    onClose(host.close);
    hosts.set(resource.key, host).set(resource.arn, host);
  }
  const hostOf = (keyOrArn: string): FunctionHost => {
    const host = hosts.get(keyOrArn);
    if (!host) throw new Error(`There is no function ${keyOrArn}.`);
    return host;
  };
  const invoke = async (keyOrArn: string, event: unknown) => hostOf(keyOrArn).invoke(event);

  if (options.eventSources ?? true) {
    const arns = new Map(queues.map(({ arn, name }) => [arn, queueUrls.get(name) ?? '']));
    const sources = template
      .eventSourcesOf(resolver)
      .map((source) =>
        startSqsSource(
          source,
          arns.get(source.queueArn) ?? '',
          sqsClient,
          (event) => invoke(source.functionArn, event),
          warn,
        ),
      );
    onClose(async () => {
      await Promise.all(sources.map((source) => source.close()));
    });
  }
  onClose(startSchedules(template.schedulesOf(resolver), invoke, warn).close);
  api.serve(template.routesOf(resolver), template.corsOf(resolver), invoke);
  // The door is shut before anything behind it.
  onClose(api.close);

  return {
    url: api.url,
    awsEnv,
    environmentOf: (key) => {
      const resource = functions.find((each) => each.key === key);
      if (!resource) throw new Error(`There is no function ${key}.`);
      return { ...resource.environment, public_url: api.url, ...settings };
    },
    queues,
    queueUrl: (name) => queueUrls.get(name) ?? '',
    tables,
    logsDir,
    invoke,
    kill: (key) => hostOf(key).kill(),
    putSecret: (tenantId, secret) => {
      if (!putSecret) throw new Error('The secret store is not the embedded one.');
      putSecret(
        secretNames.prefix + tenantId,
        secret === undefined ? undefined : JSON.stringify(secret),
      );
    },
    close,
  };
}
