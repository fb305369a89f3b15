import MessagingResponse from 'twilio/lib/twiml/MessagingResponse.js';

/** What XML 1.0 cannot carry, escaped or not: most control characters, and halves of surrogate pairs. */
const unfit = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/** TwiML that answers an inbound message with `text`, or with nothing. */
export function twiml(text?: string): string {
  const response = new MessagingResponse();
  if (text) response.message(text.replace(unfit, ''));
  return response.toString();
}
