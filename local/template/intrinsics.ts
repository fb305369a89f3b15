import * as z from 'zod';

export const region = 'us-east-1';
/** The account of the emulators. */
export const accountId = '000000000000';

const resourceSchema = z.object({
  Type: z.string(),
  Condition: z.string().optional(),
  Properties: z.record(z.string(), z.unknown()).default({}),
});
type Resource = z.infer<typeof resourceSchema>;

const templateSchema = z.object({
  Resources: z.record(z.string(), resourceSchema),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Parameters: z.record(z.string(), z.object({ Default: z.unknown() })).default({}),
  Mappings: z
    .record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown())))
    .default({}),
});

/** Where the local stack's parts listen; a Ref or GetAtt turns into one of these. */
export type Endpoints = {
  /** The HTTP API's own address, without a slash at the end. */
  readonly api: string;
  readonly queueUrl: (queueName: string) => string;
  /** The account in ARNs; default: that of the emulators. */
  readonly account?: string;
};

/** `NoValue`: the property that holds it is left out. */
const nothing = Symbol('AWS::NoValue');

const pseudo: Record<string, unknown> = {
  'AWS::Region': region,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': 'local',
  'AWS::StackId': 'local',
  'AWS::NoValue': nothing,
};

export type Resolver = {
  /** Resources of a type whose condition holds, by logical id. Properties are as written. */
  readonly ofType: (type: string) => [logicalId: string, resource: Resource][];
  /** The value with every intrinsic function replaced by what it means locally. */
  readonly resolve: (value: unknown) => unknown;
  readonly nameOf: (logicalId: string) => string;
  readonly arnOf: (logicalId: string) => string;
};

/** A table's stream has the time of its creation for a name; here there is one at most. */
export const streamArnOf = (tableArn: string): string => `${tableArn}/stream/local`;

/** Reads a compiled CloudFormation template and answers its intrinsic functions with local values. */
export function resolverOf(compiled: unknown, endpoints: Endpoints): Resolver {
  const template = templateSchema.parse(compiled);
  const { account = accountId } = endpoints;

  const resource = (logicalId: string): Resource => {
    const found = template.Resources[logicalId];
    if (!found) throw new Error(`The template refers to ${logicalId}, which it does not have.`);
    return found;
  };

  /** The property of a type that names it, where a template may set it. */
  const nameProperty: Record<string, string> = {
    'AWS::SQS::Queue': 'QueueName',
    'AWS::DynamoDB::Table': 'TableName',
    'AWS::Lambda::Function': 'FunctionName',
    'AWS::StepFunctions::StateMachine': 'StateMachineName',
    'AWS::SNS::Topic': 'TopicName',
    'AWS::SecretsManager::Secret': 'Name',
  };

  function nameOf(logicalId: string): string {
    const { Type, Properties } = resource(logicalId);
    const given = resolve(Properties[nameProperty[Type] ?? '']);
    return typeof given === 'string' ? given : logicalId;
  }

  function arnOf(logicalId: string): string {
    const { Type } = resource(logicalId);
    const name = nameOf(logicalId);
    const arn = (service: string, rest: string) =>
      `arn:aws:${service}:${region}:${account}:${rest}`;
    switch (Type) {
      case 'AWS::SQS::Queue':
        return arn('sqs', name);
      case 'AWS::DynamoDB::Table':
        return arn('dynamodb', `table/${name}`);
      case 'AWS::Lambda::Function':
        return arn('lambda', `function:${name}`);
      case 'AWS::StepFunctions::StateMachine':
        return arn('states', `stateMachine:${name}`);
      case 'AWS::SNS::Topic':
        return arn('sns', name);
      case 'AWS::SecretsManager::Secret':
        return arn('secretsmanager', `secret:${name}`);
      case 'AWS::IAM::Role':
        return `arn:aws:iam::${account}:role/${name}`;
      default:
        return `arn:aws:local:${region}:${account}:${Type}/${name}`;
    }
  }

  function ref(name: string): unknown {
    if (name === 'AWS::AccountId') return account;
    if (name in pseudo) return pseudo[name];
    const parameter = template.Parameters[name];
    if (parameter) return parameter.Default;
    switch (resource(name).Type) {
      case 'AWS::SQS::Queue':
        return endpoints.queueUrl(nameOf(name));
      case 'AWS::StepFunctions::StateMachine':
      case 'AWS::SNS::Topic':
      case 'AWS::SecretsManager::Secret':
        return arnOf(name);
      case 'AWS::Lambda::Version':
      case 'AWS::Lambda::Alias':
        return resolve({ 'Fn::GetAtt': [refTarget(name), 'Arn'] });
      default:
        return nameOf(name);
    }
  }

  /** The function that a version or alias stands for: locally they are one. */
  function refTarget(logicalId: string): string {
    return z
      .object({ FunctionName: z.object({ Ref: z.string() }) })
      .parse(resource(logicalId).Properties).FunctionName.Ref;
  }

  function getAtt(logicalId: string, attribute: string): unknown {
    const { Type } = resource(logicalId);
    if (attribute === 'Arn') return arnOf(logicalId);
    if (Type === 'AWS::ApiGatewayV2::Api' && attribute === 'ApiEndpoint') return endpoints.api;
    if (Type === 'AWS::SQS::Queue' && attribute === 'QueueUrl') return ref(logicalId);
    if (Type === 'AWS::DynamoDB::Table' && attribute === 'StreamArn') {
      return streamArnOf(arnOf(logicalId));
    }
    if (['QueueName', 'Name', 'TopicName'].includes(attribute)) return nameOf(logicalId);
    throw new Error(`The local stack has no value for ${attribute} of ${logicalId}.`);
  }

  function sub(given: unknown): string {
    const [text, own] = z
      .tuple([z.string(), z.record(z.string(), z.unknown())])
      .parse(typeof given === 'string' ? [given, {}] : given);
    return text.replace(/\$\{(!?)([^}]+)\}/g, (_whole, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      if (Object.hasOwn(own, name)) return String(resolve(own[name]));
      const [logicalId = '', ...attribute] = name.split('.');
      return String(attribute.length > 0 ? getAtt(logicalId, attribute.join('.')) : ref(name));
    });
  }

  const list = (value: unknown) => z.array(z.unknown()).parse(value);

  function holds(condition: unknown): boolean {
    const [[name, argument] = ['', undefined]] = Object.entries(
      z.record(z.string(), z.unknown()).parse(condition),
    );
    switch (name) {
      case 'Fn::Equals': {
        const [left, right] = list(argument).map(resolve);
        return left === right;
      }
      case 'Fn::Not':
        return !list(argument).every(holds);
      case 'Fn::And':
        return list(argument).every(holds);
      case 'Fn::Or':
        return list(argument).some(holds);
      case 'Condition':
        return conditionHolds(z.string().parse(argument));
      default:
        throw new Error(`The local stack cannot decide the condition ${name}.`);
    }
  }

  function conditionHolds(name: string): boolean {
    if (!(name in template.Conditions)) throw new Error(`The template has no condition ${name}.`);
    return holds(template.Conditions[name]);
  }

  const functions: Record<string, (argument: unknown) => unknown> = {
    Ref: (argument) => ref(z.string().parse(argument)),
    'Fn::GetAtt': (argument) => {
      const parts =
        typeof argument === 'string' ? argument.split('.') : z.array(z.string()).parse(argument);
      const [logicalId = '', ...attribute] = parts;
      return getAtt(logicalId, attribute.join('.'));
    },
    'Fn::Sub': sub,
    'Fn::Join': (argument) => {
      const [separator, parts] = list(argument);
      return list(resolve(parts)).map(String).join(String(separator));
    },
    'Fn::Select': (argument) => {
      const [index, items] = list(argument);
      return list(resolve(items))[Number(index)];
    },
    'Fn::Split': (argument) => {
      const [separator, text] = list(argument);
      return String(resolve(text)).split(String(separator));
    },
    'Fn::If': (argument) => {
      const [condition, yes, no] = list(argument);
      return resolve(conditionHolds(String(condition)) ? yes : no);
    },
    'Fn::FindInMap': (argument) => {
      const [map = '', first = '', second = ''] = list(argument).map((part) =>
        String(resolve(part)),
      );
      return template.Mappings[map]?.[first]?.[second];
    },
    'Fn::ImportValue': (argument) => {
      throw new Error(
        `The local stack has no other stack to import ${String(resolve(argument))} from.`,
      );
    },
  };

  function resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(resolve).filter((item) => item !== nothing);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [only] = entries;
    if (only && entries.length === 1) {
      const [name, argument] = only;
      const intrinsic = functions[name];
      if (intrinsic) return intrinsic(argument);
      if (name.startsWith('Fn::')) throw new Error(`The local stack cannot resolve ${name}.`);
    }
    return Object.fromEntries(
      entries
        .map(([key, item]) => [key, resolve(item)] as const)
        .filter(([, item]) => item !== nothing),
    );
  }

  return {
    ofType: (type) =>
      Object.entries(template.Resources).filter(
        ([, { Type, Condition }]) => Type === type && (!Condition || conditionHolds(Condition)),
      ),
    resolve,
    nameOf,
    arnOf,
  };
}
