import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { SECOND } from '../../../domain/clock.ts';
import type { SimulatorContext } from '../options.ts';
import { answer, type PlainAnswer, type SimRequest, type Simulator } from '../simulator.ts';
import { type AirtableRow, readFormula } from './airtable-formula.ts';
import { sampleRows } from './airtable-sample.ts';

/** Requests that a base takes in a second, and how long it takes none after one too many. */
const PER_SECOND = 5;
const PENALTY = 30 * SECOND;

const fieldsSchema = z.object({ fields: z.record(z.string(), z.unknown()) });

const problem = (status: number, type: string, message?: string): PlainAnswer =>
  answer(status, { error: message === undefined ? type : { type, message } });

const shown = ({ id, createdTime, fields }: AirtableRow) => ({
  id,
  createdTime,
  // What is empty or not ticked is left out.
  fields: Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== '' && value !== false && value !== null),
  ),
});

export type AirtableSimulator = Simulator & {
  /** Adds rows to a table; gives back their ids. */
  readonly seed: (table: string, rows: readonly Readonly<Record<string, unknown>>[]) => string[];
  readonly rows: (table: string) => readonly AirtableRow[];
};

/** Airtable's Web API for one base. https://airtable.com/developers/web/api */
export function createAirtableSimulator(context: SimulatorContext): AirtableSimulator {
  const tables = new Map<string, Map<string, AirtableRow>>();
  let recent: number[] = [];
  let penaltyUntil = 0;

  const seed: AirtableSimulator['seed'] = (name, rows) => {
    const table = tables.get(name) ?? new Map<string, AirtableRow>();
    tables.set(name, table);
    return rows.map((fields) => {
      const now = context.clock();
      const id = `rec${randomUUID().replaceAll('-', '').slice(0, 14)}`;
      table.set(id, {
        id,
        createdTime: new Date(now).toISOString(),
        fields: { ...fields },
        modified: now,
      });
      return id;
    });
  };
  const fill = () => {
    tables.clear();
    for (const [name, rows] of Object.entries(sampleRows)) seed(name, rows);
  };
  fill();

  /** One too many in a second, and the base answers nothing for half a minute. */
  const throttled = (): boolean => {
    const now = context.clock();
    if (now < penaltyUntil) return true;
    recent = [...recent.filter((at) => now - at < SECOND), now];
    if (recent.length <= PER_SECOND) return false;
    penaltyUntil = now + PENALTY;
    return true;
  };

  const list = (table: ReadonlyMap<string, AirtableRow>, query: URLSearchParams): PlainAnswer => {
    const formula = query.get('filterByFormula');
    const wanted = formula ? readFormula(formula) : () => true;
    if (!wanted) {
      return problem(
        422,
        'INVALID_FILTER_BY_FORMULA',
        'The formula for filtering records is invalid',
      );
    }
    const size = Math.min(100, Math.max(1, Number(query.get('pageSize') ?? 100)));
    const [, from] = /^itr0\/(rec\w+)$/.exec(query.get('offset') ?? '') ?? [];
    const all = [...table.values()].filter(wanted);
    const start = query.has('offset') ? all.findIndex(({ id }) => id === from) : 0;
    if (start === -1) {
      return problem(422, 'LIST_RECORDS_ITERATOR_NOT_AVAILABLE', 'The iterator is gone');
    }
    const next = all[start + size]?.id;
    return answer(200, {
      records: all.slice(start, start + size).map(shown),
      ...(next ? { offset: `itr0/${next}` } : {}),
    });
  };

  const one = (
    table: Map<string, AirtableRow>,
    row: AirtableRow,
    request: SimRequest,
  ): PlainAnswer => {
    switch (request.method) {
      case 'GET':
        return answer(200, shown(row));
      case 'PATCH': {
        const read = readFields(request.body);
        if (!read) return problem(422, 'INVALID_REQUEST_UNKNOWN', 'Invalid request');
        row.fields = { ...row.fields, ...read };
        row.modified = context.clock();
        return answer(200, shown(row));
      }
      case 'DELETE':
        table.delete(row.id);
        return answer(200, { id: row.id, deleted: true });
      default:
        return problem(404, 'NOT_FOUND');
    }
  };

  const handle = (request: SimRequest): PlainAnswer => {
    const token = /^Bearer (\S+)$/.exec(String(request.headers.authorization ?? ''))?.[1];
    const owner = Object.values(context.secrets()).find(
      (secret) => secret.airtable_token === token,
    );
    if (token === undefined || owner === undefined) {
      return problem(401, 'AUTHENTICATION_REQUIRED', 'Authentication required');
    }
    const [, base, name = '', id] =
      /^\/v0\/(app\w+)\/([^/]+)(?:\/(rec\w+))?$/.exec(request.path) ?? [];
    const table = tables.get(decodeURIComponent(name));
    if (base !== owner.airtable_base_id || table === undefined) return problem(404, 'NOT_FOUND');
    if (throttled()) {
      return problem(429, 'RATE_LIMIT_REACHED', 'Rate limit exceeded. Please try again later');
    }
    if (id !== undefined) {
      const row = table.get(id);
      return row ? one(table, row, request) : problem(404, 'NOT_FOUND');
    }
    if (request.method === 'GET') return list(table, request.query);
    if (request.method !== 'POST') return problem(404, 'NOT_FOUND');
    const fields = readFields(request.body);
    if (!fields) return problem(422, 'INVALID_REQUEST_UNKNOWN', 'Invalid request');
    const [created = ''] = seed(decodeURIComponent(name), [fields]);
    const row = table.get(created);
    return row ? answer(200, shown(row)) : problem(500, 'SERVER_ERROR');
  };

  return {
    name: 'airtable',
    handle,
    errorAnswer: (status, code) => problem(status, String(code ?? 'SERVER_ERROR'), 'Simulated'),
    accepted: () =>
      [...tables].map(([name, rows]) => ({ table: name, records: [...rows.values()].map(shown) })),
    forget: () => {
      fill();
      recent = [];
      penaltyUntil = 0;
    },
    seed,
    rows: (table) => [...(tables.get(table)?.values() ?? [])],
    close: () => {},
  };
}

function readFields(body: string): Record<string, unknown> | undefined {
  try {
    return fieldsSchema.safeParse(JSON.parse(body)).data?.fields;
  } catch {
    return undefined;
  }
}
