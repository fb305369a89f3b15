import { canCall } from '../../adapters/private-host.ts';
import { type Correlation, toTwilioStatusCallback } from '../../domain/feedback/correlation.ts';
import type { TwilioAccount } from './account.ts';

/**
 * Where Twilio reports a message's status, or nothing where it could not call us: it refuses the whole
 * message then (21609). Such a message's status is asked for later (domain/feedback/reconcile.ts).
 */
export function statusCallbackOf(
  { messagesUrl }: Pick<TwilioAccount, 'messagesUrl'>,
  publicUrl: string,
  correlation: Correlation,
): { readonly statusCallback?: string } {
  if (!canCall(messagesUrl, new URL(publicUrl))) return {};
  return { statusCallback: toTwilioStatusCallback(publicUrl, correlation) };
}
