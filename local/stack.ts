import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { buildConsole } from '../console/build.ts';
import { accountOf } from './account.ts';
import { type Aws, credentialsOf, startAws } from './aws.ts';
import { claimDataDir } from './data-dir.ts';
import { type Functions, hostFunctions } from './runner/functions.ts';
import { type HttpApi, startHttpApi } from './runner/http-api.ts';
import { startSchedules } from './runner/schedule.ts';
import { startSqsSource } from './runner/sqs-source.ts';
import { startStreamSource } from './runner/stream-source.ts';
import { type LocalKeys, type SecretsByTenant, secretName, secretSource } from './secrets.ts';
import { type Simulators, startSimulators } from './simulators/start-simulators.ts';
import { embeddedSecrets, introduce } from './start-text.ts';
import { compileTemplate } from './template/compile.ts';
import { type Resolver, resolverOf } from './template/intrinsics.ts';
import * as template from './template/resources.ts';

/** The service's root: where serverless.yml is. */
export const serviceDir = fileURLToPath(new URL('..', import.meta.url));

export type StackOptions = {
  /** Port of the API, and of the simulators; 0, the default, takes a free one. */
  readonly port?: number;
  readonly simPort?: number;
  /** Where everything is kept across restarts; without, it is in memory and logs go to `.local/logs`. */
  readonly dataDir?: string | undefined;
  readonly logsDir?: string;
  /** Tenants that the simulated companies know and whose secrets are made up; default `local-tenant`. */
  readonly tenants?: readonly string[];
  /** Other secrets in place of those, asked again for each read of a secret. */
  readonly secrets?: (() => Promise<SecretsByTenant>) | undefined;
  /** Access keys drawn for this run, in place of the well-known ones; a file's own go first. */
  readonly keys?: LocalKeys | undefined;
  /** Settings that replace those of the functions unchecked, by their keys (`in_doubt_grace`, …). */
  readonly settings?: Readonly<Record<string, string>>;
  /** Settings by name, on top of those of the local stage and checked with them, as a deployment does. */
  readonly params?: Readonly<Record<string, string>>;
  /** Whether queues are fed to their functions. Without, what is posted stays on its queue. Default true. */
  readonly eventSources?: boolean;
  /** Where `AWS_ENDPOINT_URL_<SERVICE>` and credentials for it are looked up; default: nowhere. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Puts something between the functions and a part of AWS: from that part's URL to the one they are given. */
  readonly between?: (service: Between, url: string) => Promise<string>;
  /** A module that every function's thread loads first: a clock of its own, say. */
  readonly preload?: URL;
  /** Gets a sentence when a part has trouble that no caller sees. Default: dropped. */
  readonly warn?: (sentence: string) => void;
};

export type Stack = {
  /** The API's base URL. */
  readonly url: string;
  /** The simulators' base URL. */
  readonly simUrl: string;
  readonly simulators: Simulators;
  /** Variables with which any AWS SDK client, here or in another process, reaches the stack's queues and tables. */
  readonly awsEnv: Readonly<Record<string, string>>;
  /** The settings that the functions run with, by key: names of tables and URLs of queues among them. */
  readonly settings: Readonly<Record<string, string>>;
  readonly logsDir: string;
  /** Invokes a function directly, as a schedule or the console does. Throws InvocationFailed. */
  readonly invoke: (functionKey: string, event: unknown) => Promise<unknown>;
  /** Ends a function's thread at once, with whatever it is doing; the next invocation is a cold start. */
  readonly kill: (functionKey: string) => Promise<void>;
  /**
   * Replaces a tenant's secret (or `access-keys`) in the secret store; `undefined` deletes it. The
   * simulated companies keep to what they know: see `simulators.setSecrets`.
   */
  readonly putSecret: (tenantId: string, secret: unknown) => void;
  /** Lets running batches end, then stops everything. */
  readonly close: () => Promise<void>;
};

const calledParts = ['SQS', 'DYNAMODB', 'SECRETS_MANAGER', 'SFN'] as const;
/** The parts of AWS that functions call, and that something can be put in front of. */
export type Between = (typeof calledParts)[number];

type OnClose = (end: () => Promise<void> | void) => void;

/** Starts the whole service on this machine, from the compiled template of serverless.yml. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const ends: (() => Promise<void> | void)[] = [];
  /** Last started, first ended: nothing outlives what it stands on. */
  const close = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    return { ...(await build(options, (end) => ends.push(end))), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function build(options: StackOptions, onClose: OnClose): Promise<Omit<Stack, 'close'>> {
  const { dataDir, env = {}, warn = () => {} } = options;
  const logsDir = options.logsDir ?? join(dataDir ?? join(serviceDir, '.local'), 'logs');
  if (dataDir !== undefined) onClose(await claimDataDir(dataDir));
  const [compiled] = await Promise.all([
    compileTemplate(serviceDir, 'local', options.params),
    buildConsole(),
  ]);

  const api = await startHttpApi(options.port ?? 0);
  onClose(api.close);
  const simulators = await startSimulators({
    port: options.simPort ?? 0,
    ...(dataDir === undefined ? {} : { dataDir: join(dataDir, 'simulators') }),
  });
  onClose(simulators.close);
  const embedded = embeddedSecrets(simulators.url, options.tenants ?? ['local-tenant']);
  const secrets = options.secrets ?? (async () => embedded);
  onClose(await introduce(simulators, secrets));

  const credentials = credentialsOf(env);
  const account = await accountOf(env, credentials);
  let aws: Aws | undefined;
  let endpoints: Readonly<Record<string, string>> = {};
  const resolver = resolverOf(compiled, {
    api: api.url,
    account,
    // Names are resolved before there is a queue, URLs only after.
    queueUrl: (name) => movedTo(endpoints.AWS_ENDPOINT_URL_SQS, aws?.queueUrl(name) ?? ''),
  });
  const names = secretNames(template.functionsOf(resolver));
  aws = await startAws({
    queues: template.queuesOf(resolver),
    tables: template.tablesOf(resolver),
    dataDir,
    secrets: secretSource(secrets, names, options.keys),
    env,
    credentials,
    onClose,
  });
  // The same in every run, so that what a data directory holds is found again.
  for (const name of template.drawnSecretsOf(resolver)) aws.putSecret?.(name, `local ${name}`);
  endpoints = await between(aws.env, options.between);

  const resources = template.functionsOf(resolver);
  const own = {
    public_url: options.params?.public_url ?? api.url,
    api_url: api.url,
    ...options.settings,
  };
  const functions = hostFunctions(resources, { serviceDir, logsDir, preload: options.preload });
  onClose(functions.close);
  const machinesEnv = await aws.startMachines(
    template.stateMachinesOf(resolver),
    functions.lambdaInvoke,
  );
  const awsEnv = { ...aws.env, ...machinesEnv };
  endpoints = { ...endpoints, ...(await between(machinesEnv, options.between)) };
  functions.start({ ...own, ...awsEnv, ...endpoints });
  connect(resolver, {
    api,
    aws,
    functions,
    warn,
    onClose,
    eventSources: options.eventSources ?? true,
  });
  simulators.setConnectorUrl(own.public_url, api.url);

  const { putSecret } = aws;
  return {
    url: api.url,
    simUrl: simulators.url,
    simulators,
    awsEnv,
    settings: { ...allSettings(resources), ...own },
    logsDir,
    invoke: functions.invoke,
    kill: functions.kill,
    putSecret: (tenantId, secret) => {
      if (!putSecret) throw new Error('The secret store is not the embedded one.');
      const value = secret === undefined ? secret : JSON.stringify(secret);
      putSecret(secretName(names, tenantId), value);
    },
  };
}

/** The endpoints that functions are given in place of those in `env`. */
async function between(
  env: Readonly<Record<string, string>>,
  put: StackOptions['between'],
): Promise<Record<string, string>> {
  const endpoints: Record<string, string> = {};
  for (const service of calledParts) {
    const key = `AWS_ENDPOINT_URL_${service}`;
    const url = env[key];
    if (put && url !== undefined) endpoints[key] = await put(service, url);
  }
  return endpoints;
}

/** The SDK calls a queue at its URL's host, whatever its endpoint is. */
const movedTo = (endpoint: string | undefined, queueUrl: string): string =>
  endpoint === undefined || queueUrl === '' ? queueUrl : endpoint + new URL(queueUrl).pathname;

/** What reaches the functions from outside: queues, schedules, and last of all the API. */
function connect(
  resolver: Resolver,
  parts: {
    readonly api: HttpApi;
    readonly aws: Aws;
    readonly functions: Functions;
    readonly eventSources: boolean;
    readonly warn: (sentence: string) => void;
    readonly onClose: OnClose;
  },
): void {
  const { api, aws, functions, warn, onClose } = parts;
  const queueNames = new Map(template.queuesOf(resolver).map(({ arn, name }) => [arn, name]));
  const mappings = parts.eventSources ? template.eventSourcesOf(resolver) : [];
  const sources = mappings.map((mapping) =>
    startSqsSource(
      mapping,
      aws.queueUrl(queueNames.get(mapping.queueArn) ?? ''),
      aws.sqs,
      (event) => functions.invoke(mapping.functionArn, event),
      warn,
    ),
  );
  onClose(async () => {
    await Promise.all(sources.map((source) => source.close()));
  });
  // Closed before the queues, so that what their last batches change is read at the next start.
  if (parts.eventSources) onClose(connectStreams(resolver, parts));
  onClose(startSchedules(template.schedulesOf(resolver), functions.invoke, warn).close);
  api.serve(template.routesOf(resolver), template.corsOf(resolver), functions.invoke);
  // The door is shut before anything behind it.
  onClose(api.close);
}

/** Feeds the streams of tables to their functions; gives the function that ends that. */
function connectStreams(
  resolver: Resolver,
  {
    aws,
    functions,
    warn,
  }: { readonly aws: Aws; readonly functions: Functions; readonly warn: (text: string) => void },
): () => Promise<void> {
  const queueNames = new Map(template.queuesOf(resolver).map(({ arn, name }) => [arn, name]));
  const sources = template.streamSourcesOf(resolver).flatMap((source) => {
    const stream = aws.streams?.find(({ arn }) => arn === source.streamArn);
    if (stream === undefined) {
      warn(`Nothing reads ${source.streamArn}: streams are those of the embedded tables only.`);
      return [];
    }
    const discard = async (notice: object) => {
      if (source.onFailureArn === undefined) return;
      const QueueUrl = aws.queueUrl(queueNames.get(source.onFailureArn) ?? '');
      await aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(notice) }));
    };
    const invoke = (event: unknown) => functions.invoke(source.functionArn, event);
    return [startStreamSource(source, stream, { invoke, discard, warn })];
  });
  return async () => {
    await Promise.all(sources.map((source) => source.close()));
  };
}

/** The settings of all functions together: each is given only those that it reads. */
const allSettings = (functions: readonly template.FunctionResource[]): Record<string, string> =>
  Object.assign({}, ...functions.map(({ environment }) => environment));

/** How the local stage names its secrets. */
const secretNames = (functions: readonly template.FunctionResource[]) => {
  const settings = z
    .object({ sm_secret_id_prefix: z.string(), access_keys_secret_id: z.string() })
    .parse(allSettings(functions));
  return { prefix: settings.sm_secret_id_prefix, accessKeys: settings.access_keys_secret_id };
};
