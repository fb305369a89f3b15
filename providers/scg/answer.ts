import * as z from 'zod';
import { type Exchange, retryAfterSeconds } from '../../domain/exchange.ts';
import { parseJson } from '../../domain/json.ts';
import { type Verdict, verdictOfError, verdictOfSilence } from '../verdict.ts';
import { scgErrorNumber, scgErrors } from './error-table.ts';

const PROVIDER = 'Syniverse';
const created = z.object({ id: z.union([z.string().min(1), z.number()]) });
const errorBody = z.object({
  error_code: z.union([z.number(), z.string().regex(/^\s*(SCG_ERROR_)?\w{1,32}\s*$/i)]),
});

/** The new message request's id, where there is one. */
export function acceptedId(exchange: Exchange): string | undefined {
  if (exchange.kind !== 'answer' || exchange.status < 200 || exchange.status > 299)
    return undefined;
  const id = created.safeParse(parseJson(exchange.body)).data?.id;
  return id === undefined ? undefined : `${id}`;
}

/** Everything but an acceptance. */
export function scgVerdict(exchange: Exchange, now: number): Verdict {
  if (exchange.kind !== 'answer') return verdictOfSilence(exchange, PROVIDER);
  const body = errorBody.safeParse(parseJson(exchange.body)).data;
  const number = exchange.status >= 300 && body ? scgErrorNumber(body.error_code) : undefined;
  const code = number === undefined ? undefined : `SCG_ERROR_${number}`;
  return {
    ...verdictOfError(exchange, code, number, scgErrors, PROVIDER),
    retryAfterSeconds: retryAfterSeconds(exchange, now),
    // An expired token is 404 with 4046.
    authentication: exchange.status === 401 || number === '4046',
  };
}
