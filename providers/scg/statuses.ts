import type { StatusNames } from '../../domain/feedback/status-names.ts';

/** `new_state` of message_state_change. The set is open: real events hold states that no document lists. */
export const scgStatuses: StatusNames = {
  meanings: {
    // Of the whole request, asked for when it has no message; COMPLETED does not mean delivered.
    SUBMITTED: 'sent',
    ACCEPTED: 'sent',
    PREPARING: 'sent',
    TRANSMITTING: 'sent',
    COMPLETED: 'sent',
    CREATED: 'sent',
    QUEUED: 'sent',
    SCHEDULED: 'sent',
    PAUSED: 'sent',
    SENT: 'sent',
    // Processed and, as requested, not delivered.
    TEST: 'sent',
    DELETED: 'canceled',
    CANCELED: 'canceled',
    FAILED: 'undelivered',
    EXPIRED: 'undelivered',
    REJECTED: 'undelivered',
    DELIVERED: 'delivered',
    READ: 'read',
    // A click on a tracked link, so it was read. Which of the three names comes is not documented.
    CLICKED: 'read',
    CLICKTHRU: 'read',
    CONVERTED: 'read',
  },
  sharedEvents: [['CLICKED', 'CLICKTHRU', 'CONVERTED']],
};
