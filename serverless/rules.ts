/** A rule over several settings. */
type Rule = {
  readonly holds: (limit: (key: string) => number) => boolean;
  /** What must hold, with the settings named. */
  readonly sentence: string;
  /** The embedded stack has simulated providers and no queue to outlive: it may wait less. */
  readonly exceptLocal?: true;
};

const DAY = 24 * 3600;
/** Every queue keeps a record for so long. */
const RETENTION = 14 * DAY;
/** Seconds; a longer `Retry-After` is cut to this. */
const LONGEST_RETRY_AFTER = 1800;
/** Seconds that a look at a secret, and what is written before and after the calls, may take. */
const BESIDE_CALLS = 10;

/** What settings must hold of one another. Each broken rule loses messages or sends one twice. */
export const rules: readonly Rule[] = [
  {
    sentence: 'lease_seconds must be more than worker_timeout, or two workers send one message',
    holds: (limit) => limit('lease_seconds') > limit('worker_timeout'),
  },
  {
    sentence:
      'worker_timeout must be more than (2 + send_retries) * provider_timeout, the time of a look-up and a send with its retries',
    holds: (limit) =>
      ((2 + limit('send_retries')) * limit('provider_timeout')) / 1000 < limit('worker_timeout'),
  },
  {
    sentence:
      'injector_timeout must be more than 2 * provider_timeout and 10 seconds, the time of a report with a fresh token',
    holds: (limit) =>
      (2 * limit('provider_timeout')) / 1000 + BESIDE_CALLS < limit('injector_timeout'),
    exceptLocal: true,
  },
  {
    sentence:
      'in_doubt_grace must be at least 30, or a provider is asked before it lists what it accepted',
    holds: (limit) => limit('in_doubt_grace') >= 30,
    exceptLocal: true,
  },
  {
    sentence:
      'in_doubt_grace must be more than provider_timeout, or a provider is asked while it may still accept',
    holds: (limit) => limit('in_doubt_grace') > limit('provider_timeout') / 1000,
    exceptLocal: true,
  },
  {
    sentence: 'retry_max_seconds must not be less than retry_base_seconds',
    holds: (limit) => limit('retry_max_seconds') >= limit('retry_base_seconds'),
  },
  {
    sentence:
      'outbound_visibility_timeout must be at least worker_timeout and injector_timeout, or AWS refuses the event source',
    holds: (limit) =>
      limit('outbound_visibility_timeout') >=
      Math.max(limit('worker_timeout'), limit('injector_timeout')),
  },
  {
    sentence:
      'outbound_max_receive_count times the longer of retry_max_seconds and 1800 must be less than 14 days, for which a queue keeps a record',
    holds: (limit) =>
      limit('outbound_max_receive_count') *
        Math.max(limit('retry_max_seconds'), LONGEST_RETRY_AFTER) <
      RETENTION,
    exceptLocal: true,
  },
  {
    sentence:
      'outbound_max_receive_count times half of retry_max_seconds must be at least event_ttl, or SQS gives a throttled message up before it expires',
    holds: (limit) =>
      (limit('outbound_max_receive_count') * limit('retry_max_seconds')) / 2 >= limit('event_ttl'),
    exceptLocal: true,
  },
  {
    sentence:
      'delivery_ttl must be more than 28 days, or a duplicate that was on a queue is sent again',
    holds: (limit) => limit('delivery_ttl') > 2 * RETENTION,
  },
  {
    sentence: 'replay_timeout must be more than replay_slice_seconds by 30 seconds',
    holds: (limit) => limit('replay_timeout') >= limit('replay_slice_seconds') + 30,
  },
];
