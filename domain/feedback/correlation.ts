/**
 * What a provider's callback must carry so that it can become an external event without a look-up.
 * Twilio takes it in the StatusCallback's query, SCG in `external_id`.
 */
export type Correlation = {
  readonly tenantId: string;
  readonly guid: string;
  readonly identityId: string;
  readonly externalCode: string;
  /** Twilio only; SCG's `external_id` has no place for it, so the delivery gives it back. */
  readonly responseTrackingCode: string;
};

/** `identityId|externalCode|tenantId|guid`: the first three as in the SAS connector. */
export const toScgExternalId = (c: Correlation): string =>
  [c.identityId, c.externalCode, c.tenantId, c.guid].join('|');

/**
 * Reads 2, 3 or 4 parts; what is not there is undefined. Fewer than 2 parts is not ours, nor are fewer
 * than 4 without an identity, which the answer to a reply has none of. An external code may hold the
 * separator itself: the parts around it never do.
 */
export function fromScgExternalId(externalId: string): Partial<Correlation> | undefined {
  const [identityId = '', ...rest] = externalId.split('|');
  if (rest.length < (identityId === '' ? 3 : 1)) return undefined;
  const codes = Math.max(1, rest.length - 2);
  const [tenantId, guid] = rest.slice(codes);
  return {
    identityId,
    externalCode: rest.slice(0, codes).join('|'),
    ...(tenantId ? { tenantId } : {}),
    ...(guid ? { guid } : {}),
  };
}

/**
 * The StatusCallback for one message. The fragment asks Twilio for 5 retries on any failure
 * (its default is one, on connect failures only) and is not part of what Twilio signs.
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
