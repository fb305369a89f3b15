/** A call that the service refused, or that did not reach it. The message is for people. */
export class Problem extends Error {
  /** The status of the answer; 0 where there was none. */
  readonly status: number;
  /** For programs, such as `NOT_FOUND`. */
  readonly code: string;
  /** The id under which the log has it. */
  readonly requestId: string | undefined;

  constructor(status: number, code: string, message: string, requestId?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.requestId = requestId;
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** The service, as the holder of one key calls it for one tenant. */
export type Api = {
  /** Throws Problem. */
  readonly get: <T>(path: string, query?: Fields, signal?: AbortSignal) => Promise<T>;
  /** Throws Problem. `key` makes a call that may be repeated: an `Idempotency-Key`. */
  readonly post: <T>(path: string, body?: Fields, key?: string) => Promise<T>;
};

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export type ApiOptions = {
  /** The service's base URL, with a slash at the end. */
  readonly base: string;
  readonly key: string;
  readonly tenantId: string | undefined;
  readonly fetch: Fetch;
  /** Called when the service does not know the key (any more). */
  readonly onUnauthorized?: () => void;
};

const given = (fields: Fields): [string, string][] =>
  Object.entries(fields).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  );

/** What went wrong, by a status that carries no sentence of the service. */
const sentences: Readonly<Record<number, string>> = {
  401: 'This key is not valid, or not any more.',
  403: 'This key does not allow that.',
  404: 'There is no such thing.',
  429: 'There were too many requests at once. Wait a moment.',
  500: 'The service had an error. Its log has the reason.',
  503: 'A part of the service is not available. Try again in a moment.',
};

type ErrorBody = {
  readonly error?: {
    readonly code?: string;
    readonly message?: string;
    readonly requestId?: string;
  };
};

/** What API Gateway answers by itself, or a proxy on the way, has another shape or is no JSON. */
function errorBody(text: string): ErrorBody {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

async function problemOf(response: Response): Promise<Problem> {
  const body = errorBody(await response.text());
  const { code = '', message, requestId } = body.error ?? {};
  const sentence = sentences[response.status] ?? `The service answered ${response.status}.`;
  const isVague = response.status === 401 || response.status >= 500;
  const own = isVague || message === undefined ? sentence : message;
  return new Problem(response.status, code, own, requestId);
}

/** Calls the service. The key is in a header of each request and nowhere else. */
export function apiClient({ base, key, tenantId, fetch, onUnauthorized }: ApiOptions): Api {
  async function call<T>(path: string, init: RequestInit): Promise<T> {
    let response: Response;
    try {
      response = await fetch(`${base}${path.replace(/^\//, '')}`, {
        ...init,
        headers: { ...init.headers, 'x-api-key': key, accept: 'application/json' },
        // Nothing of the answers is left on this machine, and no cookie is sent.
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
      });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new Problem(0, 'UNREACHABLE', 'The service cannot be reached.');
    }
    if (response.status === 401) onUnauthorized?.();
    if (!response.ok) throw await problemOf(response);
    // The page and the service are of one release, so the shape is not checked again.
    const answer: T = JSON.parse(await response.text());
    return answer;
  }

  return {
    get: (path, query = {}, signal) => {
      const search = new URLSearchParams(given({ tenantId, ...query })).toString();
      return call(search === '' ? path : `${path}?${search}`, {
        method: 'GET',
        ...(signal === undefined ? {} : { signal }),
      });
    },
    post: (path, body = {}, key) =>
      call(path, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(key === undefined ? {} : { 'idempotency-key': key }),
        },
        body: JSON.stringify({ tenantId, ...body }),
      }),
  };
}

/** A part of a path, such as a task's code. */
export const segment = (text: string): string => encodeURIComponent(text);
