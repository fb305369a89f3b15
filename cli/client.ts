import * as z from 'zod';
import { CliError, exitCodes } from './exit.ts';
import type { Io } from './io.ts';

/** The key and tenant that the embedded stack comes with. */
export const local = { key: 'local-operator-key', tenant: 'local-tenant' } as const;

const LOCAL_PORT = '3000';

/** Where `npm start` serves: its port moves with `PORT`. */
export const localUrl = (env: Io['env']): string => `http://127.0.0.1:${env.PORT || LOCAL_PORT}`;

const loopback: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

/** Whether a service at the URL is one on this machine, such as the embedded stack. */
export const isLoopback = (url: string): boolean =>
  URL.canParse(url) && loopback.includes(new URL(url).hostname);

/** What starts the embedded stack at a URL of this machine. */
function startAt(url: string): string {
  const { port } = new URL(url);
  return port === LOCAL_PORT || port === '' ? 'npm start' : `PORT=${port} npm start`;
}

/** Time to wait for one answer: API Gateway gives up at 30 s. */
const TIMEOUT_MS = 35_000;

/** Time to wait before each retry of a request that has an idempotency key. */
const RETRY_DELAYS_MS = [500, 2_000, 5_000];

export type Client = {
  readonly get: <T>(path: string, query: Query, schema: z.ZodType<T>) => Promise<T>;
  readonly post: <T>(path: string, body: object, schema: z.ZodType<T>) => Promise<T>;
  /** A post that the service does once for its key: a lost answer or a 5xx is retried with the same key. */
  readonly postOnce: <T>(
    path: string,
    body: object,
    schema: z.ZodType<T>,
    key: string,
  ) => Promise<T>;
};
type Query = Readonly<Record<string, string | number | undefined>>;

const errorSchema = z.object({
  error: z.object({
    message: z.string(),
    requestId: z.string().optional(),
    details: z.array(z.object({ field: z.string(), issue: z.string() })).default([]),
  }),
});

const flags: Readonly<Record<string, string>> = {
  tenantId: '--tenant (or CI360_TENANT)',
  limit: '--limit',
  rate: '--rate',
  canary: '--canary',
  maxFailureRate: '--max-failure-rate',
  since: '--since',
  until: '--until',
  code: '--code',
  taskId: '--task',
  sender: '--sender',
  replayId: '--replay',
};

/** The service's words, with the flag instead of the field where each field that is wrong has one. */
function inFlags(message: string, details: CliError['details']): string {
  const said = details.map(({ field, issue }) => {
    const flag = flags[field];
    return flag && `${flag} ${issue}`;
  });
  return said.length > 0 && said.every((one) => one !== undefined) ? said.join('; ') : message;
}

const exitCodeOf = (status: number) => {
  if (status === 400 || status === 413 || status === 422) return exitCodes.usage;
  if (status === 401 || status === 403) return exitCodes.key;
  if (status === 404) return exitCodes.notFound;
  if (status === 409) return exitCodes.conflict;
  return exitCodes.unavailable;
};

/** The operator's API at a URL. */
export function apiClient(url: string, key: string, io: Io): Client {
  const call = async <T>(target: string, init: RequestInit, schema: z.ZodType<T>): Promise<T> => {
    let response: Response;
    try {
      response = await io.fetch(target, {
        ...init,
        headers: { 'x-api-key': key, 'content-type': 'application/json', ...init.headers },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch {
      const start = isLoopback(url)
        ? `Start the embedded stack with \`${startAt(url)}\`, or name`
        : 'Name';
      throw new CliError(
        exitCodes.unavailable,
        `Nothing answers at ${url}. ${start} another service with --url.`,
      );
    }
    const body: unknown = await response.json().catch(() => undefined);
    if (response.ok) {
      const parsed = schema.safeParse(body);
      if (parsed.success) return parsed.data;
      throw new CliError(
        exitCodes.unavailable,
        `${url} is not this service, or of another version.`,
      );
    }
    const error = errorSchema.safeParse(body);
    const details = error.success ? error.data.error.details : [];
    const message = error.success
      ? inFlags(error.data.error.message, details)
      : `The service answered ${response.status}.`;
    const id =
      error.success && response.status >= 500 ? ` Request id: ${error.data.error.requestId}.` : '';
    throw new CliError(exitCodeOf(response.status), `${message}${id}`, details);
  };
  const base = url.replace(/\/+$/, '');
  return {
    get: (path, query, schema) => {
      const search = new URLSearchParams();
      for (const [name, value] of Object.entries(query)) {
        if (value !== undefined) search.set(name, String(value));
      }
      const text = search.toString();
      return call(`${base}${path}${text ? `?${text}` : ''}`, { method: 'GET' }, schema);
    },
    post: (path, body, schema) =>
      call(`${base}${path}`, { method: 'POST', body: JSON.stringify(body) }, schema),
    postOnce: async (path, body, schema, idempotencyKey) => {
      const headers = { 'idempotency-key': idempotencyKey };
      const post = () =>
        call(`${base}${path}`, { method: 'POST', body: JSON.stringify(body), headers }, schema);
      for (const delay of RETRY_DELAYS_MS) {
        try {
          return await post();
        } catch (error) {
          if (!(error instanceof CliError) || error.exitCode !== exitCodes.unavailable) throw error;
          await io.sleep(delay);
        }
      }
      return post();
    },
  };
}
