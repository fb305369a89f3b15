import * as z from 'zod';
import { whole } from '../handlers/runtime/read-setting.ts';

/** Days that CloudWatch Logs can keep a group for. */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
];
/** As EventBridge takes it: one minute, two minutes. */
const rate = z
  .string()
  .regex(
    /^(1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))$/,
    'is a rate such as "1 minute" or "15 minutes"',
  );
/** `maximumConcurrency` of a queue's function, as Lambda takes it. */
const concurrency = whole(2, 1000);
const yesOrNo = z.enum(['true', 'false'], 'is true or false');
const percent = z.coerce.number().min(0).max(100);

/**
 * Settings of the deployment, which no function reads. `docs/configuration.md` says what each means and
 * `settings.yml` holds the defaults.
 */
export const deploymentShape = {
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'is an AWS region such as eu-central-1'),
  log_retention_days: whole(1).refine(
    (days) => retentions.includes(days),
    `is a number of days that CloudWatch takes: ${retentions.join(', ')}`,
  ),
  log_level: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR', 'CRITICAL', 'SILENT']),
  deletion_protection: yesOrNo,
  alarm_email: z.email().optional(),
  // An alias or an id would not do: CloudWatch Logs takes no other form.
  kms_key_arn: z
    .string()
    .regex(
      /^arn:aws[\w-]*:kms:[\w-]+:\d{12}:key\/[\w-]+$/,
      'is the ARN of a KMS key (arn:aws:kms:…:key/…)',
    )
    .optional(),
  http_rate_limit: whole(1),
  http_burst_limit: whole(1),
  webhook_rate_limit: whole(1),
  webhook_burst_limit: whole(1),
  agent_rate_limit: whole(1),
  operator_rate_limit: whole(1),
  health_rate_limit: whole(1),
  // Zero would refuse every event.
  ingress_reserved_concurrency: whole(1).optional(),
  worker_batch_size: whole(1, 10),
  worker_maximum_concurrency: concurrency,
  priority_maximum_concurrency: concurrency,
  lanes_maximum_concurrency: concurrency,
  worker_timeout: whole(1, 900),
  outbound_visibility_timeout: whole(1, 43_200),
  outbound_max_receive_count: whole(1, 1000),
  injector_timeout: whole(1, 900),
  dead_letter_maximum_concurrency: concurrency,
  contacts_maximum_concurrency: concurrency,
  totals_window: whole(0, 300),
  totals_check_rate: rate,
  totals_retries: whole(0, 10_000),
  events_max_receive_count: whole(1, 1000),
  reconcile_rate: rate,
  reconcile_timeout: whole(10, 900),
  replay_timeout: whole(10, 900),
  contacts_refresh_rate: rate,
  alarm_queue_age_seconds: whole(1),
  alarm_held_overdue_seconds: whole(60),
  alarm_failed_share_percent: percent,
  alarm_failed_minimum: whole(1),
  alarm_retried_share_percent: percent,
  alarm_error_share_percent: percent,
  alarm_by_tenant: yesOrNo,
  alarm_tenant_failures: whole(0),
  alarm_tenant_refusals: whole(0),
  alarm_unreported_events: whole(0),
  alarm_forged_webhooks: whole(0),
} as const;
