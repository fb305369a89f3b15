import type { LateErrorRow, LateErrorTable } from '../../domain/delivery/error-table.ts';

/**
 * What Twilio reports after it had accepted a message: `ErrorCode` of a `failed` or `undelivered`
 * callback. Source: https://www.twilio.com/docs/api/errors
 */
const row =
  (kind: LateErrorRow['class']) =>
  (meaning: string, advice: string): LateErrorRow => ({ class: kind, meaning, advice });
const permanent = row('permanent');
const config = row('config');
const throttled = row('throttled');
const recipient = row('recipient');
const optedOut = row('opted-out');

const later = 'No action needed; the next campaign may reach the person.';
const spread = 'Spread the campaign over more time or more senders.';
const dropNumber = 'Take the number out of the audience, or correct it in the customer record.';
const register = 'Finish the sender’s registration in the Twilio console before the next campaign.';
const checkChannel =
  'Check the channel’s set-up in the Twilio console and with the channel’s owner.';
const checkTemplate = 'Correct the template or its parameters in the Twilio console.';
const changeContent = 'Change the text or media of the creative to what the channel allows.';

export const twilioLateErrors: LateErrorTable = {
  // SMS and MMS
  30001: throttled('The message waited too long in the sender’s queue.', spread),
  30002: config('The Twilio account was suspended.', 'Have the account reactivated by Twilio.'),
  30003: recipient('The phone was off or out of reach.', later),
  30004: permanent(
    'The carrier or the phone blocked the message.',
    'The person may have opted out at the carrier: check before you write again.',
  ),
  30005: permanent('The number is not known or not active.', dropNumber),
  30006: permanent('The number is a landline or its carrier cannot be reached.', dropNumber),
  30007: config(
    'A filter of Twilio or the carrier stopped the message.',
    'Check the sender’s registration, and the text for what carriers take for spam.',
  ),
  30008: recipient('The carrier gave no reason.', later),
  30011: permanent('The recipient’s carrier does not take MMS.', 'Send this person an SMS.'),
  30017: recipient('The carrier’s network was congested.', later),
  30018: config('The sender is not registered in the recipient’s country.', register),
  30019: permanent('The media are too large for the recipient’s carrier.', 'Use smaller media.'),
  30020: recipient('Twilio had an internal error after it took the message.', later),
  30021: recipient('Twilio had an internal error after it took the message.', later),
  30022: throttled('The rate of this US campaign registration was exceeded.', spread),
  30023: throttled('The daily cap of this US campaign registration was reached.', spread),
  30024: config('The numeric sender is not provisioned at the carrier.', register),
  30027: throttled('The carrier’s daily limit for this brand was reached.', spread),
  30032: config('The toll-free sender is not verified.', register),
  30033: config('The US campaign registration is suspended.', register),
  30034: config('The sender belongs to no US campaign registration.', register),
  30035: config('The sender is still being set up.', register),
  30036: throttled('The message could not be delivered within its validity period.', spread),
  30410: recipient('The carrier did not answer in time; it is not sent again.', later),
  30450: permanent(
    'Twilio took the number for part of SMS pumping fraud.',
    'Check where the number comes from; ask Twilio to allow it if it is genuine.',
  ),

  // WhatsApp, Messenger and RCS
  11751: permanent('The media are too large or of a kind that the channel refuses.', changeContent),
  63001: config('The channel refused the sender’s credentials.', checkChannel),
  63002: config('The channel does not know the sender.', checkChannel),
  63003: permanent('The recipient is not on this channel.', dropNumber),
  63005: permanent('The channel refused the content.', changeContent),
  63006: permanent('The channel cannot format this content.', changeContent),
  63008: config('The sender’s channel is not set up right.', checkChannel),
  63009: recipient('The channel had an error.', later),
  63010: recipient('Twilio’s side of the channel had an error.', later),
  63011: recipient('The channel refused the request.', later),
  63012: recipient('The channel had an internal error.', later),
  63013: permanent('The message breaks the channel’s policy.', changeContent),
  63014: optedOut('The person blocked the sender on this channel.', 'Do not write to this person.'),
  63015: config(
    'The recipient has not joined the WhatsApp sandbox.',
    'Use a registered WhatsApp sender, or have the recipient join.',
  ),
  63016: permanent(
    'More than 24 hours have passed since the person last wrote, so WhatsApp wants a template.',
    'Send an approved template.',
  ),
  63017: throttled('The channel’s rate limit was exceeded.', spread),
  63018: throttled('The sender’s rate limit on this channel was exceeded.', spread),
  63019: permanent('The media could not be fetched.', 'Check that MEDIA_URLS are reachable.'),
  63020: config(
    'The WhatsApp business manager has not accepted Twilio’s invitation.',
    checkChannel,
  ),
  63021: permanent('The channel found the content not valid.', changeContent),
  63022: config('The certificate of the sender’s display name is not valid.', checkChannel),
  63023: recipient('The channel failed without a reason.', later),
  63024: permanent('The recipient is not valid for this channel.', dropNumber),
  63026: permanent('The channel refused the content.', changeContent),
  63027: config('The template does not exist in this language.', checkTemplate),
  63028: config('The template got the wrong number of parameters.', checkTemplate),
  63030: permanent('A parameter is not supported by the channel.', changeContent),
  63031: permanent('Sender and recipient are the same.', dropNumber),
  63032: permanent(
    'WhatsApp limits how much marketing this person receives.',
    'Write to this person again another day.',
  ),
  63033: optedOut('The person is blocked from receiving from this sender.', 'Do not write again.'),
  63034: permanent('The channel refused the content.', changeContent),
  63036: permanent('The phone cannot receive RCS.', 'Send this person an SMS.'),
  63038: throttled('The account’s daily message limit was reached.', spread),
  63040: config('The template was rejected.', checkTemplate),
  63041: config('The template is paused for its quality.', checkTemplate),
  63042: config('The template is disabled.', checkTemplate),
  63051: config('The WhatsApp business account is locked.', checkChannel),
};
