import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { serviceDir } from '../../local/stack.ts';
import { compileTemplate } from '../../local/template/compile.ts';
import { resolverOf } from '../../local/template/intrinsics.ts';
import { roleName } from '../../serverless/names.ts';
import { readServerless } from '../builders/serverless.ts';

/** Every region of AWS, with those of China and of the US government. */
const regions = [
  'af-south-1',
  'ap-east-1',
  'ap-east-2',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-south-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ca-central-1',
  'ca-west-1',
  'cn-north-1',
  'cn-northwest-1',
  'eu-central-1',
  'eu-central-2',
  'eu-north-1',
  'eu-south-1',
  'eu-south-2',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'il-central-1',
  'me-central-1',
  'me-south-1',
  'mx-central-1',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-gov-east-1',
  'us-gov-west-1',
  'us-west-1',
  'us-west-2',
];
const stage = 'a-stage-of-20-letter';
const service = 'ci360-mobile-connector';
const functionNames = Object.keys(readServerless().functions);

describe('the name of a role', () => {
  it.each(regions)('is one that IAM takes in %s, for a stage of 20 characters', (region) => {
    const names = functionNames.map((functionName) =>
      roleName({ service, stage, functionName, region }),
    );
    for (const name of names) expect(name).toMatch(/^[\w-]{1,64}$/);
    expect(new Set(names).size).toBe(functionNames.length);
  });

  it('that is cut still tells one stage and region from another', () => {
    const common = { service, functionName: 'contacts-schedule' };
    const names = regions.flatMap((region) =>
      ['a-stage-of-20-letter', 'a-stage-of-20-lettes'].map((other) =>
        roleName({ ...common, stage: other, region }),
      ),
    );
    expect(new Set(names).size).toBe(2 * regions.length);
  });
});

const named = z.object({ Properties: z.record(z.string(), z.unknown()).default({}) });
/** Most characters that AWS takes in a name. */
const limits: Readonly<Record<string, readonly [property: string, characters: number]>> = {
  'AWS::Lambda::Function': ['FunctionName', 64],
  'AWS::IAM::Role': ['RoleName', 64],
  'AWS::SQS::Queue': ['QueueName', 80],
  'AWS::DynamoDB::Table': ['TableName', 255],
  'AWS::StepFunctions::StateMachine': ['StateMachineName', 80],
  'AWS::SNS::Topic': ['TopicName', 256],
  'AWS::CloudWatch::Alarm': ['AlarmName', 255],
  'AWS::CloudWatch::Dashboard': ['DashboardName', 255],
  'AWS::Logs::LogGroup': ['LogGroupName', 512],
  'AWS::Events::Rule': ['Name', 64],
  'AWS::ApiGatewayV2::Api': ['Name', 128],
};

describe('the template for a stage of 20 characters', () => {
  let template: ReturnType<typeof resolverOf>;
  beforeAll(async () => {
    template = resolverOf(await compileTemplate(serviceDir, stage), {
      api: 'http://api.test',
      queueUrl: (name) => `http://sqs.test/${name}`,
    });
  }, 60_000);

  it('has no name that AWS would refuse', () => {
    for (const [type, [property, characters]] of Object.entries(limits)) {
      for (const [id, resource] of template.ofType(type)) {
        const name = template.resolve(named.parse(resource).Properties[property]) ?? '';
        expect(String(name).length, `${id} ${name}`).toBeLessThanOrEqual(characters);
      }
    }
  });

  it('names the dashboard by its region too, as one account has one list of dashboards', () => {
    const [[, dashboard] = []] = template.ofType('AWS::CloudWatch::Dashboard');
    expect(template.resolve(dashboard?.Properties.DashboardName)).toBe(
      `${service}-${stage}-us-east-1`,
    );
  });

  it('has one log group with retention for every function and state machine', () => {
    const groups = template
      .ofType('AWS::Logs::LogGroup')
      .map(([, { Properties }]) => template.resolve(Properties));
    const names = groups.map((group) => z.object({ LogGroupName: z.string() }).parse(group));
    const expected = [
      ...functionNames.map((name) => `/aws/lambda/${service}-${stage}-${name}`),
      `/aws/vendedlogs/states/${service}-${stage}-replay-machine`,
      `/aws/vendedlogs/states/${service}-${stage}-release-machine`,
    ];
    for (const name of expected) {
      expect(
        names.filter(({ LogGroupName }) => LogGroupName === name),
        name,
      ).toHaveLength(1);
    }
    for (const group of groups) expect(group).toMatchObject({ RetentionInDays: 30 });
    const machines = template.ofType('AWS::StepFunctions::StateMachine');
    expect(machines.length).toBe(expected.length - functionNames.length);
  });

  it('has no role but one for each function and each state machine', () => {
    const machines = template.ofType('AWS::StepFunctions::StateMachine').length;
    expect(template.ofType('AWS::IAM::Role')).toHaveLength(functionNames.length + machines);
  });
});
