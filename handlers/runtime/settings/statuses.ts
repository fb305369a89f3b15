import { text } from './shapes.ts';

/** The external event that reports each status of a provider. */
export const statusesShape = {
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
} as const;
