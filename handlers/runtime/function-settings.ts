/**
 * The settings that each function reads, under its name. A function is given these and no others: Lambda
 * limits a function's environment to 4 KB, and a setting that does not concern it cannot stop it.
 */
export const secretSettings = [
  'sm_secret_id_prefix',
  'access_keys_secret_id',
  'secret_cache_ttl',
] as const;
/** For functions that use the tenants' secrets, and not only the access keys. */
export const tenantSecretSettings = [...secretSettings, 'insecure_urls'] as const;
export const optOutSettings = ['db_opt_outs_table', 'learned_opt_out_ttl'] as const;
/** For functions that record what people say, and keep it as proof. */
export const registerSettings = [
  ...optOutSettings,
  'db_opt_out_history_table',
  'opt_out_history_ttl',
] as const;
/** For functions that show and erase what is stored about a person. */
export const personSettings = [
  'db_opt_outs_table',
  'db_cache_identities_table',
  'db_contacts_table',
  'db_agent_records_table',
] as const;
const numbering = ['default_country', 'numbers_without_plus'] as const;
/** The settings that providers name as their default senders. */
export const defaultSenderSettings = [
  'default_sender',
  'scg_default_sender',
  'scg_demo_senders',
] as const;
export const senderSettingNames = [...defaultSenderSettings, ...numbering] as const;
/** What a webhook needs that records STOP and START itself, and answers. */
export const replySettings = [
  ...registerSettings,
  'opt_out_phrases',
  'answer_window',
  ...defaultSenderSettings,
] as const;
/** What a template is judged by. */
export const templateSettings = ['db_templates_table', 'template_refresh'] as const;
/** What a composed message is made ready by. */
const contentSettingNames = [
  'encoding',
  'max_segments',
  'refuse_unmerged',
  'scg_directives',
] as const;
const backoff = ['retry_base_seconds', 'retry_max_seconds'] as const;
/** Where reports to CI360 are put: statuses and replies have a queue each. */
export const eventQueueSettings = ['ci360_events_queue_url', 'ci360_replies_queue_url'] as const;
/** Every address that a provider may have been given for its callbacks. */
const publicUrls = ['public_url', 'public_url_previous', 'api_url'] as const;
export const webhookSettings = [...tenantSecretSettings, ...eventQueueSettings] as const;
const twilioWebhookSettings = [...webhookSettings, ...publicUrls] as const;
export const agentSettings = [
  ...tenantSecretSettings,
  ...optOutSettings,
  'db_agent_records_table',
  ...numbering,
] as const;
export const contactSettings = [
  ...agentSettings,
  ...registerSettings,
  'db_contacts_table',
  'contacts_queue_url',
] as const;
const replays = [
  ...optOutSettings,
  ...senderSettingNames,
  'db_deliveries_table',
  'db_failed_requests_table',
  'db_replays_table',
  'event_ttl',
  'hold_max',
  'replay_machine_arn',
  'replay_max_rate',
  'replay_poll_seconds',
] as const;

/** What the fields of a creative about its time are read by. */
const zones = ['send_windows', 'zone_policy'] as const;
const timing = [...zones, 'hold_max'] as const;
/** What starts releases of held messages. */
const releases = ['db_held_table', 'release_machine_arn', 'lease_seconds'] as const;

/** One for each status that a provider can report, by the name it has there. */
const responseEvents = [
  'twilio_response_event_accepted',
  'twilio_response_event_scheduled',
  'twilio_response_event_queued',
  'twilio_response_event_sending',
  'twilio_response_event_sent',
  'twilio_response_event_delivered',
  'twilio_response_event_undelivered',
  'twilio_response_event_failed',
  'twilio_response_event_read',
  'twilio_response_event_canceled',
  'twilio_response_event_partially_delivered',
  'scg_response_event_CREATED',
  'scg_response_event_SENT',
  'scg_response_event_DELIVERED',
  'scg_response_event_READ',
  'scg_response_event_CLICKED',
  'scg_response_event_CLICKTHRU',
  'scg_response_event_CONVERTED',
  'scg_response_event_FAILED',
  'scg_response_event_EXPIRED',
  'scg_response_event_SUBMITTED',
  'scg_response_event_ACCEPTED',
  'scg_response_event_PREPARING',
  'scg_response_event_TRANSMITTING',
  'scg_response_event_COMPLETED',
  'scg_response_event_QUEUED',
  'scg_response_event_SCHEDULED',
  'scg_response_event_PAUSED',
  'scg_response_event_TEST',
  'scg_response_event_DELETED',
  'scg_response_event_CANCELED',
  'scg_response_event_REJECTED',
] as const;

/**
 * Settings that can be long: names of external events and of senders, and maps. In a deployment they are compiled into
 * the functions' code, where there is room; a variable of the same name still replaces one.
 */
export const longSettings: readonly string[] = [
  ...responseEvents,
  'twilio_mo_event',
  'scg_mo_event',
  'event_attribute_names',
  'event_attributes',
  'scg_demo_senders',
  'scg_channels_by_sender',
  'price_table',
  'priority_tasks',
  'send_windows',
  'send_holidays',
  'sender_rates',
  'default_sender',
  'scg_default_sender',
];

export const functionSettings = {
  health: [],
  openapi: [],
  console: [],
  ingress: [
    ...secretSettings,
    ...senderSettingNames,
    ...contentSettingNames,
    'outbound_queue_url',
    'outbound_priority_queue_url',
    'event_ttl',
    'creative_unknown_fields',
    ...timing,
    'priority_tasks',
  ],
  worker: [
    'message_search',
    'address_hash_secret_id',
    ...tenantSecretSettings,
    ...optOutSettings,
    ...backoff,
    'whatsapp_window',
    'scg_directives',
    ...templateSettings,
    'db_deliveries_table',
    'db_failed_requests_table',
    'db_cache_identities_table',
    'outbound_queue_url',
    'outbound_priority_queue_url',
    'outbound_lanes_queue_url',
    'outbound_dlq_url',
    'db_senders_table',
    'sender_rates',
    'public_url',
    'cache_ttl',
    'identity_field',
    'worker_concurrency',
    'max_attempts',
    'send_retries',
    'provider_timeout',
    'lease_seconds',
    'in_doubt_grace',
    'unknown_policy',
    'db_controls_table',
    'db_held_table',
    'event_ttl',
    ...timing,
    'send_holidays',
    'delivery_ttl',
    'failed_request_ttl',
  ],
  'dead-letter': [
    ...optOutSettings,
    'db_deliveries_table',
    'db_failed_requests_table',
    'outbound_dlq_url',
    'outbound_lanes_dlq_url',
    'ci360_events_dlq_url',
    'failed_request_ttl',
  ],
  'twilio-status': twilioWebhookSettings,
  'twilio-inbound': [...twilioWebhookSettings, ...replySettings, 'twilio_auto_reply'],
  'scg-events': [
    ...webhookSettings,
    ...replySettings,
    'outbound_queue_url',
    'db_cache_identities_table',
    'cache_ttl',
    'identity_field',
    'tenant_id',
    'scg_channels_by_sender',
    'scg_mo_body_uppercase',
  ],
  'ci360-injector': [
    ...tenantSecretSettings,
    ...registerSettings,
    ...backoff,
    ...responseEvents,
    'twilio_mo_event',
    'scg_mo_event',
    'event_attribute_names',
    'event_attributes',
    'db_deliveries_table',
    'db_failed_requests_table',
    'db_cache_identities_table',
    ...eventQueueSettings,
    'ci360_events_dlq_url',
    'cache_ttl',
    'delivery_ttl',
    'identity_field',
    'provider_timeout',
    'ci360_max_rate',
    'injector_maximum_concurrency',
    'replies_maximum_concurrency',
    'event_give_up_after',
  ],
  operator: [
    ...personSettings,
    'db_campaigns_table',
    'db_messages_table',
    'message_search',
    'address_hash_secret_id',
    'delivery_ttl',
    'campaign_ttl',
    ...templateSettings,
    ...tenantSecretSettings,
    'db_audit_table',
    'audit_ttl',
    ...registerSettings,
    ...replays,
    ...contentSettingNames,
    'creative_unknown_fields',
    ...zones,
    'price_table',
    'price_currency',
    'failed_request_ttl',
    ...releases,
    'db_controls_table',
    'in_doubt_grace',
    'reconcile_after',
    'outbound_queue_url',
    'outbound_priority_queue_url',
    'outbound_lanes_queue_url',
    'outbound_dlq_url',
    'outbound_lanes_dlq_url',
    'db_senders_table',
    'sender_rates',
    ...eventQueueSettings,
    'ci360_events_dlq_url',
  ],
  replay: [
    ...replays,
    'outbound_queue_url',
    'ci360_events_queue_url',
    'replay_slice_seconds',
    'replay_await_seconds',
  ],
  release: ['db_controls_table', 'db_held_table', 'outbound_queue_url', 'release_max_rate'],
  'release-schedule': releases,
  frontline: [...contactSettings, ...publicUrls],
  flex: [...agentSettings, 'flex_allowed_origins'],
  'contacts-sync': contactSettings,
  'contacts-schedule': contactSettings,
  totals: [
    'db_campaigns_table',
    'campaign_ttl',
    'db_messages_table',
    'message_search',
    'delivery_ttl',
  ],
  'totals-check': ['db_campaigns_table', 'campaign_ttl', 'db_deliveries_table', 'delivery_ttl'],
  reconcile: [
    ...tenantSecretSettings,
    'db_deliveries_table',
    ...eventQueueSettings,
    'provider_timeout',
    'reconcile_after',
  ],
} as const;

export type FunctionName = keyof typeof functionSettings;
