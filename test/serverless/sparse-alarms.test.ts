import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { countSending } from '../../domain/tenant/tenant-health.ts';
import { readServerlessFiles } from '../../local/template/written.ts';
import { fakeObserve } from '../fakes/observe.ts';
import { evaluateMath, statesOf } from '../support/metric-math.ts';

const { params, resources, functions } = z
  .object({
    params: z.object({ default: z.record(z.string(), z.unknown()) }),
    functions: z.record(
      z.string(),
      z.looseObject({
        events: z.array(z.record(z.string(), z.unknown())).optional(),
        destinations: z.unknown().optional(),
        iamRoleStatements: z.array(z.unknown()),
      }),
    ),
    resources: z.object({
      Resources: z.record(z.string(), z.looseObject({ Type: z.string(), Properties: z.unknown() })),
    }),
  })
  .parse(readServerlessFiles());

/** With the settings of settings.yml in place of their names. */
const filledIn = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value).replace(/\$\{param:(\w+)\}/g, (_whole, key: string) =>
      String(params.default[key]),
    ),
  );

const metricSchema = z.object({
  Id: z.string(),
  Expression: z.string().optional(),
  ReturnData: z.boolean().default(true),
  Period: z.number().optional(),
  MetricStat: z.object({ Period: z.number() }).optional(),
});
const alarmSchema = z.object({
  AlarmName: z.string(),
  ComparisonOperator: z.literal('GreaterThanThreshold'),
  TreatMissingData: z.enum(['notBreaching', 'ignore']),
  EvaluationPeriods: z.number(),
  // Without it, CloudWatch wants every period.
  DatapointsToAlarm: z.number().optional(),
  Threshold: z.coerce.number(),
  Period: z.number().optional(),
  MetricName: z.string().optional(),
  Metrics: z.array(metricSchema).optional(),
});
type Alarm = z.infer<typeof alarmSchema>;

const nameOf = ({ AlarmName }: Alarm) => AlarmName.replace(/^.*stage\}-/, '');
const alarms = new Map(
  Object.values(resources.Resources)
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties }) => alarmSchema.parse(filledIn(Properties)))
    .map((alarm) => [nameOf(alarm), alarm]),
);
const alarm = (name: string): Alarm => {
  const found = alarms.get(name);
  if (!found) throw new Error(`There is no alarm ${name}.`);
  return found;
};

/** Datapoints of a period by the metric's id; an alarm on one metric has the id `value`. */
type Period = Readonly<Record<string, number>>;
const quiet: Period = {};
const periods = (count: number, period: Period = quiet) =>
  Array.from({ length: count }, () => period);

function states(name: string, history: readonly Period[]) {
  const watching = alarm(name);
  const expression = watching.Metrics?.find(({ ReturnData }) => ReturnData)?.Expression;
  const { EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods } = watching;
  return statesOf(
    { ...watching, DatapointsToAlarm },
    // A query has a datapoint of its own for each contributor: here, of one tenant.
    history.map((each) =>
      expression && !expression.startsWith('SELECT ') ? evaluateMath(expression, each) : each.value,
    ),
  );
}
const raises = (name: string, history: readonly Period[]) =>
  states(name, [...history, ...periods(3)]).includes('ALARM');

/** What makes each alarm, and nothing else in the quiet hours before and after it. */
const oneBadPeriod: Readonly<Record<string, Period>> = {
  'ingress-errors': { errors: 1, invocations: 1 },
  'worker-errors': { errors: 1, invocations: 2 },
  'frontline-errors': { errors: 1, invocations: 1 },
  'flex-errors': { errors: 1, invocations: 1 },
  'contacts-sync-errors': { errors: 1, invocations: 1 },
  'dead-letter-errors': { errors: 1, invocations: 1 },
  'ci360-injector-errors': { errors: 1, invocations: 1 },
  'ingress-throttles': { throttles: 1 },
  'api-5xx': { errors: 1, invocations: 3 },
  'replay-failed': { executionsTimedOut: 1 },
  'release-failed': { executionsTimedOut: 1 },
  'failed-config': { failed: 5 },
  'failed-permanent': { failed: 5, sent: 20 },
  'failed-transient': { failed: 5 },
  'failed-unknown': { failed: 5 },
  'failed-expired': { failed: 5 },
  'failed-poison': { value: 1 },
  'contacts-dlq-depth': { value: 1 },
  'contacts-refused': { value: 1 },
  'contacts-unfit': { owner: 1 },
  'failed-runs': { value: 1 },
  'totals-dlq-depth': { value: 1 },
  'totals-drift': { value: 1 },
  'totals-check-errors': { value: 1 },
  // A batch that fails holds its shard up, so errors that matter show in the age.
  'totals-age': { value: 900_001 },
  'reconcile-errors': { value: 1 },
  'contacts-schedule-errors': { value: 1 },
  'release-schedule-errors': { value: 1 },
  'tenant-failures': { value: 5 },
  'tenant-refusals': { value: 5 },
  'forged-webhooks': { status: 10, scg: 11 },
};
/** What must last, though not in every period: a record that waits is tried with pauses. */
const lasting: Readonly<Record<string, Period>> = {
  'worker-throttles': { throttles: 1, invocations: 1 },
  retried: { retried: 5 },
  'left-on-queue': { worker: 1 },
  'unreported-events': { retried: 1 },
  'outbound-age': { value: 1000 },
  'outbound-priority-age': { value: 1000 },
  'outbound-lanes-age': { value: 1000 },
  'outbound-lanes-dlq-age': { value: 1000 },
  'outbound-dlq-age': { value: 1000 },
  'ci360-events-age': { value: 1000 },
  'ci360-replies-age': { value: 1000 },
  'ci360-events-dlq-age': { value: 1000 },
  'contacts-age': { value: 1000 },
  'held-overdue': { value: 8000 },
};

describe('with little traffic', () => {
  it('each alarm is reasoned about here', () => {
    expect([...alarms.keys()].sort()).toEqual(
      [...Object.keys(oneBadPeriod), ...Object.keys(lasting)].sort(),
    );
  });

  it.each(Object.keys(oneBadPeriod))('%s is raised by what happens once in a quiet day', (name) => {
    const bad = oneBadPeriod[name] ?? quiet;
    expect(raises(name, [...periods(200), bad])).toBe(true);
    // CloudWatch may not have the datapoint when the period ends: it sees it one period late.
    expect(raises(name, [...periods(200), bad, quiet])).toBe(true);
  });

  it.each(Object.keys(lasting))('%s is raised by what comes back in every other period', (name) => {
    const bad = lasting[name] ?? quiet;
    expect(raises(name, [bad, quiet, bad, quiet, bad])).toBe(true);
    expect(raises(name, [bad])).toBe(false);
  });

  it.each([...alarms.keys()])('%s is not raised by silence', (name) => {
    expect(raises(name, periods(50))).toBe(false);
  });

  it('five failures in five minutes are the least for a share, so that a wrong number at night wakes nobody', () => {
    expect(raises('failed-permanent', [{ failed: 4 }])).toBe(false);
  });
});

describe('with much traffic', () => {
  it.each([
    ['ingress-errors', { errors: 9, invocations: 1000 }],
    ['worker-errors', { errors: 1, invocations: 10_000 }],
    ['ingress-throttles', { throttles: 9, invocations: 1000 }],
    ['api-5xx', { errors: 10, invocations: 1000 }],
    ['failed-permanent', { failed: 100, sent: 10_000 }],
    ['retried', { retried: 400, sent: 600 }],
    ['unreported-events', { retried: 10, twilio: 1000 }],
    ['forged-webhooks', { inbound: 20 }],
  ] as const)('%s is not raised by a small share, however long it lasts', (name, period) => {
    expect(raises(name, periods(20, period))).toBe(false);
  });

  it.each([
    ['ingress-errors', { errors: 11, invocations: 1000 }],
    ['api-5xx', { errors: 11, invocations: 1000 }],
    ['failed-permanent', { failed: 600, sent: 10_000 }],
  ] as const)('%s is raised by a larger one', (name, period) => {
    expect(raises(name, [period])).toBe(true);
  });

  it('unreported-events counts failures even while CI360 takes other events', () => {
    expect(raises('unreported-events', periods(3, { retried: 11, scg: 1000 }))).toBe(true);
  });
});

describe('a function that runs on a schedule', () => {
  const scheduled = Object.entries(functions).filter(([, { events = [] }]) =>
    events.some((event) => 'schedule' in event),
  );

  it('has a queue for the runs that failed, may write to it, and has an alarm', () => {
    expect(scheduled.map(([name]) => name)).toEqual([
      'release-schedule',
      'contacts-schedule',
      'reconcile',
      'totals-check',
    ]);
    for (const [name, { destinations, iamRoleStatements }] of scheduled) {
      expect(destinations, name).toBe('$' + '{self:custom.failedRuns}');
      expect(iamRoleStatements, name).toContain('$' + '{self:custom.allow.keepFailedRuns}');
      expect(alarms.has(`${name}-errors`), name).toBe(true);
    }
  });

  it.each([1, 3, 12, 288])(
    'shows its failed run until the next one, %i datapoints later',
    (rate) => {
      const between = periods(rate - 1);
      const run = (errors: number) => [{ value: errors }, ...between];
      for (const name of [
        'reconcile-errors',
        'contacts-schedule-errors',
        'release-schedule-errors',
      ]) {
        const history = states(name, [...run(0), ...run(1), ...run(0)]);
        expect(history.slice(0, rate), name).toEqual(Array(rate).fill('OK'));
        expect(history.slice(rate, 2 * rate), name).toEqual(Array(rate).fill('ALARM'));
        expect(history.slice(2 * rate), name).toEqual(Array(rate).fill('OK'));
      }
    },
  );
});

describe('every function', () => {
  it('is watched: by an alarm of its own, by that of the API, or by that of its state machine', () => {
    const unwatched = Object.entries(functions).filter(
      ([name, { events = [] }]) =>
        !alarms.has(`${name}-errors`) &&
        !events.some((event) => 'httpApi' in event) &&
        name !== 'replay' &&
        // A batch of its stream that fails holds its shard up: see totals-age.
        name !== 'totals' &&
        name !== 'release',
    );
    expect(unwatched).toEqual([]);
  });
});

describe('the alarms that name a tenant', () => {
  const dashes = (name: string) => name.replace('_', '-');

  it.each(['tenant_failures', 'tenant_refusals'])(
    'ask for the sum of %s of each tenant',
    (metric) => {
      const { Metrics = [], EvaluationPeriods } = alarm(dashes(metric));
      const [query] = Metrics;
      expect(Metrics).toHaveLength(1);
      // In quotation marks because of the hyphens. Without GROUP BY and ORDER BY all tenants are one contributor.
      expect(query?.Expression).toMatch(
        new RegExp(
          `^SELECT SUM\\(${metric}\\) FROM SCHEMA\\("[^"]+", service, tenantId\\) GROUP BY tenantId ORDER BY SUM\\(\\) DESC$`,
        ),
      );
      // CloudWatch answers such a query for the latest three hours.
      expect(EvaluationPeriods * (query?.Period ?? 0)).toBeLessThanOrEqual(3 * 3600);
    },
  );

  /** What CloudWatch sums up for one tenant in an hour. */
  const hourOf = (good: number, bad: number): Period => {
    const observe = fakeObserve();
    for (let i = 0; i < good; i += 1) countSending(observe, 'tenant-a', 'sent');
    for (let i = 0; i < bad; i += 1) countSending(observe, 'tenant-a', 'failed');
    return observe.counts.length === 0 ? quiet : { value: observe.counted('tenant_failures') };
  };

  it('are raised by a small tenant whose every message fails, whatever the others send', () => {
    expect(raises('tenant-failures', [quiet, hourOf(0, 5)])).toBe(true);
    expect(raises('tenant-failures', [quiet, hourOf(0, 4)])).toBe(false);
  });

  it('are raised by a large tenant only when more than a fifth of its messages fail', () => {
    expect(raises('tenant-failures', periods(3, hourOf(9500, 500)))).toBe(false);
    expect(raises('tenant-failures', periods(3, hourOf(8000, 2000)))).toBe(false);
    expect(raises('tenant-failures', [hourOf(7900, 2100)])).toBe(true);
  });
});

describe('the datapoints of an alarm', () => {
  it('are of one length, as CloudWatch wants it for math', () => {
    for (const [name, { Metrics = [] }] of alarms) {
      const lengths = new Set(Metrics.flatMap(({ MetricStat }) => MetricStat?.Period ?? []));
      expect(lengths.size, name).toBeLessThanOrEqual(1);
    }
  });
});
