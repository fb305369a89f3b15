import * as z from 'zod';
import { accountId, type Resolver, region } from '../../local/template/intrinsics.ts';
import {
  eventSourcesOf,
  functionsOf,
  stateMachinesOf,
  streamSourcesOf,
} from '../../local/template/resources.ts';
import type { Permission } from './roles.ts';

const inputSchema = z.looseObject({
  QueueUrl: z.string().optional(),
  TableName: z.string().optional(),
  IndexName: z.string().optional(),
  /** Of a batch: keys by table. */
  RequestItems: z.record(z.string(), z.unknown()).optional(),
  SecretId: z.string().optional(),
  stateMachineArn: z.string().optional(),
  executionArn: z.string().optional(),
});
type Input = z.infer<typeof inputSchema>;

/** Actions that IAM knows by another name than the API. */
const iamNames: Readonly<Record<string, string>> = {
  'sqs:SendMessageBatch': 'sqs:SendMessage',
  'sqs:ChangeMessageVisibilityBatch': 'sqs:ChangeMessageVisibility',
};

const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${accountId}:${rest}`;

function tablesOf({ TableName, IndexName, RequestItems }: Input): string[] {
  const index = IndexName === undefined ? '' : `/index/${IndexName}`;
  const tables = TableName === undefined ? Object.keys(RequestItems ?? {}) : [TableName];
  return tables.map((table) => arn('dynamodb', `table/${table}${index}`));
}

type Service = { readonly prefix: string; readonly resources: (input: Input) => string[] };

/** By the first part of the target that the SDK names in its request. */
const services: Readonly<Record<string, Service>> = {
  DynamoDB_20120810: { prefix: 'dynamodb', resources: tablesOf },
  AmazonSQS: {
    prefix: 'sqs',
    resources: ({ QueueUrl = '' }) => [arn('sqs', QueueUrl.split('/').at(-1) ?? '')],
  },
  secretsmanager: {
    prefix: 'secretsmanager',
    // The store puts six characters of its own behind a secret's name.
    resources: ({ SecretId }) => [arn('secretsmanager', `secret:${SecretId}-AbCdEf`)],
  },
  AWSStepFunctions: {
    prefix: 'states',
    resources: ({ stateMachineArn, executionArn }) => [stateMachineArn ?? executionArn ?? ''],
  },
};

/** The permissions that one call of the SDK needs, from its target and its body. */
export function neededFor(by: string, target: string, body: string): Permission[] {
  const [api = '', operation = ''] = target.split('.');
  const service = services[api];
  if (service === undefined) return [{ by, action: target, resource: '' }];
  const called = `${service.prefix}:${operation}`;
  const action = iamNames[called] ?? called;
  const resources = service.resources(inputSchema.parse(JSON.parse(body)));
  return resources.map((resource) => ({ by, action, resource }));
}

/** What Lambda does with a function's role to feed it from its queues. */
function neededToFeed(template: Resolver): Permission[] {
  const keys = new Map(functionsOf(template).map(({ arn: own, key }) => [own, key]));
  return eventSourcesOf(template).flatMap(({ functionArn, queueArn }) =>
    ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'].map((action) => ({
      by: keys.get(functionArn) ?? '',
      action,
      resource: queueArn,
    })),
  );
}

/** What Lambda does with a function's role to feed it from a table's stream, and to keep what it gives up. */
function neededToFeedFromStreams(template: Resolver): Permission[] {
  const keys = new Map(functionsOf(template).map(({ arn: own, key }) => [own, key]));
  return streamSourcesOf(template).flatMap(({ functionArn, streamArn, onFailureArn }) => {
    const by = keys.get(functionArn) ?? '';
    const reading = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];
    return [
      ...reading.map((action) => ({ by, action: `dynamodb:${action}`, resource: streamArn })),
      ...(onFailureArn === undefined
        ? []
        : [{ by, action: 'sqs:SendMessage', resource: onFailureArn }]),
    ];
  });
}

const definitionSchema = z.object({
  States: z.record(
    z.string(),
    z.union([
      z.object({
        Type: z.literal('Task'),
        Resource: z.literal('arn:aws:states:::lambda:invoke'),
        Parameters: z.object({ FunctionName: z.string() }),
      }),
      z.object({ Type: z.enum(['Choice', 'Wait', 'Pass', 'Succeed', 'Fail']) }),
    ]),
  ),
});

/** What a state machine does with its role: it invokes the functions that its definition names. */
function neededToRun(template: Resolver): Permission[] {
  return stateMachinesOf(template).flatMap(({ name, definition }) =>
    Object.values(definitionSchema.parse(JSON.parse(definition)).States).flatMap((state) =>
      state.Type === 'Task'
        ? [{ by: name, action: 'lambda:InvokeFunction', resource: state.Parameters.FunctionName }]
        : [],
    ),
  );
}

const keptFailuresSchema = z.object({
  FunctionName: z.string(),
  DestinationConfig: z.object({ OnFailure: z.object({ Destination: z.string() }) }),
});

/** What Lambda does with a function's role when a run of it failed permanently: it keeps the run on a queue. */
function neededToKeepFailures(template: Resolver): Permission[] {
  const keys = new Map(functionsOf(template).map(({ name, key }) => [name, key]));
  return template.ofType('AWS::Lambda::EventInvokeConfig').map(([, { Properties }]) => {
    const config = keptFailuresSchema.parse(template.resolve(Properties));
    return {
      by: keys.get(config.FunctionName) ?? '',
      action: 'sqs:SendMessage',
      resource: config.DestinationConfig.OnFailure.Destination,
    };
  });
}

/** What AWS itself does in the name of functions and state machines, apart from logs and traces. */
export const neededByAws = (template: Resolver): Permission[] => [
  ...neededToFeed(template),
  ...neededToFeedFromStreams(template),
  ...neededToRun(template),
  ...neededToKeepFailures(template),
];
