import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { LogFields, MetricName, Observe } from '../../domain/observe.ts';

/** Runs of digits that could be a telephone number, and anything after an authorization word. */
const numbers = /\+?\d[\d ().-]{6,}\d/g;
const credentials = /\b(bearer|basic)\s+\S+/gi;
/** Ids of ours and the providers' may hold long runs of digits and are wanted whole. */
const idFields = new Set([
  'guid',
  'tenantId',
  'requestId',
  'traceId',
  'replayId',
  'providerRequestId',
]);
const uuidLike = /^[A-Za-z0-9._:#|-]{1,200}$/;

/** Leaves out what looks like a number or a credential. */
export function redact(value: string): string {
  return value.replace(credentials, '$1 …').replace(numbers, '…');
}

function clean(fields: LogFields): Record<string, string | number> {
  const kept: Record<string, string | number> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (typeof value === 'number') kept[key] = value;
    else kept[key] = idFields.has(key) && uuidLike.test(value) ? value : redact(value);
  }
  return kept;
}

const units: Partial<Record<MetricName, (typeof MetricUnit)[keyof typeof MetricUnit]>> = {
  age_at_send_seconds: MetricUnit.Seconds,
};

export type Observation = Observe & {
  /** Writes the metrics of this invocation out. */
  readonly flush: () => void;
};

/** Structured logs and metrics of one function. Levels by `POWERTOOLS_LOG_LEVEL`. */
export function observation(functionName: string): Observation {
  const logger = new Logger({ serviceName: functionName });
  const metrics = new Metrics({ namespace: 'ci360-mobile-connector', serviceName: functionName });
  return {
    info: (message, fields = {}) => logger.info(redact(message), clean(fields)),
    warn: (message, fields = {}) => logger.warn(redact(message), clean(fields)),
    error: (message, fields = {}) => logger.error(redact(message), clean(fields)),
    count: (metric, dimensions = {}, value = 1) => {
      const unit = units[metric] ?? MetricUnit.Count;
      if (Object.keys(dimensions).length === 0) {
        metrics.addMetric(metric, unit, value);
        return;
      }
      const single = metrics.singleMetric();
      for (const [name, of] of Object.entries(dimensions)) single.addDimension(name, of);
      single.addMetric(metric, unit, value);
    },
    flush: () => metrics.publishStoredMetrics(),
  };
}
