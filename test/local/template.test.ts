import { describe, expect, it } from 'vitest';
import { functionSettings } from '../../handlers/runtime/function-settings.ts';
import { serviceDir } from '../../local/stack.ts';
import { compileTemplate } from '../../local/template/compile.ts';
import { resolverOf } from '../../local/template/intrinsics.ts';
import {
  corsOf,
  eventSourcesOf,
  functionsOf,
  queuesOf,
  routesOf,
  schedulesOf,
  stateMachinesOf,
  tablesOf,
} from '../../local/template/resources.ts';

const endpoints = {
  api: 'http://api.test',
  queueUrl: (name: string) => `http://sqs.test/${name}`,
};
const resolver = (Resources: object, rest: object = {}) =>
  resolverOf({ Resources, ...rest }, endpoints);

/** CloudFormation's placeholders look like JavaScript's, which the linter takes for a slip. */
const sub = (text: string) => text.replaceAll('@{', '${');

describe('the intrinsic functions', () => {
  const template = resolver(
    {
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'outbound' } },
      Unnamed: { Type: 'AWS::SQS::Queue' },
      Api: { Type: 'AWS::ApiGatewayV2::Api' },
      Worker: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'worker' } },
      Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Worker' } } },
    },
    {
      Parameters: { Size: { Default: 5 } },
      Mappings: { Sizes: { small: { memory: 128 } } },
      Conditions: {
        Yes: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] },
        No: { 'Fn::Not': [{ Condition: 'Yes' }] },
        Both: { 'Fn::And': [{ Condition: 'Yes' }, { Condition: 'No' }] },
        Either: { 'Fn::Or': [{ Condition: 'Yes' }, { Condition: 'No' }] },
      },
    },
  );

  it.each([
    [{ Ref: 'Queue' }, 'http://sqs.test/outbound'],
    [{ Ref: 'Unnamed' }, 'http://sqs.test/Unnamed'],
    [{ Ref: 'Size' }, 5],
    [{ Ref: 'Worker' }, 'worker'],
    [{ Ref: 'Version' }, 'arn:aws:lambda:us-east-1:000000000000:function:worker'],
    [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:aws:sqs:us-east-1:000000000000:outbound'],
    [{ 'Fn::GetAtt': 'Queue.QueueName' }, 'outbound'],
    [{ 'Fn::GetAtt': ['Api', 'ApiEndpoint'] }, 'http://api.test'],
    [
      { 'Fn::Sub': sub('@{AWS::Partition}:@{Queue.Arn}:@{!own}') },
      sub('aws:arn:aws:sqs:us-east-1:000000000000:outbound:@{own}'),
    ],
    [{ 'Fn::Sub': [sub('@{own}/@{Worker}'), { own: { Ref: 'Size' } }] }, '5/worker'],
    [{ 'Fn::Join': ['-', ['a', { Ref: 'Size' }]] }, 'a-5'],
    [{ 'Fn::Select': [1, { 'Fn::Split': [',', 'a,b'] }] }, 'b'],
    [{ 'Fn::FindInMap': ['Sizes', 'small', 'memory'] }, 128],
    [{ 'Fn::If': ['Yes', 'then', 'else'] }, 'then'],
    [{ 'Fn::If': ['No', 'then', 'else'] }, 'else'],
    [{ 'Fn::If': ['Both', 'then', 'else'] }, 'else'],
    [{ 'Fn::If': ['Either', 'then', 'else'] }, 'then'],
    [{ kept: 1, left: { 'Fn::If': ['Yes', { Ref: 'AWS::NoValue' }, 1] } }, { kept: 1 }],
    [[1, { Ref: 'AWS::NoValue' }], [1]],
  ])('answer %j', (value, expected) => {
    expect(template.resolve(value)).toEqual(expected);
  });

  it.each([
    [{ Ref: 'Nobody' }, /Nobody, which it does not have/],
    [{ 'Fn::GetAtt': ['Worker', 'SnapStartResponse'] }, /no value for SnapStartResponse of Worker/],
    [{ 'Fn::Cidr': [] }, /cannot resolve Fn::Cidr/],
    [{ 'Fn::ImportValue': 'other-stack' }, /no other stack to import other-stack from/],
    [{ 'Fn::If': ['Maybe', 1, 2] }, /no condition Maybe/],
  ])('say what they cannot answer: %j', (value, sentence) => {
    expect(() => template.resolve(value)).toThrow(sentence);
  });
});

describe('the resources of a template', () => {
  const lambda = (name: string) => ({
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: `service-${name}`,
      Handler: `handlers/${name}.handler`,
      Environment: { Variables: { queue: { Ref: 'Queue' }, limit: 5 } },
    },
  });
  const arn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:service-${name}`;

  it('leave out what a condition leaves out', () => {
    const template = resolver(
      {
        Kept: { Type: 'AWS::SQS::Queue' },
        Gone: { Type: 'AWS::SQS::Queue', Condition: 'Never' },
      },
      { Conditions: { Never: { 'Fn::Equals': [1, 2] } } },
    );
    expect(queuesOf(template).map((queue) => queue.name)).toEqual(['Kept']);
  });

  it('name a function by its handler and give its settings as words', () => {
    const [worker] = functionsOf(
      resolver({ W: lambda('worker'), Queue: { Type: 'AWS::SQS::Queue' } }),
    );
    expect(worker).toMatchObject({
      key: 'worker',
      name: 'service-worker',
      arn: arn('worker'),
      handler: { file: 'handlers/worker', export: 'handler' },
      timeoutSeconds: 3,
      environment: { queue: 'http://sqs.test/Queue', limit: '5' },
    });
  });

  it('take a schedule from a rule and from the scheduler, unless it is disabled', () => {
    const template = resolver({
      Job: lambda('job'),
      Queue: { Type: 'AWS::SQS::Queue' },
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          ScheduleExpression: 'rate(5 minutes)',
          Targets: [{ Arn: { 'Fn::GetAtt': ['Job', 'Arn'] }, Id: 'job' }],
        },
      },
      Off: {
        Type: 'AWS::Events::Rule',
        Properties: { ScheduleExpression: 'rate(1 day)', State: 'DISABLED', Targets: [] },
      },
      Schedule: {
        Type: 'AWS::Scheduler::Schedule',
        Properties: {
          ScheduleExpression: 'cron(0 3 * * ? *)',
          Target: { Arn: { 'Fn::GetAtt': ['Job', 'Arn'] }, Input: '{"a":1}' },
        },
      },
    });
    expect(schedulesOf(template)).toEqual([
      { name: 'Rule', expression: 'rate(5 minutes)', functionArn: arn('job'), input: undefined },
      {
        name: 'Schedule',
        expression: 'cron(0 3 * * ? *)',
        functionArn: arn('job'),
        input: '{"a":1}',
      },
    ]);
  });

  it('put the substitutions into a state machine', () => {
    const [machine] = stateMachinesOf(
      resolver({
        Job: lambda('job'),
        Queue: { Type: 'AWS::SQS::Queue' },
        Machine: {
          Type: 'AWS::StepFunctions::StateMachine',
          Properties: {
            RoleArn: 'arn:aws:iam::000000000000:role/replay',
            StateMachineName: 'replay',
            Definition: { StartAt: 'A', States: { A: { Resource: sub('@{JobArn}') } } },
            DefinitionSubstitutions: { JobArn: { 'Fn::GetAtt': ['Job', 'Arn'] } },
          },
        },
      }),
    );
    expect(machine?.arn).toBe('arn:aws:states:us-east-1:000000000000:stateMachine:replay');
    expect(JSON.parse(machine?.definition ?? '')).toEqual({
      StartAt: 'A',
      States: { A: { Resource: arn('job') } },
    });
  });

  it('read the CORS rules of the API', () => {
    expect(corsOf(resolver({ Api: { Type: 'AWS::ApiGatewayV2::Api' } }))).toBeUndefined();
    expect(
      corsOf(
        resolver({
          Api: {
            Type: 'AWS::ApiGatewayV2::Api',
            Properties: {
              CorsConfiguration: { AllowOrigins: ['https://flex.example'], MaxAge: '60' },
            },
          },
        }),
      ),
    ).toMatchObject({ AllowOrigins: ['https://flex.example'], MaxAge: 60, AllowHeaders: [] });
  });
});

describe("this service's own template", () => {
  it('compiles without credentials, and holds what the local stack needs', async () => {
    const template = resolverOf(await compileTemplate(serviceDir, 'local'), endpoints);
    const queues = queuesOf(template);
    const functions = new Set(functionsOf(template).map((each) => each.arn));
    for (const source of eventSourcesOf(template)) {
      expect(queues.map((queue) => queue.arn)).toContain(source.queueArn);
      expect(functions).toContain(source.functionArn);
      expect(source.reportsItemFailures).toBe(true);
    }
    for (const route of routesOf(template)) expect(functions).toContain(route.functionArn);
    for (const machine of stateMachinesOf(template)) JSON.parse(machine.definition);
    expect(tablesOf(template).length).toBeGreaterThanOrEqual(5);
    for (const { key, environment } of functionsOf(template)) {
      const settings = Object.keys(environment).filter((name) => /^[a-z]/.test(name));
      expect(Object.entries(functionSettings)).toContainEqual([
        key,
        expect.arrayContaining(settings),
      ]);
    }
  });
});
