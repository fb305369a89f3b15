import * as z from 'zod';
import { type Answered, isRejected } from '../../../domain/agents/answered.ts';
import type { Settings } from '../../../domain/agents/settings.ts';
import type { Clock } from '../../../domain/clock.ts';
import {
  type Answer,
  type Exchange,
  type HttpCall,
  type HttpClient,
  retryAfterSeconds,
} from '../../../domain/exchange.ts';
import { parseJson } from '../../../domain/json.ts';
import type { TenantSecret } from '../../../domain/tenant/tenant-secret.ts';
import type { Credentials } from '../../../domain/tenant/use-secret.ts';
import { type TwilioAccount, twilioAccount } from '../account.ts';

type ApiCall = {
  readonly method: HttpCall['method'];
  /** The API's base URL from the tenant's secret. */
  readonly base: string;
  /** Below the base; values in it are encoded by `path`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
};

/** Makes one call for one tenant and parses the response. Never throws. `at` builds the call from the settings. */
export type Ask<S> = <T>(
  at: (settings: S, account: TwilioAccount) => ApiCall,
  schema: z.ZodType<T>,
  signal: AbortSignal,
) => Promise<Answered<T>>;

/** Binds the API to a tenant. A call with rejected credentials is repeated with a fresh secret. */
export type AgentApi = <S>(
  credentials: Credentials,
  settingsOf: (secret: TenantSecret) => Settings<S>,
) => Ask<S>;

/** For calls that need no settings but the account. */
export const noSettings = (): Settings<object> => ({ ok: true, settings: {} });

/** Builds a path whose values cannot change its structure: path`/v1/Sessions/${sid}`. */
export const path = (texts: TemplateStringsArray, ...parts: readonly string[]): string =>
  texts
    .map((text, at) => (at === 0 ? text : `${encodeURIComponent(parts[at - 1] ?? '')}${text}`))
    .join('');

export function agentApi(http: HttpClient, clock: Clock): AgentApi {
  return (credentials, settingsOf) => (at, schema, signal) =>
    credentials(async (secret) => {
      const read = settingsOf(secret);
      if (!read.ok) return { kind: 'refused', status: 500, code: 'secret-incomplete' };
      const account = twilioAccount(secret);
      if ('missing' in account) {
        return { kind: 'refused', status: 500, code: `secret-lacks-${account.missing}` };
      }
      const call = at(read.settings, account);
      const exchange = await http(httpCall(call, account), signal);
      return answered(call.method, exchange, schema, clock());
    }, isRejected);
}

function httpCall({ method, base, path, query = {}, form }: ApiCall, account: TwilioAccount) {
  const url = new URL(`${base.replace(/\/+$/, '')}${path}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const { authorization } = account;
  if (form === undefined) return { method, url, headers: { authorization } };
  return {
    method,
    url,
    headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  };
}

const BUSY_SECONDS = 2;

const busy = (code: string): Answered<never> => ({
  kind: 'busy',
  code,
  retryAfterSeconds: BUSY_SECONDS,
});

/** No clear response. A read can simply be repeated; anything else may have been done. */
const unclear = (method: HttpCall['method'], code: string): Answered<never> =>
  method === 'GET' ? busy(code) : { kind: 'unknown', code };

/** Classifies the result of an HTTP request. */
function answered<T>(
  method: HttpCall['method'],
  exchange: Exchange,
  schema: z.ZodType<T>,
  now: number,
): Answered<T> {
  switch (exchange.kind) {
    case 'not-written':
      return busy(exchange.code);
    case 'invalid':
      return { kind: 'refused', status: 500, code: exchange.code };
    case 'unanswered':
      return unclear(method, exchange.code);
    case 'answer':
      return readAnswer(method, exchange, schema, now);
  }
}

function readAnswer<T>(
  method: HttpCall['method'],
  answer: Answer,
  schema: z.ZodType<T>,
  now: number,
): Answered<T> {
  const { status, body } = answer;
  if (status === 429) {
    const seconds = retryAfterSeconds(answer, now) ?? BUSY_SECONDS;
    return { kind: 'busy', code: '20429', retryAfterSeconds: seconds, throttled: true };
  }
  if (status >= 500 || status === 408) return unclear(method, `${status}`);
  if (status < 200 || status > 299) return refusal(answer);
  const read = schema.safeParse(body === '' ? {} : parseJson(body));
  return read.success ? { kind: 'done', value: read.data } : unclear(method, 'unreadable');
}

const errorBody = z.object({
  code: z.union([z.number(), z.string().regex(/^\w{1,32}$/)]).optional(),
  message: z.string().optional(),
});
/** An error about a pair of addresses names the conversation that has them. */
const conversationIn = /\bCH[0-9a-f]{32}\b/;

function refusal({ status, body }: Answer): Answered<never> {
  const error = errorBody.safeParse(parseJson(body)).data;
  const code = `${error?.code ?? status}`;
  const conversationId = conversationIn.exec(error?.message ?? '')?.[0];
  return {
    kind: 'refused',
    status,
    code,
    ...(/^\d{5}$/.test(code) ? { moreInfo: `https://www.twilio.com/docs/errors/${code}` } : {}),
    ...(conversationId ? { conversationId } : {}),
  };
}
