import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CelEngine, TemplateFile } from '@aws/cloudformation-validate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { readServerless } from './builders/serverless.ts';

const run = promisify(execFile);
const functions = Object.keys(readServerless().functions);

const statementSchema = z.object({
  Action: z.union([z.string(), z.array(z.string())]),
  Resource: z.unknown(),
});
const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.looseObject({
      Type: z.string(),
      Properties: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
});
const policiesSchema = z.array(
  z.object({ PolicyDocument: z.object({ Statement: z.array(statementSchema) }) }),
);
const roleOfSchema = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) });

/**
 * Warnings about what the framework writes, and about conditions on parameters that are filled in
 * before the template is compiled: W3005 a dependency named twice, W3011 log groups that may be
 * deleted, W8003 and W9053 a condition that is always true, or the same as another.
 */
const harmless = new Set(['W3005', 'W3011', 'W8003', 'W9053']);

let folder: string;
let templateFile: string;
let resources: z.infer<typeof templateSchema>['Resources'];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'package-'));
  // As a user packages it, and without the credentials that a user's shell may hold.
  await run('npx', ['serverless', 'package', '--stage', 'prod', '--package', folder], {
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      AWS_EC2_METADATA_DISABLED: 'true',
      SLS_TELEMETRY_DISABLED: '1',
    },
  });
  templateFile = join(folder, 'cloudformation-template-update-stack.json');
  resources = templateSchema.parse(JSON.parse(await readFile(templateFile, 'utf8'))).Resources;
}, 120_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

const ofType = (type: string) =>
  Object.entries(resources).flatMap(([name, { Type, Properties }]) =>
    Type === type ? [{ name, properties: Properties ?? {} }] : [],
  );

describe('the package for AWS', () => {
  it('holds one archive for each function, each small enough to start fast', async () => {
    const archives = (await readdir(folder)).filter((name) => name.endsWith('.zip')).sort();

    expect(archives).toEqual(functions.map((name) => `${name}.zip`).sort());
    for (const archive of archives) {
      const { size } = await stat(join(folder, archive));
      expect(size, archive).toBeLessThan(2 * 1024 * 1024);
    }
  });

  it('is a template without errors, judged by the schemas of CloudFormation', () => {
    const engine = new CelEngine();
    try {
      const { diagnostics } = engine.validateStandard(new TemplateFile(templateFile));
      const serious = diagnostics.filter(
        ({ severity, ruleId }) => severity !== 'INFO' && !harmless.has(ruleId),
      );
      expect(diagnostics.length).toBeGreaterThan(0);
      expect(serious).toEqual([]);
    } finally {
      engine.free();
    }
  });

  it('fits within what CloudFormation takes', async () => {
    expect((await stat(templateFile)).size).toBeLessThan(1_000_000);
    expect(Object.keys(resources).length).toBeLessThan(500);
  });

  it('gives each function a role of its own', () => {
    const roles = ofType('AWS::Lambda::Function').map(({ properties }) => {
      const [role] = roleOfSchema.parse(properties.Role)['Fn::GetAtt'];
      return role;
    });

    expect(roles).toHaveLength(functions.length);
    expect(new Set(roles).size).toBe(functions.length);
  });

  it('allows no action on everything but traces, and no action by a wildcard', () => {
    // The last two are the state machine's: it asks which executions to trace.
    const tracing = [
      'xray:PutTraceSegments',
      'xray:PutTelemetryRecords',
      'xray:GetSamplingRules',
      'xray:GetSamplingTargets',
    ];
    const logDelivery = /^logs:.*(LogDeliver(y|ies)|ResourcePolic(y|ies)|LogGroups)$/;
    for (const { name, properties } of ofType('AWS::IAM::Role')) {
      for (const { PolicyDocument } of policiesSchema.parse(properties.Policies ?? [])) {
        for (const { Action, Resource } of PolicyDocument.Statement) {
          const actions = [Action].flat();
          for (const action of actions) expect(action, name).not.toContain('*');
          if ([Resource].flat().includes('*')) {
            const beyond = actions.filter((a) => !tracing.includes(a) && !logDelivery.test(a));
            expect(beyond, name).toEqual([]);
          }
        }
      }
    }
  });

  it('keeps every queue and table when the stack is removed', () => {
    const holdingData = Object.entries(resources).filter(([, { Type }]) =>
      ['AWS::SQS::Queue', 'AWS::DynamoDB::Table'].includes(Type),
    );

    expect(holdingData.length).toBeGreaterThan(8);
    for (const [name, resource] of holdingData) {
      expect(resource, name).toMatchObject({
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
      });
    }
  });

  it('encrypts queues and tables, can restore tables to a point in time, and lets nobody delete them', () => {
    for (const { name, properties } of ofType('AWS::SQS::Queue')) {
      expect(properties, name).toMatchObject({ SqsManagedSseEnabled: true });
    }
    for (const { name, properties } of ofType('AWS::DynamoDB::Table')) {
      expect(properties, name).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true },
        DeletionProtectionEnabled: true,
      });
    }
  });

  it('lets every queue outlast a bad weekend', () => {
    for (const { name, properties } of ofType('AWS::SQS::Queue')) {
      expect(properties, name).toMatchObject({ MessageRetentionPeriod: 14 * 24 * 3600 });
    }
  });

  it('raises every alarm on the topic', () => {
    const alarms = ofType('AWS::CloudWatch::Alarm');
    expect(alarms.length).toBeGreaterThan(10);
    for (const { name, properties } of alarms) {
      expect(properties, name).toMatchObject({ AlarmActions: [{ Ref: 'AlarmTopic' }] });
    }
  });
});
