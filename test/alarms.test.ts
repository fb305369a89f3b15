import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { failureClasses } from '../domain/failure.ts';
import { metricNames } from '../domain/observe.ts';
import { readServerlessFiles } from '../local/template/written.ts';
import { readSources } from './architecture/sources.ts';
import { readServerless } from './builders/serverless.ts';

const dashboard = readFileSync('serverless/dashboard.yml', 'utf8');
const resourceSchema = z.looseObject({ Type: z.string(), Properties: z.unknown() });
const { functions, resources } = z
  .object({
    functions: z.record(z.string(), z.unknown()),
    resources: z.object({ Resources: z.record(z.string(), resourceSchema) }),
  })
  .parse(readServerlessFiles());
const alarms = Object.values(resources.Resources).filter(
  ({ Type }) => Type === 'AWS::CloudWatch::Alarm',
);

/** `failed by class`: a metric is another one under other dimensions. */
const named = (metric: string, dimensions: readonly string[]) =>
  [metric, ...dimensions.filter((name) => name !== 'service' && name !== '').sort()].join(' by ');

/** Every metric that the code counts, under the dimensions that it gives. */
const counted = new Set(
  readSources(['domain', 'adapters', 'handlers']).flatMap(({ code }) =>
    [...code.matchAll(/observe\.count\(([^{)]*)(?:\{([^}]*)\})?/g)].flatMap(
      ([, names = '', dimensions = '']) =>
        [...names.matchAll(/"(\w+)"/g)]
          .map(([, metric = '']) => metric)
          .filter((metric) => metricNames.some((name) => name === metric))
          .map((metric) =>
            named(
              metric,
              dimensions.split(',').map((each) => each.split(':')[0]?.trim() ?? ''),
            ),
          ),
    ),
  ),
);

const { provider } = readServerless();
const namespace = provider.environment.POWERTOOLS_METRICS_NAMESPACE;

const metricSchema = z.object({
  // As POWERTOOLS_METRICS_NAMESPACE has it: metrics of other stages are none of theirs.
  Namespace: z.literal(namespace),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })),
});

/** The service's own metrics anywhere below a value. */
function metricsIn(value: unknown): z.infer<typeof metricSchema>[] {
  const metric = metricSchema.safeParse(value);
  if (metric.success) return [metric.data];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(metricsIn) : [];
}

/** `tenant_failures by tenantId`, of an alarm that asks by a query. */
const queried = [
  ...JSON.stringify(alarms).matchAll(
    /SELECT SUM\((\w+)\) FROM SCHEMA\(\\"([^"]*)\\", ([\w, ]+)\)/g,
  ),
];

describe('what operators are shown', () => {
  it('is of one stage: each has its own namespace, for alarms and dashboard alike', () => {
    expect(namespace).toContain('{sls:stage}');
    expect(dashboard).toContain(`- ns: ${namespace}\n`);
  });

  it('by alarms is counted by the code, in a function that there is', () => {
    const watched = metricsIn(alarms);
    expect(watched.length).toBeGreaterThan(10);
    for (const { MetricName, Dimensions } of watched) {
      expect(counted).toContain(
        named(
          MetricName,
          Dimensions.map(({ Name }) => Name),
        ),
      );
      const service = Dimensions.find(({ Name }) => Name === 'service')?.Value;
      expect(Object.keys(functions)).toContain(service);
    }
    expect(queried).toHaveLength(2);
    for (const [, metric = '', of, dimensions = ''] of queried) {
      expect(of).toBe(namespace);
      expect(counted).toContain(named(metric, dimensions.split(', ')));
    }
  });

  it('by the dashboard is counted by the code', () => {
    // A namespace with a hyphen is searched in quotation marks, and found only so.
    const searched = [
      ...dashboard.matchAll(/\{\\"\$\{ns\}\\",([\w,]+)\} MetricName=\\"(\w+)\\"/g),
    ].map(([, dimensions = '', metric = '']) => named(metric, dimensions.split(',')));
    expect(searched).toHaveLength(dashboard.split('SEARCH(').length - 1);
    const plain = [...dashboard.matchAll(/\["\$\{ns\}","(\w+)","service",/g)].map(
      ([, metric = '']) => named(metric, []),
    );
    expect(searched.length).toBeGreaterThan(5);
    expect(plain.length).toBeGreaterThan(3);
    expect([...searched, ...plain].filter((metric) => !counted.has(metric))).toEqual([]);
  });

  it('by the dashboard is JSON', () => {
    const { DashboardBody } = z
      .object({ DashboardBody: z.tuple([z.string(), z.looseObject({})]) })
      .parse(resources.Resources.Dashboard?.Properties);
    const filledIn = DashboardBody[0].replace(/\$\{[\w:]+\}/g, 'x');
    expect(JSON.parse(filledIn)).toHaveProperty('widgets.length', 13);
  });

  it('tells of every way in which a message can fail, but for what people or operators wanted', () => {
    const classes = metricsIn(alarms)
      .filter(({ MetricName }) => MetricName === 'failed')
      .flatMap(({ Dimensions }) => Dimensions.filter(({ Name }) => Name === 'class'))
      .map(({ Value }) => Value);
    expect(classes.sort()).toEqual(
      failureClasses.filter((each) => each !== 'opted-out' && each !== 'stopped').sort(),
    );
  });

  it('by every alarm has a place in the runbook', () => {
    const index = readFileSync('docs/runbook.md', 'utf8').split('\nFirst, always')[0] ?? '';
    const listed = [...index.matchAll(/`([\w…-]+)`/g)].map(([, name = '']) => name);
    const alarmNames = [
      ...readFileSync('serverless/alarms.yml', 'utf8').matchAll(/AlarmName: \S+stage\}-(\S+)/g),
    ].map(([, name = '']) => name);
    expect(alarmNames).toHaveLength(alarms.length);
    const missing = alarmNames.filter(
      (name) =>
        !listed.some((each) =>
          each.startsWith('…') ? name.endsWith(each.slice(1)) : name === each,
        ),
    );
    expect(missing).toEqual([]);
  });
});
