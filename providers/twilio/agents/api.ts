import * as z from 'zod';
import {
  type Answer,
  type HttpCall,
  type HttpClient,
  retryAfterSeconds,
} from '../../../adapters/http/client.ts';
import type { Answered } from '../../../domain/agents/answered.ts';
import type { Clock } from '../../../domain/clock.ts';
import { parseJson } from '../../../domain/json.ts';
import type { TenantSecret } from '../../../domain/tenant/tenant-secret.ts';
import { twilioAccount } from '../account.ts';

export type AgentApiCall = {
  readonly method: HttpCall['method'];
  /** The API's base URL from the tenant's secret. */
  readonly base: string;
  /** Below the base; values in it are encoded by `path`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
};

/** Makes one call to one of Twilio's agent APIs and reads its answer with a schema. Never throws. */
export type AgentApi = <T>(
  secret: TenantSecret,
  call: AgentApiCall,
  schema: z.ZodType<T>,
  signal: AbortSignal,
) => Promise<Answered<T>>;

/** Builds a path whose parts cannot leave their place: path`/v1/Sessions/${sid}`. */
export const path = (texts: TemplateStringsArray, ...parts: readonly string[]): string =>
  texts
    .map((text, at) => (at === 0 ? text : `${encodeURIComponent(parts[at - 1] ?? '')}${text}`))
    .join('');

const errorBody = z.object({
  code: z.union([z.number(), z.string().regex(/^\w{1,32}$/)]).optional(),
  message: z.string().optional(),
});
/** An error about a pair of addresses names the conversation that has them. */
const conversationIn = /\bCH[0-9a-f]{32}\b/;
const BUSY_SECONDS = 2;

function refusal(answer: Answer): Answered<never> {
  const body = errorBody.safeParse(parseJson(answer.body)).data;
  const reference = conversationIn.exec(body?.message ?? '')?.[0];
  return {
    kind: 'refused',
    status: answer.status,
    code: `${body?.code ?? answer.status}`,
    ...(reference ? { reference } : {}),
  };
}

export function agentApi(http: HttpClient, clock: Clock): AgentApi {
  return async (secret, { method, base, path: below, query = {}, form }, schema, signal) => {
    const account = twilioAccount(secret);
    if ('missing' in account) {
      return { kind: 'refused', status: 500, code: `secret-lacks-${account.missing}` };
    }
    const url = new URL(`${base.replace(/\/+$/, '')}${below}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const { authorization } = account;
    const exchange = await http(
      {
        method,
        url,
        headers: {
          authorization,
          ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        },
        ...(form ? { body: new URLSearchParams(form).toString() } : {}),
      },
      signal,
    );
    /** A question may be asked again whatever became of it; anything else may have been done. */
    const unclear = (code: string): Answered<never> =>
      method === 'GET'
        ? { kind: 'busy', code, retryAfterSeconds: BUSY_SECONDS }
        : { kind: 'unknown', code };
    switch (exchange.kind) {
      case 'not-written':
        return { kind: 'busy', code: exchange.code, retryAfterSeconds: BUSY_SECONDS };
      case 'invalid':
        return { kind: 'refused', status: 500, code: exchange.code };
      case 'unanswered':
        return unclear(exchange.code);
      case 'answer': {
        const { status } = exchange;
        if (status === 429) {
          const wish = retryAfterSeconds(exchange, clock());
          return { kind: 'busy', code: '20429', retryAfterSeconds: wish ?? BUSY_SECONDS };
        }
        if (status >= 500 || status === 408) return unclear(`${status}`);
        if (status < 200 || status > 299) return refusal(exchange);
        const read = schema.safeParse(exchange.body === '' ? {} : parseJson(exchange.body));
        return read.success ? { kind: 'done', value: read.data } : unclear('unreadable');
      }
    }
  };
}

const camel = (name: string): string =>
  name.replace(/_([a-z0-9])/g, (_, c: string) => c.toUpperCase());

/** A resource under the names that Twilio's own library gives its fields. */
export const camelCase = (resource: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(resource).map(([name, value]) => [camel(name), value]));

/** Leaves out what tells the message: the answer goes to places that keep it. */
export const withoutText = (resource: Record<string, unknown>): Record<string, unknown> => {
  const { body: _, ...rest } = resource;
  return rest;
};
