import { SECOND } from './clock.ts';

export type HttpCall = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

export type Answer = {
  readonly kind: 'answer';
  readonly status: number;
  /** Names in lower case; repeated headers joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** As far as it was read: to its end, to where the connection broke, or to the limit. */
  readonly body: string;
  /** False when the body was cut off; the status stands all the same. */
  readonly complete: boolean;
};

/**
 * The result of one HTTP request. What matters is whether the other side can have acted on it:
 * `not-written` is safe to repeat, `unanswered` is not. `code` is Node's error code, for the log.
 */
export type Exchange =
  | Answer
  /** Name, connection or TLS failed, or time ran out meanwhile: no byte of the request left. */
  | { readonly kind: 'not-written'; readonly code: string }
  /** It was written, perhaps in part, and no status came back. */
  | { readonly kind: 'unanswered'; readonly code: string }
  /** It cannot be put into HTTP, such as a credential with a line break in it. Never sent. */
  | { readonly kind: 'invalid'; readonly code: string };

/** `signal` is the only limit in time. Redirects are answers: following one would send credentials elsewhere. */
export type HttpClient = (call: HttpCall, signal: AbortSignal) => Promise<Exchange>;

/**
 * `Retry-After` in whole seconds, or undefined. A date is measured from the answer's own `Date`
 * where it has one, because our clock may differ.
 */
export function retryAfterSeconds(answer: Answer, now: number): number | undefined {
  const given = answer.headers['retry-after']?.trim();
  if (!given) return undefined;
  if (/^\d{1,9}$/.test(given)) return Number(given);
  const until = Date.parse(given);
  // Date.parse takes a lone number for a year; an HTTP date ends in its zone.
  if (Number.isNaN(until) || !/[a-z]$/i.test(given)) return undefined;
  return Math.max(0, Math.ceil((until - (dateOf(answer) ?? now)) / SECOND));
}

/** The other side's clock, ms since 1970, as of this answer. */
export function dateOf(answer: Answer): number | undefined {
  const date = Date.parse(answer.headers.date ?? '');
  return Number.isNaN(date) ? undefined : date;
}
