import * as z from 'zod';
import { CliError, exitCodes } from './exit.ts';
import type { Io } from './io.ts';

/** Where `npm start` serves, and the key and tenant it comes with. */
export const local = {
  url: 'http://127.0.0.1:3000',
  key: 'local-operator-key',
  tenant: 'local-tenant',
} as const;

/** Time to wait for one answer: API Gateway gives up at 30 s. */
const TIMEOUT_MS = 35_000;

export type Client = {
  readonly get: <T>(path: string, query: Query, schema: z.ZodType<T>) => Promise<T>;
  readonly post: <T>(path: string, body: object, schema: z.ZodType<T>) => Promise<T>;
};
type Query = Readonly<Record<string, string | number | undefined>>;

const errorSchema = z.object({
  error: z.object({ message: z.string(), requestId: z.string().optional() }),
});

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
        headers: { 'x-api-key': key, 'content-type': 'application/json' },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch {
      const start =
        url === local.url ? 'Start the embedded stack with `npm start`, or name' : 'Name';
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
    const message = error.success
      ? error.data.error.message
      : `The service answered ${response.status}.`;
    const id =
      error.success && response.status >= 500 ? ` Request id: ${error.data.error.requestId}.` : '';
    throw new CliError(exitCodeOf(response.status), `${message}${id}`);
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
  };
}
