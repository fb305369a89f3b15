import type { LogFields, MetricDimensions, MetricName, Observe } from '../../domain/observe.ts';

/** Keeps what was logged and counted. */
export function fakeObserve() {
  const lines: { level: 'info' | 'warn' | 'error'; message: string; fields: LogFields }[] = [];
  const counts: { metric: MetricName; dimensions: MetricDimensions; value: number }[] = [];
  const log =
    (level: 'info' | 'warn' | 'error') =>
    (message: string, fields: LogFields = {}) => {
      lines.push({ level, message, fields });
    };
  const observe: Observe = {
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
    count: (metric, dimensions = {}, value = 1) => {
      counts.push({ metric, dimensions, value });
    },
  };
  return {
    ...observe,
    lines,
    counts,
    /** The sum of a metric over all its dimensions. */
    counted: (metric: MetricName) =>
      counts.filter((one) => one.metric === metric).reduce((sum, one) => sum + one.value, 0),
  };
}
