import type { HttpAnswer } from '../../http.ts';
import type { NotDone } from '../answered.ts';
import type { LeftOpen } from './engine.ts';

type Extra = {
  /** Further parts of the body. */
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
};

/**
 * A call that is refused in the documented shape of the Flex routes: `{"status":…,"message":…}`. Thrown from
 * anywhere below a route. The message is ours: another system's may contain phone numbers.
 */
export class FlexRefused extends Error {
  readonly status: number;
  readonly extra: Extra;
  constructor(status: number, message: string, extra: Extra = {}) {
    super(message);
    this.status = status;
    this.extra = extra;
  }
}

/** The documented answer to a refused call. */
export const flexAnswer = ({ status, message, extra }: FlexRefused): HttpAnswer => ({
  status,
  body: { status, ...(message === '' ? {} : { message }), ...extra.fields },
  ...(extra.headers ? { headers: extra.headers } : {}),
});

/** The documented shape of a wrong request has no message: `{"status":400,"errors":[…]}`. */
export const badRequest = (errors: readonly string[]) =>
  new FlexRefused(400, '', { fields: { errors } });

/** For a call that may be repeated in a moment. */
export const tryAgain = (message: string) =>
  new FlexRefused(409, message, { headers: { 'retry-after': '2' } });

/** Codes of the network layer, such as `ECONNRESET`, are for the log; callers get one of ours. */
const NETWORK_CODE = /^[A-Z][A-Z_]+$/;
const callerCode = { busy: 'unavailable', unknown: 'no-answer', refused: 'not-callable' } as const;
const codeOf = ({ kind, code }: NotDone): string =>
  NETWORK_CODE.test(code) ? callerCode[kind] : code;

/** Statuses of the platform that are about the caller's request. */
const aboutRequest = new Set([400, 409, 422]);

/**
 * The refusal of a call with a failed step. A wrong request keeps its status. Our own rejected credentials
 * are a bad gateway, not the caller's 401. What may succeed later says when to retry.
 */
export function failedStep(
  message: string,
  why: NotDone,
  leftOpen: readonly LeftOpen[] = [],
): FlexRefused {
  const fields = { code: codeOf(why), ...(leftOpen.length > 0 ? { leftOpen } : {}) };
  switch (why.kind) {
    case 'busy': {
      const headers = { 'retry-after': `${why.retryAfterSeconds}` };
      return new FlexRefused(why.throttled ? 429 : 503, message, { fields, headers });
    }
    case 'unknown':
      return new FlexRefused(502, `${message}; whether it was done is not known`, { fields });
    case 'refused': {
      const status = aboutRequest.has(why.status) ? why.status : 502;
      const moreInfo = why.moreInfo ? { moreInfo: why.moreInfo } : {};
      return new FlexRefused(status, message, { fields: { ...fields, ...moreInfo } });
    }
  }
}
