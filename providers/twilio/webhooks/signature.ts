import { validateRequest } from 'twilio/lib/webhooks/webhooks.js';
import type { SignatureCheck } from '../../../domain/feedback/ports.ts';

/**
 * `X-Twilio-Signature` of a form POST, checked by Twilio's own function: it compares in constant time
 * and knows that signers differ about a standard port. Any of the tokens may have signed.
 * https://www.twilio.com/docs/usage/security#validating-requests
 */
export const twilioSigned: SignatureCheck = (tokens, signature, url, parameters) =>
  tokens.map((token) => validateRequest(token, signature, url, { ...parameters })).includes(true);
