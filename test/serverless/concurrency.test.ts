import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { serviceDir } from '../../local/stack.ts';
import { compileTemplate } from '../../local/template/compile.ts';
import { problemsWith } from '../../serverless/check-settings.ts';
import { readServerless } from '../builders/serverless.ts';

/** Quotas of a new account in most regions, which all APIs and functions in the region share. */
const ACCOUNT_REQUESTS_A_SECOND = 10_000;
const ACCOUNT_CONCURRENCY = 1000;
/** Lambda refuses a reserve that leaves less than this to all other functions. */
const KEPT_UNRESERVED = 100;

const resourceSchema = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DependsOn: z.union([z.string(), z.array(z.string())]).optional(),
});
const templateSchema = z.object({ Resources: z.record(z.string(), resourceSchema) });
const throttleSchema = z.object({
  ThrottlingRateLimit: z.coerce.number(),
  ThrottlingBurstLimit: z.coerce.number(),
});

type Resources = z.infer<typeof templateSchema>['Resources'];
const compiled = async (params: Readonly<Record<string, string>> = {}): Promise<Resources> =>
  templateSchema.parse(await compileTemplate(serviceDir, 'prod', params)).Resources;

const ofType = (resources: Resources, type: string) =>
  Object.entries(resources).filter(([, { Type }]) => Type === type);

let resources: Resources;
beforeAll(async () => {
  resources = await compiled();
}, 60_000);

const stage = () =>
  z
    .object({
      Properties: z.object({
        DefaultRouteSettings: throttleSchema,
        RouteSettings: z.record(z.string(), throttleSchema),
      }),
      DependsOn: z.array(z.string()),
    })
    .parse(resources.HttpApiStage);

const routeKeys = () =>
  ofType(resources, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) =>
    z.string().parse(Properties.RouteKey),
  );

describe('requests to the API', () => {
  it('on every route but those of CI360 have a throttle of their own', () => {
    const ofCi360 = ['POST /twilio/messages', 'POST /scg/messages'];
    const { RouteSettings } = stage().Properties;

    expect(routeKeys()).toEqual(expect.arrayContaining(ofCi360));
    expect(Object.keys(RouteSettings).sort()).toEqual(
      routeKeys()
        .filter((key) => !ofCi360.includes(key))
        .sort(),
    );
  });

  it('that flood any one other route leave CI360 all that it is admitted', () => {
    const { DefaultRouteSettings, RouteSettings } = stage().Properties;

    for (const [route, { ThrottlingRateLimit }] of Object.entries(RouteSettings)) {
      const together = ThrottlingRateLimit + DefaultRouteSettings.ThrottlingRateLimit;
      expect(together, route).toBeLessThanOrEqual(ACCOUNT_REQUESTS_A_SECOND);
    }
    expect(RouteSettings['GET /health']).toEqual({
      ThrottlingRateLimit: 10,
      ThrottlingBurstLimit: 10,
    });
  });

  it('are throttled only by routes that exist before the stage names them', () => {
    const { DependsOn, Properties } = stage();
    const named = DependsOn.map((id) => resources[id]?.Properties.RouteKey);

    expect(named).toEqual(expect.arrayContaining(Object.keys(Properties.RouteSettings)));
  });
});

describe('concurrent invocations', () => {
  it('for a queue always have a limit, and all limits together leave ingress most of the account', () => {
    // A stream has one invocation for each of its shards, which are few.
    const sources = ofType(resources, 'AWS::Lambda::EventSourceMapping').filter(
      ([, { Properties }]) => !JSON.stringify(Properties.EventSourceArn).includes('StreamArn'),
    );
    const limits = sources.map(([name, { Properties }]) => {
      const { MaximumConcurrency } = z
        .object({ MaximumConcurrency: z.coerce.number() })
        .parse(Properties.ScalingConfig, { error: () => `${name} has no limit` });
      return MaximumConcurrency;
    });

    expect(limits.length).toBeGreaterThan(5);
    expect(Math.min(...limits)).toBeGreaterThanOrEqual(2);
    const together = limits.reduce((sum, each) => sum + each, 0);
    expect(together).toBeLessThan(ACCOUNT_CONCURRENCY / 2);
  });

  it('are reserved for no function by default, so that an account with a small quota takes the stack', () => {
    const reserved = ofType(resources, 'AWS::Lambda::Function').filter(
      ([, { Properties }]) => Properties.ReservedConcurrentExecutions !== undefined,
    );
    expect(reserved).toEqual([]);
  });

  it('are reserved for ingress, and for ingress alone, where a stage asks for it', async () => {
    const reserve = ACCOUNT_CONCURRENCY - KEPT_UNRESERVED;
    const asked = await compiled({ ingress_reserved_concurrency: String(reserve) });
    const reserved = ofType(asked, 'AWS::Lambda::Function').flatMap(([name, { Properties }]) => {
      const { ReservedConcurrentExecutions: kept } = Properties;
      return kept === undefined ? [] : [[name, kept]];
    });
    expect(reserved).toEqual([['IngressLambdaFunction', reserve]]);
  }, 60_000);

  it('of ingress cannot be reserved at zero, which would refuse every event', () => {
    const { params, custom } = readServerless();
    const given = { ...params.default, ingress_reserved_concurrency: '0' };
    expect(problemsWith(given, 'prod', Object.keys(custom.resourceSettings))).toEqual([
      'ingress_reserved_concurrency: is a whole number of at least 1',
    ]);
  });
});
