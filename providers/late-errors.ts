import type {
  ErrorRow,
  ErrorTable,
  LateErrorRow,
  LateErrorTable,
} from '../domain/delivery/error-table.ts';
import type { ExplainCode } from '../domain/feedback/ports.ts';
import type { Provider } from '../domain/outbound/channel.ts';
import { scgErrorNumber, scgErrors } from './scg/error-table.ts';
import { scgLateErrors } from './scg/late-error-table.ts';
import { twilioErrors } from './twilio/error-table.ts';
import { twilioLateErrors } from './twilio/late-error-table.ts';

type Tables = { readonly late: LateErrorTable; readonly atOnce: ErrorTable };

const tables: Readonly<Record<Provider, Tables>> = {
  twilio: { late: twilioLateErrors, atOnce: twilioErrors },
  scg: { late: scgLateErrors, atOnce: scgErrors },
};

/** What has four digits or more is the provider's own; a carrier's numbers and HTTP statuses have fewer. */
const isProvidersOwn = (code: string): boolean => /^\d{4,}$/.test(code);

/** What a failure at once comes to when it is told later. What may pass with time is nobody's to mend. */
const lateClass: Readonly<Record<ErrorRow['class'], LateErrorRow['class']>> = {
  permanent: 'permanent',
  config: 'config',
  'opted-out': 'opted-out',
  throttled: 'throttled',
  transient: 'recipient',
  unknown: 'recipient',
};

/**
 * The row of an answer to a send, told later of a message that the provider had accepted. It is never
 * sent again, so its advice is for the next campaign and speaks of no replay.
 */
function lateRowOf(row: ErrorRow): LateErrorRow {
  const advice = row.advice.replace(/, then replay\.$/, ' before the next campaign.');
  return {
    class: lateClass[row.class],
    meaning: row.meaning,
    advice: /replay/i.test(advice)
      ? 'Nothing needs mending; the next campaign may reach the person.'
      : advice,
  };
}

/**
 * The row of a code that came with a callback. Twilio checks what goes through a Messaging Service
 * only after it has accepted it, and then reports the codes that it otherwise answers at once.
 */
export const explainLateError: ExplainCode = (provider, code) => {
  const { late, atOnce } = tables[provider];
  const key = scgErrorNumber(code);
  if (Object.hasOwn(late, key)) return late[key];
  const row = isProvidersOwn(key) && Object.hasOwn(atOnce, key) ? atOnce[key] : undefined;
  return row && lateRowOf(row);
};
