/** Settings that several functions read together, by what they are for. */
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
export const contentSettingNames = [
  'encoding',
  'max_segments',
  'refuse_unmerged',
  'scg_directives',
] as const;
export const backoff = ['retry_base_seconds', 'retry_max_seconds'] as const;
/** Where reports to CI360 are put: statuses and replies have a queue each. */
export const eventQueueSettings = ['ci360_events_queue_url', 'ci360_replies_queue_url'] as const;
/** Every address that a provider may have been given for its callbacks. */
export const publicUrls = ['public_url', 'public_url_previous', 'api_url'] as const;
export const webhookSettings = [...tenantSecretSettings, ...eventQueueSettings] as const;
export const twilioWebhookSettings = [...webhookSettings, ...publicUrls] as const;
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
export const replays = [
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
export const zones = ['send_windows', 'zone_policy'] as const;
export const timing = [...zones, 'hold_max'] as const;
/** What starts releases of held messages. */
export const releases = ['db_held_table', 'release_machine_arn', 'lease_seconds'] as const;

/** One for each status that a provider can report, by the name it has there. */
export const responseEvents = [
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
