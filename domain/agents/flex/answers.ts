import type { HttpAnswer } from '../../http.ts';
import type { NotDone } from '../answered.ts';
import type { LeftOpen } from './engine.ts';

/** The documented shape of a refusal: `{"status":400,"errors":[…]}`. */
export const badRequest = (errors: readonly string[]): HttpAnswer => ({
  status: 400,
  body: { status: 400, errors },
});

/** The documented shape of an error, in our words: another side's may hold numbers. */
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

const list = (leftOpen: readonly LeftOpen[]) => (leftOpen.length > 0 ? { leftOpen } : {});

/** Codes of the network layer, such as `ECONNRESET`, are for the log; callers get a word of ours. */
const NETWORK_CODE = /^[A-Z][A-Z_]+$/;
const wordFor = { busy: 'unavailable', unknown: 'no-answer', refused: 'not-callable' } as const;
const codeOf = ({ kind, code }: NotDone): string =>
  NETWORK_CODE.test(code) ? wordFor[kind] : code;

/**
 * What a step that failed is to the caller: a wrong request stays one, our own wrong credentials are
 * a bad gateway and not the caller's 401, and what may be done later says when.
 */
export function notDoneAnswer(
  message: string,
  why: NotDone,
  leftOpen: readonly LeftOpen[] = [],
): HttpAnswer {
  const code = codeOf(why);
  switch (why.kind) {
    case 'busy': {
      const status = code === '20429' || code === '429' ? 429 : 503;
      const headers = { 'retry-after': `${why.retryAfterSeconds}` };
      return failure(status, message, { code, ...list(leftOpen) }, headers);
    }
    case 'unknown':
      return failure(502, `${message}; whether it was done is not known`, {
        code,
        ...list(leftOpen),
      });
    case 'refused': {
      const callers = why.status === 400 || why.status === 409 || why.status === 422;
      const moreInfo = /^\d{5}$/.test(code)
        ? { moreInfo: `https://www.twilio.com/docs/errors/${code}` }
        : {};
      return failure(callers ? why.status : 502, message, {
        code,
        ...moreInfo,
        ...list(leftOpen),
      });
    }
  }
}
