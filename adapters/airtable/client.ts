import * as z from 'zod';
import { SourceRefused } from '../../domain/agents/contacts/ports.ts';
import type { Exchange, HttpCall, HttpClient } from '../../domain/exchange.ts';
import { parseJson } from '../../domain/json.ts';
import { Unavailable } from '../../domain/unavailable.ts';
import type { Pace } from './pace.ts';
import type { AirtableSettings } from './settings.ts';

type AirtableCall = {
  readonly method: HttpCall['method'];
  readonly table: string;
  readonly recordId?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly json?: unknown;
};

/** Makes one call within the rate limit. Throws `Unavailable` if it may succeed later, otherwise `SourceRefused`. */
export type Airtable = <T>(
  settings: AirtableSettings,
  call: AirtableCall,
  schema: z.ZodType<T>,
  signal: AbortSignal,
) => Promise<T>;

const errorSchema = z.object({
  error: z.union([z.string(), z.object({ type: z.string() }).transform(({ type }) => type)]),
});
/** Airtable's error type, if it is one of its constants; other text may contain data. */
const errorOf = (body: string): string => {
  const error = errorSchema.safeParse(parseJson(body)).data?.error ?? '';
  return /^[A-Z_]{3,80}$/.test(error) ? ` ${error}` : '';
};

/** The Web API: a few endpoints, for which no library is needed. Airtable's own retries for minutes. */
export function airtable(http: HttpClient, pace: Pace): Airtable {
  return async (settings, { method, table, recordId, query = {}, json }, schema, signal) => {
    const { airtable_api_url: base, airtable_base_id: baseId, airtable_token: token } = settings;
    const parts = [baseId, table, ...(recordId === undefined ? [] : [recordId])];
    const url = new URL(
      `${base.replace(/\/+$/, '')}/v0/${parts.map(encodeURIComponent).join('/')}`,
    );
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const authorization = `Bearer ${token}`;
    await pace.turn(baseId, signal);
    const exchange = await http(
      json === undefined
        ? { method, url, headers: { authorization } }
        : {
            method,
            url,
            headers: { authorization, 'content-type': 'application/json' },
            body: JSON.stringify(json),
          },
      signal,
    );
    if (exchange.kind === 'answer' && exchange.status === 429) await pace.penalty(baseId);
    const read = schema.safeParse(parseJson(bodyOf(exchange)));
    if (!read.success) throw new Unavailable('airtable');
    return read.data;
  };
}

/** The body of a successful response. */
function bodyOf(exchange: Exchange): string {
  if (exchange.kind === 'invalid') {
    throw new SourceRefused('airtable_token cannot be put into a header.');
  }
  if (exchange.kind !== 'answer') {
    throw new Unavailable('airtable', { cause: new Error(exchange.code) });
  }
  const { body, status } = exchange;
  if (status === 429 || status === 408 || status >= 500) throw new Unavailable('airtable');
  if (status < 200 || status > 299) {
    throw new SourceRefused(`Airtable answered ${status}${errorOf(body)}.`, status);
  }
  return body;
}
