import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { serviceDir } from '../../local/stack.ts';
import { compileTemplate } from '../../local/template/compile.ts';
import { problemsWith } from '../../serverless/check-settings.ts';
import { readServerless } from '../builders/serverless.ts';

const key = 'arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const ifKey = { 'Fn::If': ['HasKmsKey', key, { Ref: 'AWS::NoValue' }] };

const templateSchema = z.object({
  Conditions: z.object({ HasKmsKey: z.unknown() }),
  Resources: z.looseObject({
    HttpApiStage: z.object({
      Properties: z.object({
        AccessLogSettings: z.object({ DestinationArn: z.unknown(), Format: z.string() }),
      }),
    }),
    ApiAccessLogGroup: z.object({ Properties: z.record(z.string(), z.unknown()) }),
    AlarmTopic: z.object({ Properties: z.record(z.string(), z.unknown()) }),
  }),
});
let template: z.infer<typeof templateSchema>;
beforeAll(async () => {
  template = templateSchema.parse(await compileTemplate(serviceDir, 'prod', { kms_key_arn: key }));
}, 60_000);

describe('the access log of the API', () => {
  it('says of each request what was asked and how it ended, as one JSON object a line', () => {
    const { Format } = template.Resources.HttpApiStage.Properties.AccessLogSettings;
    const fields = z.record(z.string(), z.string()).parse(JSON.parse(Format));

    expect(fields).toMatchObject({
      requestId: '$context.requestId',
      routeKey: '$context.routeKey',
      status: '$context.status',
      latency: '$context.responseLatency',
      integrationError: '$context.integrationErrorMessage',
    });
    expect(Format).not.toContain('\n');
  });

  it('holds nothing that a caller writes, so no number of a person', () => {
    const { Format } = template.Resources.HttpApiStage.Properties.AccessLogSettings;
    const logged = [...Format.matchAll(/\$context\.([\w.]+)/g)].map(([, name]) => name);
    const ofTheGateway = [
      'requestId',
      'requestTime',
      'routeKey',
      'status',
      'responseLatency',
      'responseLength',
      'integrationLatency',
      'integrationStatus',
      'integrationErrorMessage',
      'error.responseType',
      'identity.sourceIp',
    ];
    expect(logged.filter((name) => name === undefined || !ofTheGateway.includes(name))).toEqual([]);
    expect(Format.match(/\$/g)).toHaveLength(logged.length);
  });

  it('is kept for as long as the other logs', () => {
    const { RetentionInDays, LogGroupName } = template.Resources.ApiAccessLogGroup.Properties;
    expect(RetentionInDays).toBe(30);
    expect(LogGroupName).toBe('/aws/vendedlogs/apis/ci360-mobile-connector-prod-access');
    const { DestinationArn } = template.Resources.HttpApiStage.Properties.AccessLogSettings;
    expect(DestinationArn).toEqual({ 'Fn::GetAtt': ['ApiAccessLogGroup', 'Arn'] });
  });
});

describe('a key of one’s own', () => {
  it('encrypts the topic of the alarms and the access log, and is left out where none is set', () => {
    expect(template.Resources.AlarmTopic.Properties.KmsMasterKeyId).toEqual(ifKey);
    expect(template.Resources.ApiAccessLogGroup.Properties.KmsKeyId).toEqual(ifKey);
    expect(template.Conditions.HasKmsKey).toEqual({
      'Fn::Not': [{ 'Fn::Equals': [key, ''] }],
    });
  });

  it('is given by its ARN; an alias is refused', () => {
    const { params, custom } = readServerless();
    const check = (kms_key_arn: string) =>
      problemsWith(
        { ...params.default, kms_key_arn },
        'prod',
        Object.keys(custom.resourceSettings),
      );

    expect(check(key)).toEqual([]);
    expect(check('')).toEqual([]);
    expect(check('alias/aws/sns')).toEqual([expect.stringContaining('kms_key_arn: is the ARN')]);
  });
});
