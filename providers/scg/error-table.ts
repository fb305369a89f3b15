import type { ErrorRow, ErrorTable } from '../../domain/delivery/error-table.ts';

/**
 * What SCG answers to a send, by the number in `error_code` (`SCG_ERROR_4001`, or `4001` alone).
 * Source: the error list of Syniverse's Omni-Channel Messaging API, sdcdocumentation.syniverse.com.
 */
const row =
  (kind: ErrorRow['class']) =>
  (meaning: string, advice: string): ErrorRow => ({ class: kind, meaning, advice });
const permanent = row('permanent');
const config = row('config');
const transient = row('transient');
const throttled = row('throttled');
const unknown = row('unknown');

const correct = 'Compare the creative with the documentation of its fields and send a new message.';
const shorten = 'Shorten the creative and send a new message.';
const otherSender = 'Use a sender id or channel that can send this message, then replay.';
const newToken = 'Put a valid scg_access_token into the tenant’s secret, then replay.';
const topUp = 'Raise the credit of the Syniverse account, then replay.';
const askSyniverse = 'Have the account’s permissions checked by Syniverse, then replay.';
const trackedLink = 'Correct the link inside #track(…) and send a new message.';
const checkMedia = 'Correct MEDIA_URLS and send a new message.';
const checkFirst = 'Look for the message in the Syniverse portal before you replay.';
const waitForScg = 'Replay once Syniverse’s service is back.';

export const scgErrors: ErrorTable = {
  // 400: the message
  400: permanent('SCG found the message not valid.', correct),
  4001: permanent('A part of the message is missing or not valid.', correct),
  4002: permanent('A part of the message is missing or not valid.', correct),
  4003: permanent('A part of the message is missing or not valid.', correct),
  4004: permanent('A part of the message is missing or not valid.', correct),
  40020: permanent('A part of the message is missing or not valid.', correct),
  40025: permanent('A part of the message is missing or not valid.', correct),
  1012: permanent('The message or a part of it is too long.', shorten),
  4005: permanent('The message or a part of it is too long.', shorten),
  1023: permanent('The message or a part of it is too long.', shorten),
  4006: permanent('The message or a part of it is too long.', shorten),
  1020: permanent('A tracked link is not valid.', trackedLink),
  4007: permanent('A tracked link is not valid.', trackedLink),
  4008: permanent('The delivery is scheduled too far ahead.', correct),
  4009: permanent('The message has too many media.', checkMedia),
  40010: permanent('The message has both media and attachments.', checkMedia),
  40015: permanent('The message has too many recipients.', correct),
  40024: permanent(
    'The recipient is not valid.',
    'Correct the number in the customer record; the next campaign will use it.',
  ),
  40026: permanent('An attachment could not be uploaded.', checkMedia),
  40027: permanent('An attachment could not be uploaded.', checkMedia),
  40028: permanent('An attachment could not be uploaded.', checkMedia),
  40029: permanent('An attachment could not be uploaded.', checkMedia),
  40030: permanent('An attachment could not be uploaded.', checkMedia),

  // 400: the sender
  40011: config('The sender is not valid, or none fits this message.', otherSender),
  40012: config('The sender is not valid, or none fits this message.', otherSender),
  40013: config('The sender cannot send MMS.', otherSender),
  40014: config('The sender is not valid, or none fits this message.', otherSender),
  40016: config('Several sender ids match.', 'Name one sender_id or channel, then replay.'),
  40017: config('The sender is not valid, or none fits this message.', otherSender),
  40018: config('The sender is not valid, or none fits this message.', otherSender),
  40019: config('The sender is not valid, or none fits this message.', otherSender),
  40021: config('The fallback channel cannot be used.', otherSender),
  40022: config('The fallback channel cannot be used.', otherSender),

  // 400: the time. The message is good, and a replay within the hours sends it.
  40023: config(
    'The message falls outside the hours in which it may be delivered.',
    'Wait for the delivery window of the sender, then replay.',
  ),

  // 401 to 404: the account, its token and what it may use
  401: config('SCG refused the access token.', newToken),
  4010: config('SCG refused the access token.', newToken),
  402: config('The Syniverse account lacks credit.', topUp),
  4020: config('The Syniverse account lacks credit.', topUp),
  // A quota fills again with time, and SCG has no 429: this is how it refuses what comes too fast.
  4021: {
    ...throttled(
      'The quota of the Syniverse account is used up for now.',
      'It is sent again automatically until event_ttl ends; have Syniverse raise the quota if this persists.',
    ),
    scope: 'account',
  },
  403: config('The account may not send this message.', askSyniverse),
  4030: config('The account may not do this.', askSyniverse),
  4033: config('The sender’s contract, state or owner does not allow this message.', askSyniverse),
  4034: config('The sender’s contract, state or owner does not allow this message.', askSyniverse),
  4035: config('The sender’s contract, state or owner does not allow this message.', askSyniverse),
  4036: config('The sender’s contract, state or owner does not allow this message.', askSyniverse),
  4031: permanent('An attachment was not found or cannot be used.', checkMedia),
  4032: permanent('An attachment was not found or cannot be used.', checkMedia),
  4037: permanent('An attachment was not found or cannot be used.', checkMedia),
  404: config('SCG does not know what the message refers to.', otherSender),
  4040: config('SCG does not know this address.', 'Check scg_api_url in the secret, then replay.'),
  4041: config('SCG does not know this sender or channel.', otherSender),
  4043: config('SCG does not know this template.', 'Correct the template’s name, then replay.'),
  4045: config('There is no sender for the recipient’s country.', otherSender),
  // Not 401, as one would expect.
  4046: config('The SCG access token has expired.', newToken),

  // 409 and 422
  1001: transient('Another change was made at the same moment.', waitForScg),
  4090: transient('Another change was made at the same moment.', waitForScg),
  // The key may be our external_id, and then an earlier attempt was accepted.
  1011: unknown('SCG says that it has this message already.', checkFirst),
  4220: transient(
    'SCG could not fetch the media.',
    'Check that MEDIA_URLS are reachable, then replay.',
  ),

  // No 5xx says that the message was not taken, so it is looked up before it is sent again.
  500: unknown('SCG failed while it handled the message.', checkFirst),
  5000: unknown('SCG failed while it handled the message.', checkFirst),
  5002: unknown('SCG failed while it handled the message.', checkFirst),
  5003: unknown('SCG failed while it handled the message.', checkFirst),
  5004: unknown('SCG failed while it handled the message.', checkFirst),
  5030: unknown('SCG was not available while it handled the message.', waitForScg),
};

/** `SCG_ERROR_4046`, `4046` or 4046 → `4046`: the key of the tables. */
export const scgErrorNumber = (code: string | number): string =>
  `${code}`.trim().replace(/^SCG_ERROR_/i, '');
