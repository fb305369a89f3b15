import { basename } from 'node:path';
import * as z from 'zod';
import { type Resolver, streamArnOf } from './intrinsics.ts';

/** CloudFormation takes numbers and booleans as words too. */
const number = z.coerce.number();
const word = z.union([z.string(), z.number(), z.boolean()]).transform(String);

export type QueueResource = {
  readonly name: string;
  readonly arn: string;
  /** As CreateQueue takes them. */
  readonly attributes: Readonly<Record<string, string>>;
};

const queueSchema = z
  .object({
    VisibilityTimeout: word.optional(),
    MessageRetentionPeriod: word.optional(),
    DelaySeconds: word.optional(),
    ReceiveMessageWaitTimeSeconds: word.optional(),
    MaximumMessageSize: word.optional(),
    FifoQueue: word.optional(),
    RedrivePolicy: z
      .object({ deadLetterTargetArn: z.string(), maxReceiveCount: number })
      .transform((policy) => JSON.stringify(policy))
      .optional(),
  })
  .transform((attributes) =>
    Object.fromEntries(
      Object.entries(attributes).flatMap(([key, value]) =>
        value === undefined ? [] : [[key, value]],
      ),
    ),
  );

export function queuesOf(template: Resolver): QueueResource[] {
  return template.ofType('AWS::SQS::Queue').map(([id, { Properties }]) => ({
    name: template.nameOf(id),
    arn: template.arnOf(id),
    attributes: queueSchema.parse(template.resolve(Properties)),
  }));
}

const keySchema = z.array(
  z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }),
);
const projection = z.object({
  ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']).optional(),
  NonKeyAttributes: z.array(z.string()).optional(),
});
const tableSchema = z.object({
  AttributeDefinitions: z.array(
    z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
  ),
  KeySchema: keySchema,
  GlobalSecondaryIndexes: z
    .array(z.object({ IndexName: z.string(), KeySchema: keySchema, Projection: projection }))
    .optional(),
  /** The embedded streams have both images; nothing here asks for less. */
  StreamSpecification: z.object({ StreamViewType: z.literal('NEW_AND_OLD_IMAGES') }).optional(),
});
export type TableResource = Omit<z.infer<typeof tableSchema>, 'StreamSpecification'> & {
  readonly TableName: string;
  /** Set when the table has a stream. */
  readonly streamArn: string | undefined;
};

export function tablesOf(template: Resolver): TableResource[] {
  return template.ofType('AWS::DynamoDB::Table').map(([id, { Properties }]) => {
    const { StreamSpecification, ...table } = tableSchema.parse(template.resolve(Properties));
    return {
      TableName: template.nameOf(id),
      ...table,
      streamArn: StreamSpecification && streamArnOf(template.arnOf(id)),
    };
  });
}

/** Names of the secrets that the deployment draws by itself. */
export const drawnSecretsOf = (template: Resolver): string[] =>
  template.ofType('AWS::SecretsManager::Secret').map(([id]) => template.nameOf(id));

export type FunctionResource = {
  /** Its key in serverless.yml, which is its handler's file name. */
  readonly key: string;
  readonly name: string;
  readonly arn: string;
  /** Relative to the service's root, without extension; and the export. */
  readonly handler: { readonly file: string; readonly export: string };
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly environment: Readonly<Record<string, string>>;
};

const functionSchema = z.object({
  Handler: z.string(),
  Timeout: number.default(3),
  MemorySize: number.default(128),
  Environment: z.object({ Variables: z.record(z.string(), word) }).default({ Variables: {} }),
});

export function functionsOf(template: Resolver): FunctionResource[] {
  return template.ofType('AWS::Lambda::Function').map(([id, { Properties }]) => {
    const { Handler, Timeout, MemorySize, Environment } = functionSchema.parse(
      template.resolve(Properties),
    );
    const dot = Handler.lastIndexOf('.');
    const file = Handler.slice(0, dot);
    return {
      key: basename(file),
      name: template.nameOf(id),
      arn: template.arnOf(id),
      handler: { file, export: Handler.slice(dot + 1) },
      timeoutSeconds: Timeout,
      memoryMegabytes: MemorySize,
      environment: Environment.Variables,
    };
  });
}

export type RouteResource = {
  /** `POST /twilio/messages`, or `$default`. */
  readonly routeKey: string;
  readonly functionArn: string;
  readonly timeoutMs: number;
};

const routeSchema = z.object({ RouteKey: z.string(), Target: z.string() });
const integrationSchema = z.object({
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0'),
  TimeoutInMillis: number.default(30_000),
});

export function routesOf(template: Resolver): RouteResource[] {
  const integrations = new Map(
    template
      .ofType('AWS::ApiGatewayV2::Integration')
      .map(([id, { Properties }]) => [id, integrationSchema.parse(template.resolve(Properties))]),
  );
  return template.ofType('AWS::ApiGatewayV2::Route').map(([id, { Properties }]) => {
    const { RouteKey, Target } = routeSchema.parse(template.resolve(Properties));
    const integration = integrations.get(Target.replace('integrations/', ''));
    if (!integration) throw new Error(`The route ${id} has no integration.`);
    return {
      routeKey: RouteKey,
      functionArn: integration.IntegrationUri,
      timeoutMs: integration.TimeoutInMillis,
    };
  });
}

const corsSchema = z.object({
  AllowOrigins: z.array(z.string()).default([]),
  AllowMethods: z.array(z.string()).default([]),
  AllowHeaders: z.array(z.string()).default([]),
  ExposeHeaders: z.array(z.string()).default([]),
  MaxAge: number.optional(),
  AllowCredentials: z.coerce.boolean().default(false),
});
export type Cors = z.infer<typeof corsSchema>;

/** The HTTP API's CORS rules, which API Gateway applies by itself; undefined when it has none. */
export function corsOf(template: Resolver): Cors | undefined {
  const [api] = template.ofType('AWS::ApiGatewayV2::Api');
  const rules = template.resolve(api?.[1].Properties.CorsConfiguration);
  return rules === undefined ? undefined : corsSchema.parse(rules);
}

export type EventSourceResource = {
  readonly queueArn: string;
  readonly functionArn: string;
  readonly batchSize: number;
  /** Longest wait for a batch to fill, in seconds. */
  readonly windowSeconds: number;
  readonly maximumConcurrency: number;
  /** Whether the function names the records that failed; without, one failure returns the batch. */
  readonly reportsItemFailures: boolean;
};

const mappingSchema = z.object({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  Enabled: z.union([z.boolean(), z.stringbool()]).default(true),
  MaximumBatchingWindowInSeconds: number.default(0),
  FunctionResponseTypes: z.array(z.string()).default([]),
});
const queueMappingSchema = mappingSchema.extend({
  BatchSize: number.default(10),
  // Without a limit, Lambda begins with five pollers; the local stack stays there.
  ScalingConfig: z.object({ MaximumConcurrency: number }).default({ MaximumConcurrency: 5 }),
});

const isStream = (arn: string): boolean => arn.split(':')[2] === 'dynamodb';

/** The properties of the event source mappings of queues, or of streams. */
const mappingsOf = (template: Resolver, ofStreams: boolean): unknown[] =>
  template
    .ofType('AWS::Lambda::EventSourceMapping')
    .map(([, { Properties }]) => template.resolve(Properties))
    .filter((properties) => {
      const { EventSourceArn, Enabled } = mappingSchema.parse(properties);
      return Enabled && isStream(EventSourceArn) === ofStreams;
    });

export const eventSourcesOf = (template: Resolver): EventSourceResource[] =>
  mappingsOf(template, false)
    .map((properties) => queueMappingSchema.parse(properties))
    .map((mapping) => ({
      queueArn: mapping.EventSourceArn,
      functionArn: mapping.FunctionName,
      batchSize: mapping.BatchSize,
      windowSeconds: mapping.MaximumBatchingWindowInSeconds,
      maximumConcurrency: mapping.ScalingConfig.MaximumConcurrency,
      reportsItemFailures: mapping.FunctionResponseTypes.includes('ReportBatchItemFailures'),
    }));

export type StreamSourceResource = {
  readonly streamArn: string;
  readonly functionArn: string;
  readonly batchSize: number;
  /** Longest wait for a batch to fill, in seconds. */
  readonly windowSeconds: number;
  /** Length of the windows whose state the function carries along, in seconds; 0 has none. */
  readonly tumblingSeconds: number;
  /** -1 retries until the record is too old. */
  readonly maximumRetryAttempts: number;
  /** -1 has no limit. */
  readonly maximumRecordAgeSeconds: number;
  readonly bisects: boolean;
  /** The queue that receives batches that were given up. */
  readonly onFailureArn: string | undefined;
};

const streamMappingSchema = mappingSchema.extend({
  BatchSize: number.default(100),
  // The whole stream is read from its beginning; a position in the middle has no meaning here.
  StartingPosition: z.literal('TRIM_HORIZON'),
  TumblingWindowInSeconds: number.default(0),
  MaximumRetryAttempts: number.default(-1),
  MaximumRecordAgeInSeconds: number.default(-1),
  BisectBatchOnFunctionError: z.coerce.boolean().default(false),
  ParallelizationFactor: z.literal(1).default(1),
  DestinationConfig: z
    .object({ OnFailure: z.object({ Destination: z.string() }).optional() })
    .default({}),
});

export const streamSourcesOf = (template: Resolver): StreamSourceResource[] =>
  mappingsOf(template, true)
    .map((properties) => streamMappingSchema.parse(properties))
    .map((mapping) => ({
      streamArn: mapping.EventSourceArn,
      functionArn: mapping.FunctionName,
      batchSize: mapping.BatchSize,
      windowSeconds: mapping.MaximumBatchingWindowInSeconds,
      tumblingSeconds: mapping.TumblingWindowInSeconds,
      maximumRetryAttempts: mapping.MaximumRetryAttempts,
      maximumRecordAgeSeconds: mapping.MaximumRecordAgeInSeconds,
      bisects: mapping.BisectBatchOnFunctionError,
      onFailureArn: mapping.DestinationConfig.OnFailure?.Destination,
    }));

export type ScheduleResource = {
  readonly name: string;
  /** `rate(5 minutes)` or `cron(0 3 * * ? *)` */
  readonly expression: string;
  readonly functionArn: string;
  /** The event that the function gets, as JSON; without, EventBridge's own. */
  readonly input: string | undefined;
};

const target = z.object({ Arn: z.string(), Input: z.string().optional() });
const ruleSchema = z.object({
  ScheduleExpression: z.string().optional(),
  State: z.string().default('ENABLED'),
  Targets: z.array(target).default([]),
  Target: target.optional(),
});

export function schedulesOf(template: Resolver): ScheduleResource[] {
  return [...template.ofType('AWS::Events::Rule'), ...template.ofType('AWS::Scheduler::Schedule')]
    .map(([id, { Properties }]) => ({ id, ...ruleSchema.parse(template.resolve(Properties)) }))
    .filter((rule) => rule.State === 'ENABLED')
    .flatMap(({ id, ScheduleExpression, Targets, Target }) =>
      ScheduleExpression === undefined
        ? []
        : [...Targets, ...(Target ? [Target] : [])].map(({ Arn, Input }) => ({
            name: id,
            expression: ScheduleExpression,
            functionArn: Arn,
            input: Input,
          })),
    );
}

export type StateMachineResource = {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  /** Amazon States Language, as JSON, substitutions made. */
  readonly definition: string;
};

const stateMachineSchema = z.object({
  RoleArn: z.string(),
  DefinitionString: z.string().optional(),
  Definition: z.record(z.string(), z.unknown()).optional(),
  DefinitionSubstitutions: z.record(z.string(), word).default({}),
});

export function stateMachinesOf(template: Resolver): StateMachineResource[] {
  return template.ofType('AWS::StepFunctions::StateMachine').map(([id, { Properties }]) => {
    const machine = stateMachineSchema.parse(template.resolve(Properties));
    const written = machine.DefinitionString ?? JSON.stringify(machine.Definition);
    return {
      name: template.nameOf(id),
      arn: template.arnOf(id),
      roleArn: machine.RoleArn,
      definition: written.replace(
        /\$\{(\w+)\}/g,
        (whole, name: string) => machine.DefinitionSubstitutions[name] ?? whole,
      ),
    };
  });
}
