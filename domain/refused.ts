import type { HttpAnswer, Issue } from './http.ts';

type Extra = {
  readonly details?: readonly Issue[];
  readonly headers?: Readonly<Record<string, string>>;
};

/**
 * A request that is answered with an error. Thrown from anywhere below a route; the HTTP runtime maps it
 * to the error shape. The message is shown to the caller: it names no number, text or secret.
 */
export class Refused extends Error {
  readonly status: number;
  /** For programs, in capitals: `NOT_FOUND`. */
  readonly code: string;
  readonly details: readonly Issue[];
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, code: string, message: string, extra: Extra = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = extra.details ?? [];
    this.headers = extra.headers ?? {};
  }

  /** The same refusal with more headers. */
  with(headers: Extra['headers']): Refused {
    const { status, code, message, details } = this;
    return new Refused(status, code, message, {
      details,
      headers: { ...this.headers, ...headers },
    });
  }
}

export const badRequest = (why: string) => new Refused(400, 'BAD_REQUEST', why);
export const notFound = (what: string) => new Refused(404, 'NOT_FOUND', what);
export const conflict = (why: string) => new Refused(409, 'CONFLICT', why);
export const invalid = (field: string, issue: string) =>
  new Refused(422, 'VALIDATION_ERROR', `${field} ${issue}`, { details: [{ field, issue }] });

/** The answer in SAS's shape: `{"error":{code,message,details,timestamp,requestId}}`. */
export function errorAnswer(
  { status, code, message, details, headers }: Refused,
  at: { readonly requestId: string; readonly now: number },
): HttpAnswer {
  return {
    status,
    headers,
    body: {
      error: {
        code,
        message,
        details,
        timestamp: new Date(at.now).toISOString(),
        requestId: at.requestId,
      },
    },
  };
}
