import type { ErrorRow, ErrorTable } from '../../domain/delivery/error-table.ts';

/**
 * What Twilio answers to a send, by `code`. Its texts may change, its codes do not.
 * Source: https://www.twilio.com/docs/api/errors and the OpenAPI document twilio-oai.
 */
const permanent = (meaning: string, advice: string): ErrorRow => ({
  class: 'permanent',
  meaning,
  advice,
});
const config = (meaning: string, advice: string): ErrorRow => ({
  class: 'config',
  meaning,
  advice,
});

const checkTemplate = 'Correct the content template named in the request, then send a new message.';
const checkService = 'Check the Messaging Service and the senders in its pool, then replay.';
const checkFallback = 'Correct the fallback sender in the Twilio console, then replay.';
const checkRegion =
  'Use a number that Twilio routes through the region of the account, then replay.';
const checkDlt = 'Correct the DLT registration of the sender in the Twilio console, then replay.';

export const twilioErrors: ErrorTable = {
  // The account and its credentials
  20003: config(
    'Twilio refused the credentials.',
    'Put the right account SID and auth token or API key into the tenant’s secret, then replay.',
  ),
  20005: config(
    'The Twilio account is not active.',
    'Have the account reactivated in the Twilio console, then replay.',
  ),
  20006: config(
    'The Twilio credentials lack the permission to send.',
    'Give the API key access to messaging, or use another key, then replay.',
  ),
  20008: config(
    'Test credentials cannot send.',
    'Put live credentials into the tenant’s secret, then replay.',
  ),
  20403: config(
    'Twilio forbids this account to send.',
    'Ask Twilio support why the account is blocked, then replay.',
  ),
  20404: config(
    'Twilio does not know this account or address.',
    'Check twilio_account_sid and twilio_api_url in the tenant’s secret, then replay.',
  ),

  // Load and outages
  20429: {
    class: 'throttled',
    scope: 'account',
    meaning: 'Too many requests at once for this Twilio account.',
    advice: 'It is sent again automatically; lower worker_concurrency if this persists.',
  },
  21611: {
    class: 'throttled',
    meaning: 'The sender’s queue at Twilio is full.',
    advice: 'Wait for the queue to drain, or spread the campaign over more senders, then replay.',
  },
  // No 5xx says that the message was not taken, so it is looked up before it is sent again.
  20500: {
    class: 'unknown',
    meaning: 'Twilio failed while it handled the message.',
    advice: 'Look for the message in the Twilio console before you replay.',
  },
  20503: {
    class: 'unknown',
    meaning: 'Twilio was not available while it handled the message.',
    advice: 'Replay once status.twilio.com shows that the service is back.',
  },

  // The recipient
  21211: permanent(
    'The recipient’s number is not valid.',
    'Correct the number in the customer record; the next campaign will use it.',
  ),
  21604: permanent('The message names no recipient.', 'Put a TO field into the creative.'),
  21614: permanent(
    'The recipient’s number is not a mobile number.',
    'Take the number out of the audience, or correct it in the customer record.',
  ),
  21610: {
    class: 'opted-out',
    meaning: 'The recipient has opted out of this sender.',
    advice: 'Do not send; the person can opt in again by answering START.',
  },
  21408: config(
    'Sending to the recipient’s country is not switched on.',
    'Allow the country under Geo permissions in the Twilio console, then replay.',
  ),
  21608: config(
    'A trial account may only write to verified numbers.',
    'Upgrade the Twilio account or verify the number, then replay.',
  ),
  21265: permanent(
    'The recipient’s number is a short code, which cannot receive messages.',
    'Correct the number in the customer record; the next campaign will use it.',
  ),
  21266: permanent(
    'The recipient’s number is the sender’s own number.',
    'Correct the number in the customer record; the next campaign will use it.',
  ),
  21268: permanent(
    'The recipient’s number is a premium-rate or information service.',
    'Take the number out of the audience, or correct it in the customer record.',
  ),
  21635: permanent(
    'The recipient’s number is a landline.',
    'Take the number out of the audience, or correct it in the customer record.',
  ),
  21612: config(
    'The sender cannot reach this recipient.',
    'Use a sender that Twilio supports for the recipient’s country and channel, then replay.',
  ),

  // The sender
  21212: config('The sender is not valid.', 'Correct the sender, then replay.'),
  21601: config('The sender cannot send SMS.', 'Use a sender with SMS capability, then replay.'),
  21603: config(
    'The message names no sender.',
    'Set default_sender or put a FROM field into the creative, then replay.',
  ),
  21606: config(
    'The sender is not a number of this account that can write to this recipient.',
    'Use a sender that belongs to the account and fits the recipient’s country, then replay.',
  ),
  21264: config(
    'The sender’s number is not verified for this account.',
    'Verify the number in the Twilio console, or use another sender, then replay.',
  ),
  21267: config(
    'A trial account cannot send from an alphanumeric sender.',
    'Upgrade the Twilio account or use one of its numbers, then replay.',
  ),
  21607: config(
    'A trial account may only send from its own trial number.',
    'Upgrade the Twilio account or use the trial number, then replay.',
  ),
  21616: config(
    'The sender matches several numbers of the account.',
    'Write the sender in full, with its country code, then replay.',
  ),
  21621: config('The sender cannot send MMS.', 'Use a sender with MMS capability, then replay.'),
  21622: config(
    'MMS is not switched on for this account.',
    'Have MMS enabled by Twilio, or send without media, then replay.',
  ),
  21657: config(
    'The alphanumeric sender is not valid.',
    'Use at most 11 letters and digits with at least one letter, then replay.',
  ),
  21660: config(
    'The sender does not belong to this account.',
    'Use a sender of the account in the tenant’s secret, then replay.',
  ),
  21659: config(
    'The sender is not a Twilio number, or is a short code of another country.',
    'Set default_sender or the creative’s FROM to a sender of the account, then replay.',
  ),
  21661: config('The sender cannot send SMS.', 'Use a sender with SMS capability, then replay.'),
  21662: config('The Ireland region cannot carry this sender to this recipient.', checkRegion),
  21663: config('The routing of the sender’s number is not set up correctly.', checkRegion),
  21668: config('The Ireland region does not support this type of sender.', checkRegion),
  21708: config(
    'The Messaging Service has no alphanumeric sender.',
    'Add one to the service’s pool, then replay.',
  ),
  21910: config(
    'The sender and the recipient are not on the same channel.',
    'Use a sender of the recipient’s channel, then replay.',
  ),
  63007: config(
    'The sender is not enabled for this channel.',
    'Register the sender for WhatsApp or Messenger in the Twilio console, then replay.',
  ),
  21664: config('The fallback sender cannot be used.', checkFallback),
  21665: config('The fallback sender cannot be used.', checkFallback),
  21666: config('The fallback sender cannot be used.', checkFallback),
  21667: config('The fallback sender cannot be used.', checkFallback),
  21701: config('Twilio does not know this Messaging Service.', checkService),
  21702: config('The Messaging Service cannot send at present.', checkService),
  21703: config('The Messaging Service has no sender for this recipient.', checkService),
  21704: config('The Messaging Service has no senders.', checkService),
  21705: config('The Messaging Service cannot be used.', checkService),
  21709: config('The Messaging Service does not allow this alphanumeric sender.', checkService),
  21711: config('The sender is not in the pool of the Messaging Service.', checkService),
  21712: config('The sender belongs to another Messaging Service.', checkService),
  21715: config('A number in the pool of the Messaging Service cannot send this.', checkService),
  21900: config('The DLT entity id is not valid.', checkDlt),
  21901: config('The DLT template id is not valid.', checkDlt),

  // The message
  20422: permanent(
    'Twilio found a value in the message that it cannot use.',
    'Compare the creative with the documentation of its fields and send a new message.',
  ),
  21602: permanent('The message has no text.', 'Write a text after the creative’s fields.'),
  21609: config(
    'Twilio cannot use the address for status updates.',
    'Set public_url to the public HTTPS address of this service, then replay.',
  ),
  21617: permanent(
    'The text is longer than the 1,600 characters that Twilio takes.',
    'Shorten the creative and send a new message.',
  ),
  21618: permanent(
    'Twilio does not send this content.',
    'Change the text of the creative and send a new message.',
  ),
  21619: permanent(
    'The message has neither text nor media.',
    'Write a text or add MEDIA_URLS to the creative.',
  ),
  21620: permanent(
    'A media address cannot be used.',
    'Correct MEDIA_URLS: each must be reachable by anyone over HTTPS.',
  ),
  21623: permanent(
    'The message has more than 10 media.',
    'Take some out of MEDIA_URLS and send a new message.',
  ),
  21624: config(
    'The validity period is out of range.',
    'Correct the validity period of the Messaging Service, then replay.',
  ),
  21654: permanent('The content template is missing.', checkTemplate),
  21655: permanent('The content template is not valid.', checkTemplate),
  21656: permanent('The variables of the content template are not valid.', checkTemplate),
  21658: permanent(
    'A part of the message is longer than Twilio takes.',
    'Shorten the creative and send a new message.',
  ),
};
