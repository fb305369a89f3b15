import type { LateErrorRow, LateErrorTable } from '../../domain/delivery/error-table.ts';

/**
 * Why SCG failed to deliver a message that it had accepted: `reason_code` of an event, in Syniverse's
 * own numbers or in those of the carrier's SMPP link. `200` and `SUCCESS` are no error and not here.
 * Source: the event guide of Syniverse's SCG-Message topic, sdcsupport.syniverse.com.
 */
const row =
  (kind: LateErrorRow['class']) =>
  (meaning: string, advice: string): LateErrorRow => ({ class: kind, meaning, advice });
const permanent = row('permanent');
const config = row('config');
const throttled = row('throttled');
const recipient = row('recipient');

const later = 'No action needed; the next campaign may reach the person.';
const dropNumber = 'Take the number out of the audience, or correct it in the customer record.';
const spread = 'Spread the campaign over more time or more senders.';
const otherSender = 'Use a sender id or channel that can reach this recipient.';

export const scgLateErrors: LateErrorTable = {
  1001: recipient('SCG met a conflict while it handled the message.', later),
  1002: permanent('The recipient is not valid.', dropNumber),
  1003: config('The sender cannot reach this recipient.', otherSender),
  1004: permanent('The text holds a forbidden phrase.', 'Change the text of the creative.'),
  1005: {
    class: 'opted-out',
    meaning: 'The person has not consented to messages from this sender.',
    advice: 'Do not write to this person before a new consent.',
  },
  1006: config('The template cannot be used.', 'Correct the template in the Syniverse portal.'),
  1007: recipient('The message could not be delivered in time.', later),
  1009: recipient('The message could not be delivered.', later),
  1012: permanent('The message is too large.', 'Shorten the creative.'),
  1019: permanent('A part of the message is too large.', 'Shorten the creative or its media.'),
  1015: config('The sender is not valid.', otherSender),
  1039: throttled('The sender’s rate limit was exceeded.', spread),
  1067: throttled('Too many messages went to the same number.', spread),

  // SMPP
  5: recipient('The carrier deleted the message.', later),
  7: recipient('The carrier could not deliver the message.', later),
  9: recipient('The carrier could not deliver the message.', later),
  90: recipient('The carrier could not deliver the message.', later),
  23: permanent('The carrier rejected the message.', 'Check the sender and the text.'),
  999: recipient('The carrier gave no reason.', later),
};
