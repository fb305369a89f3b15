/** An environment in which the service can run: the keys without a default, and nothing else. */
export function anEnvironment(overrides: Readonly<Record<string, string>> = {}) {
  return {
    db_deliveries_table: 'deliveries',
    db_failed_requests_table: 'failed-requests',
    db_cache_identities_table: 'identities',
    db_audit_table: 'audit',
    db_opt_outs_table: 'opt-outs',
    db_opt_out_history_table: 'opt-out-history',
    db_replays_table: 'replays',
    db_controls_table: 'controls',
    db_held_table: 'held',
    db_contacts_table: 'contacts',
    db_agent_records_table: 'agent-records',
    db_templates_table: 'templates',
    db_campaigns_table: 'campaigns',
    contacts_queue_url: 'http://127.0.0.1:9/contacts',
    outbound_queue_url: 'http://127.0.0.1:9/outbound',
    outbound_priority_queue_url: 'http://127.0.0.1:9/outbound-priority',
    outbound_dlq_url: 'http://127.0.0.1:9/outbound-dlq',
    ci360_events_queue_url: 'http://127.0.0.1:9/ci360-events',
    ci360_replies_queue_url: 'http://127.0.0.1:9/ci360-replies',
    ci360_events_dlq_url: 'http://127.0.0.1:9/ci360-events-dlq',
    replay_machine_arn: 'arn:aws:states:us-east-1:000000000000:stateMachine:replay',
    release_machine_arn: 'arn:aws:states:us-east-1:000000000000:stateMachine:release',
    public_url: 'https://connector.example',
    ...overrides,
  };
}
