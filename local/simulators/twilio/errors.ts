import { answer, type PlainAnswer } from '../simulator.ts';

/** code → [HTTP status, message]. https://www.twilio.com/docs/api/errors */
const errors: Readonly<Record<number, readonly [number, string]>> = {
  20001: [400, 'Unknown parameters'],
  20003: [401, 'Authenticate'],
  20404: [404, 'The requested resource was not found'],
  20422: [422, 'Invalid Parameter'],
  20403: [403, 'Forbidden'],
  20004: [405, 'Method not allowed'],
  20429: [429, 'Too Many Requests'],
  20500: [500, 'An internal server error has occurred'],
  20503: [503, 'Service unavailable'],
  21211: [400, "The 'To' number is not a valid phone number."],
  21212: [
    400,
    "The 'From' number is not a valid phone number, shortcode, or alphanumeric sender ID.",
  ],
  21265: [400, "'To' number cannot be a Short Code"],
  21266: [400, "'To' and 'From' numbers cannot be the same"],
  21408: [400, "Permission to send an SMS has not been enabled for the region of the 'To' number."],
  21602: [400, 'Message body is required.'],
  21603: [400, "A 'From' phone number is required."],
  21604: [400, "A 'To' phone number is required."],
  21606: [
    400,
    "The 'From' phone number is not a valid, SMS-capable inbound phone number for your account.",
  ],
  21609: [400, 'The StatusCallback URL is not a valid URL.'],
  21610: [400, 'Attempt to send to unsubscribed recipient'],
  21611: [429, 'SMS queue is full.'],
  21612: [400, "The 'To' phone number is not currently reachable using the 'From' phone number."],
  21614: [400, "'To' number is not a valid mobile number"],
  21617: [400, 'The concatenated message body exceeds the 1600 character limit.'],
  21620: [400, 'Invalid media URL(s)'],
  21623: [400, 'Number of media files exceeds allowed limit'],
  21624: [400, 'The ValidityPeriod parameter is invalid.'],
  21654: [400, 'ContentSid Required'],
  21655: [400, 'The ContentSid is invalid'],
  21656: [400, 'The ContentVariables parameter is invalid.'],
  21664: [400, "'FallbackFrom' cannot be used with a 'From' sender"],
  21666: [400, "'FallbackFrom' requires MessagingServiceSid"],
  21703: [400, 'The Messaging Service does not have a phone number available to send a message'],
  21705: [400, 'The Messaging Service Sid is invalid.'],
  21910: [400, "Invalid 'From' and 'To' pair. 'From' and 'To' should be of the same channel"],
  21481: [400, 'Invalid PageToken'],
  63007: [400, 'Twilio could not find a Channel with the specified From address'],
  63031: [400, 'Channels message cannot have same From and To'],
};

/** What Twilio answers with no better code at hand. */
const byStatus: Readonly<Record<number, number>> = {
  400: 20001,
  401: 20003,
  403: 20403,
  404: 20404,
  405: 20004,
  422: 20422,
  429: 20429,
  500: 20500,
  503: 20503,
};

/** An error as Twilio words it: `{code, message, more_info, status}`. */
export function twilioError(code: number, status?: number): PlainAnswer {
  const [usual, message] = errors[code] ?? [400, 'The request could not be processed'];
  const actual = status ?? usual;
  return answer(actual, {
    code,
    ...(code === 20003 ? { detail: 'Your AccountSid or AuthToken was incorrect.' } : {}),
    message,
    more_info: `https://www.twilio.com/docs/errors/${code}`,
    status: actual,
  });
}

/** For the fault mode `status`. */
export const twilioErrorOfStatus = (status: number, code: string | number | undefined) =>
  twilioError(Number(code ?? byStatus[status] ?? 20500), status);
