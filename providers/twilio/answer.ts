import * as z from 'zod';
import { type Answer, type Exchange, retryAfterSeconds } from '../../domain/exchange.ts';
import { parseJson } from '../../domain/json.ts';
import { type Verdict, verdictOfError, verdictOfSilence } from '../verdict.ts';
import { twilioErrors } from './error-table.ts';

const PROVIDER = 'Twilio';
const errorBody = z.object({ code: z.union([z.number(), z.string().regex(/^\w{1,32}$/)]) });
const created = z.object({ sid: z.string().min(1) });

/** The new message's SID, where there is one. */
export function acceptedSid(exchange: Exchange): string | undefined {
  if (exchange.kind !== 'answer' || exchange.status < 200 || exchange.status > 299)
    return undefined;
  return created.safeParse(parseJson(exchange.body)).data?.sid;
}

/** Everything but an acceptance. */
export function twilioVerdict(exchange: Exchange, now: number): Verdict {
  if (exchange.kind !== 'answer') return verdictOfSilence(exchange, PROVIDER);
  const body = errorBody.safeParse(parseJson(exchange.body)).data;
  const code = exchange.status >= 300 && body ? `${body.code}` : undefined;
  return {
    ...verdictOfError(exchange, code, code, twilioErrors, PROVIDER),
    retryAfterSeconds: retryAfterSeconds(exchange, now),
    authentication: exchange.status === 401 || code === '20003',
  };
}

/** Twilio's own id of our request, for a ticket with its support. */
export const twilioRequestId = (answer: Answer): string | undefined =>
  answer.headers['twilio-request-id'];
