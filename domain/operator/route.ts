import type * as z from 'zod';
import type { AccessRole, Caller } from '../access/access-keys.ts';
import type { HttpAnswer, HttpRequest } from '../http.ts';
import type { OperatorDeps } from './deps.ts';
import { readRequest } from './parse.ts';

/** Who called, and what a route works with. */
export type Call = { readonly caller: Caller; readonly deps: OperatorDeps };

/** An object of schemas, one for each part of a request that the route reads; headers in lower case. */
export type RequestSchema<Read = unknown> = z.ZodType<Read> & {
  readonly shape: {
    readonly params?: z.ZodType;
    readonly query?: z.ZodType;
    readonly body?: z.ZodType;
    readonly headers?: z.ZodType;
  };
};

type Answers = Readonly<Record<number, z.ZodType>>;
type AnswerOf<A extends Answers> = {
  readonly [Status in keyof A & number]: {
    readonly status: Status;
    readonly body: z.output<A[Status]>;
  };
}[keyof A & number];

type Row<Read, A extends Answers> = {
  readonly method: 'GET' | 'POST';
  /** As API Gateway writes it: `/replays/{id}`. */
  readonly path: string;
  /** The role whose keys open the route. */
  readonly role: AccessRole;
  /** Another role whose keys open it. */
  readonly alsoFor?: AccessRole;
  /** What it does, one sentence. */
  readonly summary: string;
  readonly request: RequestSchema<Read>;
  /** The schema of the answer, by status. */
  readonly answers: A;
  /** Statuses of its own refusals, beside those that every route has. */
  readonly refusals: readonly number[];
  /** An answer as CSV, by status, for those who accept that and no JSON. */
  readonly csv?: { readonly [Status in keyof A]?: (body: z.output<A[Status]>) => string };
  readonly handle: (request: Read, call: Call) => Promise<AnswerOf<A>>;
};

/** One row of the table of routes. */
export type Route = Omit<Row<unknown, Answers>, 'handle' | 'csv'> & {
  /** Whether an answer is given as CSV where `Accept` asks for it. */
  readonly hasCsv: boolean;
  readonly serve: (request: HttpRequest, call: Call) => Promise<HttpAnswer>;
};

/** Makes a row; the compiler checks that the handler answers what the row declares. */
export function route<Read, A extends Answers>(row: Row<Read, A>): Route {
  const { handle, csv, ...declared } = row;
  return {
    ...declared,
    hasCsv: csv !== undefined,
    serve: async (request, call) => {
      const answer = await handle(readRequest(row.request, request), call);
      const write = csv?.[answer.status];
      return write !== undefined && acceptsCsv(request)
        ? { status: answer.status, headers: csvHeaders, body: write(answer.body) }
        : answer;
    },
  };
}

const csvHeaders = { 'content-type': 'text/csv; charset=utf-8' };

const acceptsCsv = ({ headers: { accept = '' } }: HttpRequest): boolean =>
  /\btext\/csv\b/i.test(accept) && !/\bapplication\/json\b/i.test(accept);

export const ok = <Body>(body: Body): { readonly status: 200; readonly body: Body } => ({
  status: 200,
  body,
});

export const accepted = <Body>(body: Body): { readonly status: 202; readonly body: Body } => ({
  status: 202,
  body,
});
