import { afterAll, beforeAll, expect, it } from 'vitest';
import { serviceDir } from '../../local/stack.ts';
import { compileTemplate } from '../../local/template/compile.ts';
import { type Resolver, resolverOf } from '../../local/template/intrinsics.ts';
import { neededByAws } from '../support/needs.ts';
import { covers, idleRolesOf, type Permission, permissionsOf } from '../support/roles.ts';
import { walkAgents } from './walks/agents.ts';
import { walkCampaigns } from './walks/campaigns.ts';
import { walkContent } from './walks/content.ts';
import { type Ground, named, patience, startGround } from './walks/ground.ts';
import { walkPeople } from './walks/people.ts';
import { walkPipeline } from './walks/pipeline.ts';
import { walkReplay } from './walks/replay.ts';
import { walkTotals } from './walks/totals.ts';

let template: Resolver;
let ground: Ground;

beforeAll(async () => {
  const compiled = await compileTemplate(serviceDir, 'local');
  template = resolverOf(compiled, { api: '', queueUrl: (name) => name });
  ground = await startGround();
});
afterAll(() => ground.close());

/** Written by Lambda and Step Functions about what they run. */
const isLogOrTrace = ({ action }: Permission) => /^(logs|xray):/.test(action);

it('allows every function and state machine what it does, and nothing else', async () => {
  await walkPipeline(ground);
  await walkReplay(ground);
  await walkAgents(ground);
  await walkContent(ground);
  await walkCampaigns(ground);
  await walkPeople(ground);
  await walkTotals(ground);

  const allowed = permissionsOf(template).filter((each) => !isLogOrTrace(each));
  const apart = () => {
    const done = [...neededByAws(template), ...ground.watch.calls()];
    return {
      unused: allowed.filter((each) => !done.some((call) => covers(each, call))).map(named),
      unallowed: done.filter((call) => !allowed.some((each) => covers(each, call))).map(named),
    };
  };
  await expect.poll(apart, patience).toEqual({ unused: [], unallowed: [] });
}, 240_000);

it('lets the state machine log and be traced', () => {
  const machine = 'ci360-mobile-connector-local-replay';
  const allowed = permissionsOf(template).filter(({ by }) => by === machine);
  // For its deliveries to a log group of CloudWatch, and for X-Ray.
  expect(
    allowed
      .filter(isLogOrTrace)
      .map(({ action }) => action)
      .sort(),
  ).toEqual([
    'logs:CreateLogDelivery',
    'logs:DeleteLogDelivery',
    'logs:DescribeLogGroups',
    'logs:DescribeResourcePolicies',
    'logs:GetLogDelivery',
    'logs:ListLogDeliveries',
    'logs:PutResourcePolicy',
    'logs:UpdateLogDelivery',
    'xray:GetSamplingRules',
    'xray:GetSamplingTargets',
    'xray:PutTelemetryRecords',
    'xray:PutTraceSegments',
  ]);
});

it('has no other role, not even the one that Serverless makes for all functions together', () => {
  expect(idleRolesOf(template)).toEqual([]);
});
