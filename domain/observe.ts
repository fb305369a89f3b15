/**
 * The only fields that can reach a log line. There is none for a number, a message text, a header or
 * a secret, so none can be logged; values are redacted once more on the way out.
 */
export type LogFields = {
  readonly tenantId?: string;
  readonly guid?: string;
  readonly requestId?: string;
  readonly provider?: string;
  readonly channel?: string;
  readonly status?: string | number;
  /** A failure's class and code. */
  readonly class?: string;
  readonly code?: string;
  /** The provider's own id for our request, for a ticket with its support. */
  readonly providerRequestId?: string;
  readonly replayId?: string;
  /** CI360's `x-ci360-con-inv-trace-id`. */
  readonly traceId?: string;
  /** Name of the key that called, or identity of an agent. */
  readonly caller?: string;
  /** IP address of the caller; anything else is left out. */
  readonly source?: string;
  /** The route as it is declared, without the values in it: `GET /failed-requests/{guid}`. */
  readonly route?: string;
  readonly dependency?: string;
  /** An error's name and our own sentence; never a provider's text. */
  readonly error?: string;
  readonly count?: number;
  readonly seconds?: number;
};

/** Every metric of the service, so that alarms, dashboard and code cannot drift apart. */
export const metricNames = [
  'accepted',
  'ignored',
  'discarded',
  'refused',
  'unauthorized',
  'sent',
  'failed',
  'retried',
  'throttled',
  'entered_lane',
  'awaits_turn',
  'left_lane',
  'left_on_queue',
  'unknown',
  'duplicate',
  'recovered',
  'age_at_send_seconds',
  'dead_lettered',
  'status_update',
  'reply',
  'forged',
  'unmapped',
  'uncorrelated',
  'reported',
  'unreported',
  'opted_out',
  'opt_out_phrase',
  'reconciled',
  'unreconciled',
  'replayed',
  'totals_failed',
  'held',
  'released',
  'held_overdue_seconds',
  'totals_drift',
  'contacts_refreshed',
  'contacts_refused',
  'contacts_unfit',
  'tenant_failures',
  'tenant_refusals',
] as const;
export type MetricName = (typeof metricNames)[number];

/** Values of few kinds only: each combination is a metric of its own. */
export type MetricDimensions = {
  readonly provider?: string;
  readonly class?: string;
  readonly reason?: string;
  /** Only with metrics from which an alarm names the tenant: each tenant adds to the bill. */
  readonly tenantId?: string;
};

export type Observe = {
  readonly info: (message: string, fields?: LogFields) => void;
  readonly warn: (message: string, fields?: LogFields) => void;
  readonly error: (message: string, fields?: LogFields) => void;
  /** Adds `value` (default 1) to a metric. */
  readonly count: (metric: MetricName, dimensions?: MetricDimensions, value?: number) => void;
};
