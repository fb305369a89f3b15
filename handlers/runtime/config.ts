import * as z from 'zod';
import { eventAttributes } from '../../domain/feedback/external-event.ts';
import { channels } from '../../domain/outbound/channel.ts';
import { type FunctionName, functionSettings } from './function-settings.ts';
import { asText, readSetting, unknownSettings, whole } from './read-setting.ts';

/** Lambda limits all variables of a function to 4 KB. */
const text = z.string().max(256, 'is longer than 256 characters');

/** `true` or `false`, in any case. */
const flag = z
  .string()
  .default('false')
  .transform((value) => value.toLowerCase())
  .pipe(z.enum(['true', 'false'], 'is true or false'))
  .transform((value) => value === 'true');

/** A JSON object in a variable, such as `{"1":"+1555…"}`. */
const jsonMap = <T extends z.ZodType>(value: T) =>
  z
    .string()
    .default('{}')
    .transform((raw, context) => {
      try {
        return JSON.parse(raw) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: 'is not JSON' });
        return z.NEVER;
      }
    })
    .pipe(z.record(z.string(), value));

/** A slash at its end is taken off. */
const baseUrl = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''));

/**
 * Every setting of the service, as environment variables in lower case: the names that users of the
 * SAS connectors know, and new ones in the same style. `docs/configuration.md` is written from here.
 * White space around a value is dropped, and a blank value counts as not set.
 */
export const configShape = {
  /** Seconds after which an event is too old to send; 0 sends events of any age. */
  event_ttl: whole().default(86_400),
  /** Sender for Twilio when the creative names none: E.164, short code, alphanumeric, or MG… */
  default_sender: text.optional(),
  /** Sender for SCG when the creative names none: `sender_id:…` or `channel:…`. */
  scg_default_sender: text.optional(),
  /** Sender by country prefix, the longest one wins: `{"1":"+1555…","44":"channel:…"}`. */
  scg_demo_senders: jsonMap(z.string().min(1)),
  /** ISO 3166-1 alpha-2 country of numbers written without one, e.g. `US`. Without it such numbers are refused. */
  default_country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'is a two-letter country code in capitals')
    .optional(),
  /**
   * How numbers without a `+` are read: `national`, as numbers of `default_country`; `international`,
   * with their country code first. Not set: as national ones, and refused where they could be both.
   */
  numbers_without_plus: z.enum(['national', 'international']).optional(),
  /**
   * What a word before a colon at the start of a message does: `near` refuses what is probably a
   * misspelt field, `refuse` any word that is no field, `text` none.
   */
  creative_unknown_fields: z.enum(['near', 'refuse', 'text']).default('near'),
  /** Prefix of every secret's name; the tenant id follows. */
  sm_secret_id_prefix: text.default('ci360-mobile-connector/tenants/'),
  /** Name of the secret with the connector and operator keys. */
  access_keys_secret_id: text.default('ci360-mobile-connector/access-keys'),
  /** Seconds for which secrets and access keys are kept in memory. */
  secret_cache_ttl: whole(1).default(300),
  /**
   * Whether URLs in tenants' secrets may start with http://: `refuse` takes them for addresses of this
   * machine alone, since others would send credentials unencrypted; `allow` takes every one.
   */
  insecure_urls: z.enum(['refuse', 'allow']).default('refuse'),
  /** Seconds for which an identity is remembered for replies. */
  cache_ttl: whole(1).default(2_592_000),
  /** When set, replies carry the sender's address in this field in place of `datahub_id`, and no identity is kept. */
  identity_field: text.default(''),
  /** Tenant of a reply that nothing else names. */
  tenant_id: text.optional(),
  db_deliveries_table: text,
  db_failed_requests_table: text,
  db_cache_identities_table: text,
  db_opt_outs_table: text,
  db_replays_table: text,
  db_contacts_table: text,
  db_agent_records_table: text,
  outbound_queue_url: text,
  outbound_dlq_url: text,
  ci360_events_queue_url: text,
  ci360_replies_queue_url: text,
  ci360_events_dlq_url: text,
  contacts_queue_url: text,
  /** Origins whose pages may call the Flex routes from a browser, with commas between. */
  flex_allowed_origins: z
    .string()
    .max(1024, 'is longer than 1,024 characters')
    .default('https://flex.twilio.com'),
  /** The base URL under which providers reach this service. A slash at its end is taken off. */
  public_url: baseUrl,
  /**
   * Base URLs that `public_url` had before, with commas between, at most 5: callbacks of messages sent
   * then still carry them, and Twilio signs the URL that it was given.
   */
  public_url_previous: z
    .string()
    .default('')
    .transform((listed) => listed.split(',').map((url) => url.trim()))
    .transform((urls) => urls.filter((url) => url !== ''))
    .pipe(z.array(baseUrl).max(5)),
  /** The API's own base URL, which callbacks carry while `public_url` is not set. */
  api_url: baseUrl.optional(),
  /** Messages that one worker sends at once. */
  worker_concurrency: whole(1, 1000).default(10),
  /** Attempts that a message may spend before it is handed to the dead-letter queue. */
  max_attempts: whole(1).default(8),
  /** Retries within one attempt's Lambda invocation, for errors known not to have been accepted. */
  send_retries: whole(0, 10).default(2),
  /** Milliseconds to wait for one answer of a provider. */
  provider_timeout: whole(100, 60_000).default(10_000),
  /** Seconds for which a worker holds a delivery. More than the worker's own time limit. */
  lease_seconds: whole(10).default(90),
  /** Seconds to wait before a provider is asked about an attempt in doubt. */
  in_doubt_grace: whole(1, 900).default(60),
  /** What to do once the provider says that it has no such message: send again, or keep for an operator. */
  unknown_policy: z.enum(['resend', 'park']).default('resend'),
  /** First and longest wait in seconds between attempts; full jitter lies between. */
  retry_base_seconds: whole(1).default(5),
  retry_max_seconds: whole(1, 42_000).default(300),
  /** Seconds for which a delivery is kept: as long, a duplicate is recognised. */
  delivery_ttl: whole(3600).default(2_592_000),
  /** Seconds for which a failed request is kept for replay. */
  failed_request_ttl: whole(3600).default(7_776_000),
  /**
   * What is done about a short reply that contains a word which means STOP and nothing else ("please stop"): it opts
   * out, it is only listed for review, or it is a reply like any other.
   */
  opt_out_phrases: z.enum(['stop', 'flag', 'off']).default('stop'),
  /** Seconds for which a provider's refusal, for an opt-out that we did not hear ourselves, counts as one. */
  learned_opt_out_ttl: whole(1).default(2_592_000),
  /**
   * Name of the external event that reports a status of Twilio's, by the word Twilio uses. A status
   * without one is not reported. The event has to be defined in CI360.
   */
  twilio_response_event_accepted: text.optional(),
  twilio_response_event_scheduled: text.optional(),
  twilio_response_event_queued: text.optional(),
  twilio_response_event_sending: text.optional(),
  twilio_response_event_sent: text.optional(),
  twilio_response_event_delivered: text.optional(),
  twilio_response_event_undelivered: text.optional(),
  twilio_response_event_failed: text.optional(),
  twilio_response_event_read: text.optional(),
  twilio_response_event_canceled: text.optional(),
  twilio_response_event_partially_delivered: text.optional(),
  /** The same for SCG's states. A click is CLICKED, CLICKTHRU or CONVERTED; one of them serves for all. */
  scg_response_event_CREATED: text.optional(),
  scg_response_event_SENT: text.optional(),
  scg_response_event_DELIVERED: text.optional(),
  scg_response_event_READ: text.optional(),
  scg_response_event_CLICKED: text.optional(),
  scg_response_event_CLICKTHRU: text.optional(),
  scg_response_event_CONVERTED: text.optional(),
  scg_response_event_FAILED: text.optional(),
  scg_response_event_EXPIRED: text.optional(),
  scg_response_event_SUBMITTED: text.optional(),
  scg_response_event_ACCEPTED: text.optional(),
  scg_response_event_PREPARING: text.optional(),
  scg_response_event_TRANSMITTING: text.optional(),
  scg_response_event_COMPLETED: text.optional(),
  scg_response_event_QUEUED: text.optional(),
  scg_response_event_SCHEDULED: text.optional(),
  scg_response_event_PAUSED: text.optional(),
  scg_response_event_TEST: text.optional(),
  scg_response_event_DELETED: text.optional(),
  scg_response_event_CANCELED: text.optional(),
  scg_response_event_REJECTED: text.optional(),
  /** Name of the external event that reports a reply; without one replies are not reported. */
  twilio_mo_event: text.optional(),
  scg_mo_event: text.optional(),
  /** Whether the text of SCG replies is reported in capitals. */
  scg_mo_body_uppercase: flag,
  /**
   * What Twilio answers to a reply that is no keyword: `none`, `echo`, or a text. Once per person and
   * `answer_window`, and never to somebody who opted out.
   */
  twilio_auto_reply: z.string().max(1600, 'is longer than 1,600 characters').default('none'),
  /**
   * Seconds for which a person who got an automatic answer, `help_text` or `twilio_auto_reply`, gets no
   * other of that kind; 0 answers every time.
   */
  answer_window: whole().default(86_400),
  /** Channel by SCG's `sender_id_id`, as events do not name it: `{"Vk0X…":"WHATSAPP"}`. Others are SMS. */
  scg_channels_by_sender: jsonMap(z.enum(channels)),
  /** Attributes of external events under other names: `{"responseTrackingCode":"rtc"}`. */
  event_attribute_names: jsonMap(z.string().min(1)),
  /** Attributes that external events have, with commas between: `externalCode,status`. Not set, all of them. */
  event_attributes: text
    .transform((written) =>
      written
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean),
    )
    .pipe(z.array(z.enum(eventAttributes)))
    .transform((names): ReadonlySet<string> => new Set(names))
    .optional(),
  /**
   * External events a second to CI360, over all functions; 0 sets no limit. CI360 takes 700,000 requests in 5 minutes
   * from one source address.
   */
  ci360_max_rate: whole(0).default(4600),
  /** Invocations at once that report statuses, and replies: each gets its share of `ci360_max_rate`. */
  injector_maximum_concurrency: whole(2, 1000).default(140),
  replies_maximum_concurrency: whole(2, 1000).default(10),
  /** Seconds for which an external event is tried before it becomes a failed request. */
  event_give_up_after: whole(60).default(86_400),
  /** Seconds after which a message without a final status is looked up at the provider; 0 never does. */
  reconcile_after: whole().default(43_200),
  /** Messages per second of all running replays together, and so the highest rate that one may be started with. */
  replay_max_rate: whole(1, 500).default(300),
  /** Seconds for which one task of a replay requeues before it lets the state machine take a turn. */
  replay_slice_seconds: whole(1, 90).default(45),
  /** Seconds between two counts of what came of a replay's messages. */
  replay_poll_seconds: whole(1, 3600).default(15),
  /** Longest wait in seconds for the outcomes of a replay's canary, and again of all its messages. */
  replay_await_seconds: whole(1, 86_400).default(3600),
  /** The state machine that runs replays. */
  replay_machine_arn: text,
} as const;

const schema = z.object(configShape);
export type Config = z.infer<typeof schema>;
export type SettingName = keyof Config;

/** The settings of a list. */
export type Settings<List extends readonly SettingName[]> = Pick<Config, List[number]>;
/** What a function is given of the settings, and so may read. */
export type ConfigOf<F extends FunctionName> = Settings<(typeof functionSettings)[F]>;

export const isSetting = (key: string): key is SettingName => Object.hasOwn(configShape, key);

/** Thrown at cold start. Each sentence names one key. */
export class ConfigError extends Error {
  readonly code = 'config-invalid';
}

/**
 * Reads these settings from an environment, or throws a ConfigError that names every one that is wrong
 * or missing, and every key that looks like a setting and is none.
 */
export function readSettings<K extends SettingName>(
  keys: readonly K[],
  env: Readonly<Record<string, string | undefined>>,
): Pick<Config, K> {
  const problems = unknownSettings(env, configShape);
  const config: Partial<Record<SettingName, unknown>> = {};
  for (const key of keys) {
    const read = readSetting(key, configShape[key], env[key]);
    if ('problem' in read) problems.push(read.problem);
    else config[key] = read.value;
  }
  if (problems.length > 0 || !isRead(config, keys)) {
    throw new ConfigError(`The configuration cannot be used. ${asText(problems)}`);
  }
  return config;
}

/** Each was read by its own schema; what is left to say is that none is missing. */
const isRead = <K extends SettingName>(
  config: object,
  keys: readonly K[],
): config is Pick<Config, K> => keys.every((key) => Object.hasOwn(config, key));

/** The settings of one function. Throws ConfigError. */
export const readConfig = <F extends FunctionName>(
  name: F,
  env: Readonly<Record<string, string | undefined>> = process.env,
): ConfigOf<F> => readSettings<(typeof functionSettings)[F][number]>(functionSettings[name], env);
