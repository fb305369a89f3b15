import type { ErrorRow, LateErrorRow } from '../domain/delivery/error-table.ts';
import type { ExplainCode } from '../domain/feedback/ports.ts';
import type { ProviderId } from '../domain/provider-id.ts';
import { providers } from './registry.ts';

/** What has four digits or more is the provider's own; a carrier's numbers and HTTP statuses have fewer. */
const isProvidersOwn = (code: string): boolean => /^\d{4,}$/.test(code);

/** The class of a synchronous failure that is reported later. What may pass with time needs no action. */
const lateClass: Readonly<Record<ErrorRow['class'], LateErrorRow['class']>> = {
  permanent: 'permanent',
  config: 'config',
  'opted-out': 'opted-out',
  throttled: 'throttled',
  transient: 'recipient',
  unknown: 'recipient',
};

/**
 * The row of an answer to a send, for a message that the provider had accepted. It is never sent again,
 * so its advice is about the next campaign and mentions no replay.
 */
function lateRowOf(row: ErrorRow): LateErrorRow {
  const advice = row.advice.replace(/, then replay\.$/, ' before the next campaign.');
  return {
    class: lateClass[row.class],
    meaning: row.meaning,
    advice: /replay/i.test(advice)
      ? 'No action needed; the next campaign may reach the person.'
      : advice,
  };
}

/**
 * The row of a code in a callback. A provider may check a message only after it has accepted it, as
 * Twilio does with Messaging Services, and then reports a code of the synchronous table.
 */
export const explainLateError: ExplainCode = (provider, code) => {
  const { late, synchronous, keyOf } = providers[provider].errors;
  const key = keyOf(code);
  if (Object.hasOwn(late, key)) return late[key];
  const row = isProvidersOwn(key) && Object.hasOwn(synchronous, key) ? synchronous[key] : undefined;
  return row && lateRowOf(row);
};

/** Whether any provider answers a send with this code. */
export const isKnownCode = (code: string): boolean =>
  Object.values(providers).some(({ errors }) =>
    Object.hasOwn(errors.synchronous, errors.keyOf(code)),
  );

/** What a code means and what can be done about it, whenever it was given; undefined for one that we do not know. */
export function explainError(
  provider: string,
  outcome: string,
  code: string,
): { readonly meaning: string; readonly advice: string } | undefined {
  if (!isProviderId(provider)) return undefined;
  if (outcome === 'undelivered') return explainLateError(provider, code);
  const { synchronous, keyOf } = providers[provider].errors;
  const key = keyOf(code);
  return Object.hasOwn(synchronous, key) ? synchronous[key] : undefined;
}

const isProviderId = (name: string): name is ProviderId => Object.hasOwn(providers, name);
