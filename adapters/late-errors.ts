import type { LateErrorTable } from '../domain/delivery/error-table.ts';
import type { ExplainCode } from '../domain/feedback/ports.ts';
import type { Provider } from '../domain/outbound/channel.ts';
import { scgLateErrors } from './scg/late-error-table.ts';
import { twilioLateErrors } from './twilio/late-error-table.ts';

const tables: Readonly<Record<Provider, LateErrorTable>> = {
  twilio: twilioLateErrors,
  scg: scgLateErrors,
};

/** SCG writes a code bare or as `SCG_ERROR_1005`. */
const bareCode = (code: string): string => code.replace(/^SCG_ERROR_/, '');

/** The row of a code that came with a callback. */
export const explainLateError: ExplainCode = (provider, code) => {
  const table = tables[provider];
  const key = bareCode(code);
  return Object.hasOwn(table, key) ? table[key] : undefined;
};
