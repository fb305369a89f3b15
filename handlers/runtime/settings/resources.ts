import { text } from './shapes.ts';

/** Names and addresses of what is deployed; the deployment fills them in. */
export const resourcesShape = {
  db_deliveries_table: text,
  db_failed_requests_table: text,
  db_cache_identities_table: text,
  db_audit_table: text,
  db_opt_outs_table: text,
  db_opt_out_history_table: text,
  db_replays_table: text,
  db_controls_table: text,
  db_held_table: text,
  db_contacts_table: text,
  db_agent_records_table: text,
  db_templates_table: text,
  db_campaigns_table: text,
  db_senders_table: text,
  db_messages_table: text,
  /** The secret of the hashes by which messages are found by number. */
  address_hash_secret_id: text,
  outbound_queue_url: text,
  outbound_priority_queue_url: text,
  outbound_lanes_queue_url: text,
  outbound_dlq_url: text,
  outbound_lanes_dlq_url: text,
  ci360_events_queue_url: text,
  ci360_replies_queue_url: text,
  ci360_events_dlq_url: text,
  contacts_queue_url: text,
  /** The state machine that runs replays. */
  replay_machine_arn: text,
  /** The state machine that releases held messages. */
  release_machine_arn: text,
} as const;
