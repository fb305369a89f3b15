import { validateRequest } from 'twilio/lib/webhooks/webhooks.js';

/** Whether one of the tokens signed exactly this URL and these parameters. A parameter may repeat. */
export type SignatureCheck = (
  tokens: readonly string[],
  signature: string,
  url: string,
  parameters: Readonly<Record<string, string | string[]>>,
) => boolean;

/**
 * `X-Twilio-Signature` of a form POST, checked by Twilio's own function: it compares in constant time
 * and knows that signers differ about a standard port. Any of the tokens may have signed.
 * https://www.twilio.com/docs/usage/security#validating-requests
 */
export const twilioSigned: SignatureCheck = (tokens, signature, url, parameters) =>
  tokens.map((token) => validateRequest(token, signature, url, { ...parameters })).includes(true);
