import * as z from 'zod';
import { accountId, type Resolver, region } from '../../local/template/intrinsics.ts';
import { functionsOf } from '../../local/template/resources.ts';

/** One thing that a function does, or may do, to one resource. */
export type Permission = {
  readonly function: string;
  readonly action: string;
  readonly resource: string;
};

const statementSchema = z.object({
  Effect: z.literal('Allow'),
  Action: z.union([z.string(), z.array(z.string())]),
  Resource: z.union([z.string(), z.array(z.string())]),
});
const roleSchema = z.object({
  Policies: z.array(z.object({ PolicyDocument: z.object({ Statement: z.array(z.unknown()) }) })),
});

/** Not called by a function: logs, traces, and what Lambda does to feed a function from a queue. */
const byLambda = /^(logs:|xray:|sqs:(ReceiveMessage|DeleteMessage|GetQueueAttributes)$)/;

/** What the roles in the compiled template allow each function to call. */
export function permissionsOf(template: Resolver): Permission[] {
  const roles = new Map(template.ofType('AWS::IAM::Role'));
  const functions = new Map(template.ofType('AWS::Lambda::Function'));
  return functionsOf(template).flatMap(({ key, arn }) => {
    const own = [...functions].find(([id]) => template.arnOf(id) === arn);
    const roleId = z
      .object({ Role: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }) })
      .parse(own?.[1].Properties).Role['Fn::GetAtt'][0];
    return roleSchema
      .parse(template.resolve(roles.get(roleId)?.Properties))
      .Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .map((statement) => statementSchema.parse(statement))
      .flatMap(({ Action, Resource }) =>
        [Action]
          .flat()
          .flatMap((action) =>
            [Resource].flat().map((resource) => ({ function: key, action, resource })),
          ),
      )
      .filter(({ action }) => !byLambda.test(action));
  });
}

/** Whether a role's permission, whose resource may end in a star, covers what was done. */
export const covers = (allowed: Permission, done: Permission): boolean =>
  allowed.function === done.function &&
  allowed.action === done.action &&
  (allowed.resource.endsWith('*')
    ? done.resource.startsWith(allowed.resource.slice(0, -1))
    : done.resource === allowed.resource);

const bodySchema = z.looseObject({
  QueueUrl: z.string().optional(),
  TableName: z.string().optional(),
  IndexName: z.string().optional(),
  SecretId: z.string().optional(),
});

/** Actions that IAM knows by another name than the API. */
const iamNames: Readonly<Record<string, string>> = {
  'sqs:SendMessageBatch': 'sqs:SendMessage',
  'sqs:ChangeMessageVisibilityBatch': 'sqs:ChangeMessageVisibility',
};

/** The permission that one call of the SDK needs, from its target and its body. */
export function neededFor(functionKey: string, target: string, body: string): Permission {
  const [api = '', operation = ''] = target.split('.');
  const input = bodySchema.parse(JSON.parse(body));
  const arn = (service: string, rest: string) =>
    `arn:aws:${service}:${region}:${accountId}:${rest}`;
  const index = input.IndexName ? `/index/${input.IndexName}` : '';
  const [service, resource] = api.startsWith('DynamoDB')
    ? ['dynamodb', arn('dynamodb', `table/${input.TableName}${index}`)]
    : api === 'AmazonSQS'
      ? ['sqs', arn('sqs', input.QueueUrl?.split('/').at(-1) ?? '')]
      : // The store puts six characters of its own behind a secret's name.
        ['secretsmanager', arn('secretsmanager', `secret:${input.SecretId}-AbCdEf`)];
  const action = `${service}:${operation}`;
  return { function: functionKey, action: iamNames[action] ?? action, resource };
}
