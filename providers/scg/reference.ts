import type { Correlation } from '../../domain/feedback/correlation.ts';

/** `external_id` of a message request: `identityId|externalCode|tenantId|guid`, the first three as in the SAS connector. */
export const toScgExternalId = (c: Correlation): string =>
  [c.identityId, c.externalCode, c.tenantId, c.guid].join('|');

/**
 * Reads 2, 3 or 4 parts; what is not there is undefined. Fewer than 2 parts is not ours, nor are fewer
 * than 4 without an identity, which the answer to a reply does not have. An external code may contain
 * the separator itself: the parts around it never do.
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
