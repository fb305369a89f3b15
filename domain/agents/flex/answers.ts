import type { HttpAnswer } from '../../http.ts';
import type { NotDone } from '../answered.ts';
import type { LeftOpen } from './engine.ts';

/** The documented shape of a rejected request: `{"status":400,"errors":[…]}`. */
export const badRequest = (errors: readonly string[]): HttpAnswer => ({
  status: 400,
  body: { status: 400, errors },
});

/** The documented shape of an error. The message is ours: another system's may contain phone numbers. */
export const failure = (
  status: number,
  message: string,
  extra: Readonly<Record<string, unknown>> = {},
  headers?: Readonly<Record<string, string>>,
): HttpAnswer => ({
  status,
  body: { status, message, ...extra },
  ...(headers ? { headers } : {}),
});

/** Codes of the network layer, such as `ECONNRESET`, are for the log; callers get one of ours. */
const NETWORK_CODE = /^[A-Z][A-Z_]+$/;
const callerCode = { busy: 'unavailable', unknown: 'no-answer', refused: 'not-callable' } as const;
const codeOf = ({ kind, code }: NotDone): string =>
  NETWORK_CODE.test(code) ? callerCode[kind] : code;

/** Statuses of the platform that are about the caller's request. */
const aboutRequest = new Set([400, 409, 422]);

/**
 * The response to a call with a failed step. A wrong request keeps its status. Our own rejected credentials
 * are a bad gateway, not the caller's 401. What may succeed later says when to retry.
 */
export function notDoneAnswer(
  message: string,
  why: NotDone,
  leftOpen: readonly LeftOpen[] = [],
): HttpAnswer {
  const extra = { code: codeOf(why), ...(leftOpen.length > 0 ? { leftOpen } : {}) };
  switch (why.kind) {
    case 'busy': {
      const headers = { 'retry-after': `${why.retryAfterSeconds}` };
      return failure(why.throttled ? 429 : 503, message, extra, headers);
    }
    case 'unknown':
      return failure(502, `${message}; whether it was done is not known`, extra);
    case 'refused': {
      const status = aboutRequest.has(why.status) ? why.status : 502;
      const moreInfo = why.moreInfo ? { moreInfo: why.moreInfo } : {};
      return failure(status, message, { ...extra, ...moreInfo });
    }
  }
}
