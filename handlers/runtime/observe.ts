import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { LogFields, MetricName, Observe } from '../../domain/observe.ts';
import { redact, redactAddress, redactId } from './redact.ts';

const redactAs = { id: redactId, words: redact, address: redactAddress };

/** What each field may hold. A field that is not here cannot be logged, whatever the types let through. */
const fieldKinds: Readonly<Record<keyof LogFields, keyof typeof redactAs>> = {
  tenantId: 'id',
  guid: 'id',
  requestId: 'id',
  traceId: 'id',
  replayId: 'id',
  providerRequestId: 'id',
  provider: 'words',
  channel: 'words',
  status: 'words',
  class: 'words',
  code: 'words',
  caller: 'id',
  source: 'address',
  route: 'words',
  dependency: 'words',
  error: 'words',
  count: 'words',
  seconds: 'words',
};

function clean(fields: LogFields): Record<string, string | number> {
  const given: Readonly<Record<string, string | number | undefined>> = fields;
  const kept: Record<string, string | number> = {};
  for (const [key, kind] of Object.entries(fieldKinds)) {
    const value = given[key];
    if (value === undefined) continue;
    const safe = redactAs[kind](String(value));
    kept[key] = typeof value === 'number' && safe === String(value) ? value : safe;
  }
  return kept;
}

const units: Partial<Record<MetricName, (typeof MetricUnit)[keyof typeof MetricUnit]>> = {
  age_at_send_seconds: MetricUnit.Seconds,
  held_overdue_seconds: MetricUnit.Seconds,
};

export type Observation = Observe & {
  /** Writes the metrics of this invocation out. */
  readonly flush: () => void;
};

/**
 * Structured logs and metrics of one function. Levels by `POWERTOOLS_LOG_LEVEL`, the metrics' namespace by
 * `POWERTOOLS_METRICS_NAMESPACE`: it names the stage, so that the stages of one account are distinguished.
 */
export function observation(functionName: string): Observation {
  const logger = new Logger({ serviceName: functionName });
  const metrics = new Metrics({
    namespace: process.env.POWERTOOLS_METRICS_NAMESPACE || 'ci360-mobile-connector',
    serviceName: functionName,
  });
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
      for (const [name, of] of Object.entries(dimensions)) {
        single.addDimension(name, name === 'tenantId' ? redactId(of) : of);
      }
      single.addMetric(metric, unit, value);
    },
    // Without the question, Powertools warns of having none to publish at each invocation.
    flush: () => {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
}
