import type { StatusNames } from '../../domain/feedback/status-names.ts';

/** https://www.twilio.com/docs/messaging/api/message-resource#message-status-values */
export const twilioStatuses: StatusNames = {
  meanings: {
    accepted: 'sent',
    scheduled: 'sent',
    queued: 'sent',
    sending: 'sent',
    sent: 'sent',
    // Of several recipients; a message of ours has one, so nothing is known about it.
    partially_delivered: 'sent',
    canceled: 'canceled',
    failed: 'undelivered',
    undelivered: 'undelivered',
    delivered: 'delivered',
    read: 'read',
  },
};
