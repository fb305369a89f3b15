import * as z from 'zod';
import { SourceRefused } from '../../domain/agents/contacts/ports.ts';
import type { AirtableSettings } from '../../domain/agents/settings.ts';
import type { HttpCall, HttpClient } from '../../domain/exchange.ts';
import { parseJson } from '../../domain/json.ts';
import { Unavailable } from '../../domain/unavailable.ts';
import type { Pace } from './pace.ts';

export type AirtableCall = {
  readonly method: HttpCall['method'];
  readonly table: string;
  readonly recordId?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly json?: unknown;
};

/** Makes one call, in its turn. Throws `Unavailable` when there is no answer now, `SourceRefused` when it is no. */
export type Airtable = <T>(
  settings: AirtableSettings,
  call: AirtableCall,
  schema: z.ZodType<T>,
  signal: AbortSignal,
) => Promise<T>;

const errorSchema = z.object({
  error: z.union([z.string(), z.object({ type: z.string() }).transform(({ type }) => type)]),
});
/** Airtable's words for an error are taken only when they are one of its constants. */
const wordOf = (body: string): string => {
  const error = errorSchema.safeParse(parseJson(body)).data?.error ?? '';
  return /^[A-Z_]{3,80}$/.test(error) ? ` ${error}` : '';
};

/** The Web API: about five endpoints, so a library that retries for minutes would only be in the way. */
export function airtable(http: HttpClient, pace: Pace): Airtable {
  return async (settings, { method, table, recordId, query = {}, json }, schema, signal) => {
    const { airtable_api_url: base, airtable_base_id: baseId, airtable_token: token } = settings;
    const parts = [baseId, table, ...(recordId === undefined ? [] : [recordId])];
    const url = new URL(
      `${base.replace(/\/+$/, '')}/v0/${parts.map(encodeURIComponent).join('/')}`,
    );
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    await pace.turn(baseId, signal);
    const exchange = await http(
      {
        method,
        url,
        headers: {
          authorization: `Bearer ${token}`,
          ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      },
      signal,
    );
    if (exchange.kind === 'invalid') {
      throw new SourceRefused('airtable_token cannot be put into a header.');
    }
    if (exchange.kind !== 'answer') {
      throw new Unavailable('airtable', { cause: new Error(exchange.code) });
    }
    const { status } = exchange;
    if (status === 429) await pace.penalty(baseId);
    if (status === 429 || status === 408 || status >= 500) throw new Unavailable('airtable');
    if (status < 200 || status > 299) {
      throw new SourceRefused(`Airtable answered ${status}${wordOf(exchange.body)}.`, status);
    }
    const read = schema.safeParse(parseJson(exchange.body));
    if (!read.success) throw new Unavailable('airtable');
    return read.data;
  };
}
