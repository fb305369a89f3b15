import * as z from 'zod';
import type { Caller } from '../access/access-keys.ts';
import type { Clock } from '../clock.ts';
import type { HttpAnswer, HttpRequest } from '../http.ts';
import { parseJson } from '../json.ts';
import { mask } from '../outbound/address.ts';
import { Refused } from '../refused.ts';
import { tenantIdSchema } from '../tenant/tenant-id.ts';
import type { Route } from './route.ts';

/** What a caller did, or tried to do. */
export const auditEntrySchema = z.object({
  /** `{time}#{request id}`: an entry is stored before the action and again with its outcome. */
  entryId: z.string(),
  /** `*` where the request names no tenant. */
  tenantId: z.string(),
  /** When, ms since 1970. */
  at: z.number(),
  /** The name of the key. */
  caller: z.string(),
  /** The role that the route asks for. */
  role: z.string(),
  /** The caller's IP address. */
  source: z.string().optional(),
  requestId: z.string(),
  /** The route as it is declared: `POST /replays/{id}/cancel`. */
  action: z.string(),
  /** What the request names, without numbers, texts and notes. */
  about: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  /** The status of the answer; missing while the action runs, and when its function died. */
  status: z.number().optional(),
  /** What the answer counts, and the ids in it. */
  result: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

export type AuditLog = {
  /** Stores an entry, or replaces it by its id. Throws `Unavailable`. */
  readonly put: (entry: AuditEntry) => Promise<void>;
  /** A tenant's entries from a time on (ms since 1970), the latest first. Throws `CursorRefused`. */
  readonly list: (
    tenantId: string,
    since: number,
    page: { readonly limit: number; readonly cursor?: string | undefined },
  ) => Promise<{ readonly items: readonly AuditEntry[]; readonly cursor?: string }>;
};

/** The partition of requests that name no tenant. */
const NO_TENANT = '*';

/** What people can be found by, and what they or others wrote. */
const personal: readonly string[] = ['number', 'note', 'confirm', 'creative', 'sample', 'cursor'];
const MAX_TEXT = 128;

type Facts = AuditEntry['about'];

/** Texts of an answer that say what came of an action; the rest only repeats the request, or advises. */
const isOutcome = (name: string): boolean => name === 'status' || name === 'replayId';

/** A request may be refused for a field that nobody knows, which is no reason to keep its name. */
const isName = (name: string): boolean => /^[A-Za-z]\w{0,63}$/.test(name);
const isPlain = (value: number): boolean =>
  value === 0 || (Math.abs(value) > 1e-9 && Math.abs(value) < 1e15);

/** What is kept of one field: a plain value, an address masked, of a list its length; of anything else nothing. */
function factOf(name: string, field: unknown): Facts[string] | undefined {
  if (typeof field === 'boolean') return field;
  // A table holds numbers of up to 38 digits and no larger than 1e126: others are kept as text.
  if (typeof field === 'number') return isPlain(field) ? field : String(field);
  if (typeof field === 'string') return name === 'address' ? mask(field) : field.slice(0, MAX_TEXT);
  return Array.isArray(field) ? field.length : undefined;
}

/** What is kept of an object's fields. `isKept` says which of its texts. */
function factsOf(value: unknown, isKept: (name: string) => boolean = () => true): Facts {
  const fields = z.record(z.string(), z.unknown()).safeParse(value).data ?? {};
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => isName(name) && !personal.includes(name))
      .filter(([name, field]) => typeof field !== 'string' || isKept(name))
      .flatMap(([name, field]) => {
        const fact = factOf(name, field);
        return fact === undefined ? [] : [[name, fact]];
      }),
  );
}

const namedTenant = z.object({ tenantId: tenantIdSchema });

/** Everything a request names: its path, its query and its body. */
const fieldsOf = (request: HttpRequest): Readonly<Record<string, unknown>> => ({
  ...Object.fromEntries(request.query),
  ...z.record(z.string(), z.unknown()).safeParse(parseJson(request.body)).data,
  ...request.params,
});

/** Whether a call is kept: everything that changes something, and what compliance looks at. */
const isAudited = ({ method, role }: Route): boolean => method !== 'GET' || role === 'compliance';

/**
 * Runs an action between two entries of the audit: what is to be done, then what came of it. Without the first
 * nothing is done. A second one that cannot be stored leaves the first, which says that the action began.
 */
export async function audited(
  request: HttpRequest,
  route: Route,
  caller: Caller,
  deps: { readonly audit: AuditLog; readonly clock: Clock },
  run: () => Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  if (!isAudited(route)) return run();
  const fields = fieldsOf(request);
  const at = deps.clock();
  const [only, ...others] = caller.tenants === '*' ? [] : caller.tenants;
  const entry: AuditEntry = {
    entryId: `${new Date(at).toISOString()}#${request.requestId}`,
    tenantId:
      namedTenant.safeParse(fields).data?.tenantId ??
      (others.length === 0 ? only : undefined) ??
      NO_TENANT,
    at,
    caller: caller.name,
    role: route.role,
    ...(request.sourceIp ? { source: request.sourceIp } : {}),
    requestId: request.requestId,
    action: `${route.method} ${route.path}`,
    about: factsOf(fields),
  };
  await deps.audit.put(entry);
  const close = (status: number, body?: unknown) =>
    deps.audit.put({ ...entry, status, result: factsOf(body, isOutcome) }).catch(() => {});
  try {
    const answer = await run();
    await close(answer.status, answer.body);
    return answer;
  } catch (error) {
    await close(error instanceof Refused ? error.status : 503);
    throw error;
  }
}
