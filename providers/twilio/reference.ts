import type { Correlation } from '../../domain/feedback/correlation.ts';
import { canCall } from '../private-host.ts';
import type { TwilioAccount } from './account.ts';

/**
 * The StatusCallback of one message. The fragment asks Twilio for 5 retries after any failure (its
 * default is one, after connect failures only) and is not part of what Twilio signs.
 */
export function toTwilioStatusCallback(publicUrl: string, c: Correlation): string {
  const query = new URLSearchParams({
    guid: c.guid,
    id: c.identityId,
    code: c.externalCode,
    rtc: c.responseTrackingCode,
  });
  return `${publicUrl}/webhooks/twilio/${encodeURIComponent(c.tenantId)}/status?${query}#rc=5&rp=all`;
}

/** Reads the query of a StatusCallback; undefined when it carries no guid of ours. */
export function fromTwilioStatusQuery(
  tenantId: string,
  query: URLSearchParams,
): Correlation | undefined {
  const guid = query.get('guid');
  if (!guid) return undefined;
  return {
    tenantId,
    guid,
    identityId: query.get('id') ?? '',
    externalCode: query.get('code') ?? '',
    responseTrackingCode: query.get('rtc') ?? '',
  };
}

/** Reads a whole StatusCallback. */
export function fromTwilioStatusCallback(written: string): Correlation | undefined {
  const url = URL.parse(written);
  const [, tenantId] = /\/webhooks\/twilio\/([^/]+)\/status$/.exec(url?.pathname ?? '') ?? [];
  if (url === null || tenantId === undefined) return undefined;
  return fromTwilioStatusQuery(decodeURIComponent(tenantId), url.searchParams);
}

/**
 * The StatusCallback as a parameter of a send; none where Twilio could not call us, because it refuses
 * the whole message then (21609). The status of such a message is asked for later
 * (domain/feedback/reconcile.ts).
 */
export function statusCallbackOf(
  { messagesUrl }: Pick<TwilioAccount, 'messagesUrl'>,
  publicUrl: string,
  correlation: Correlation,
): { readonly statusCallback?: string } {
  if (!canCall(messagesUrl, new URL(publicUrl))) return {};
  return { statusCallback: toTwilioStatusCallback(publicUrl, correlation) };
}
