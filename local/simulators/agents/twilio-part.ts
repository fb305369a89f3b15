import type { SimulatorContext } from '../options.ts';
import {
  type Answer,
  answer,
  type PlainAnswer,
  type SimRequest,
  type Simulator,
} from '../simulator.ts';
import { accountsOf, authenticate, type TwilioAccount } from '../twilio/accounts.ts';
import { twilioError, twilioErrorOfStatus } from '../twilio/errors.ts';

type PartRequest = {
  readonly account: TwilioAccount;
  readonly form: URLSearchParams;
  readonly query: URLSearchParams;
  /** What the pattern's groups matched. */
  readonly sids: readonly string[];
};
export type PartRoute = readonly [
  method: string,
  pattern: RegExp,
  handle: (request: PartRequest) => Answer | Promise<Answer>,
];

/** One of Twilio's agent APIs: credentials and routing; the routes do the rest. */
export function twilioPart(
  name: string,
  context: SimulatorContext,
  routes: readonly PartRoute[],
  more: Pick<Simulator, 'accepted' | 'forget'> = {},
): Simulator {
  return {
    name,
    handle: (request: SimRequest) => {
      const account = authenticate(accountsOf(context.secrets()), request);
      if (account === undefined) return twilioError(20003);
      for (const [method, pattern, handle] of routes) {
        const match = method === request.method && pattern.exec(request.path);
        if (!match) continue;
        const form = new URLSearchParams(request.body);
        return handle({ account, form, query: request.query, sids: match.slice(1) });
      }
      return twilioError(20404);
    },
    errorAnswer: twilioErrorOfStatus,
    ...more,
    close: () => {},
  };
}

export const notFound = (): PlainAnswer => twilioError(20404);

/** An error that has no row in Twilio's messaging table. */
export const partError = (status: number, code: number, message: string): PlainAnswer =>
  answer(status, {
    code,
    message,
    more_info: `https://www.twilio.com/docs/errors/${code}`,
    status,
  });

/**
 * One page of a list as Twilio pages it; `next_page_url` is absolute, as the real one is. The token
 * names the item that comes next, so that what is deleted meanwhile shifts nothing.
 */
export function paged(
  items: readonly Readonly<Record<string, unknown>>[],
  key: string,
  query: URLSearchParams,
  path: string,
): PlainAnswer {
  const size = Math.min(1000, Math.max(1, Number(query.get('PageSize') ?? 50)));
  const token = query.get('PageToken')?.slice(2);
  const start = token === undefined ? 0 : items.findIndex(({ sid }) => sid === token);
  const rest = start === -1 ? [] : items.slice(start);
  const next = rest[size]?.sid;
  const page = Number(query.get('Page') ?? 0);
  return answer(200, {
    [key]: rest.slice(0, size),
    meta: {
      key,
      page,
      page_size: size,
      next_page_url: next
        ? `https://api.example${path}?PageSize=${size}&Page=${page + 1}&PageToken=PT${next}`
        : null,
    },
  });
}

/** A parameter that holds JSON, as an object. */
export function jsonOf(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
