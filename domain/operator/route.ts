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
  /** What it does, one sentence. */
  readonly summary: string;
  readonly request: RequestSchema<Read>;
  /** The schema of the answer, by status. */
  readonly answers: A;
  /** Statuses of its own refusals, beside those that every route has. */
  readonly refusals: readonly number[];
  readonly handle: (request: Read, call: Call) => Promise<AnswerOf<A>>;
};

/** One row of the table of routes. */
export type Route = Omit<Row<unknown, Answers>, 'handle'> & {
  readonly serve: (request: HttpRequest, call: Call) => Promise<HttpAnswer>;
};

/** Makes a row; the compiler checks that the handler answers what the row declares. */
export function route<Read, A extends Answers>(row: Row<Read, A>): Route {
  const { handle, ...declared } = row;
  return {
    ...declared,
    serve: (request, call) => handle(readRequest(row.request, request), call),
  };
}

export const ok = <Body>(body: Body): { readonly status: 200; readonly body: Body } => ({
  status: 200,
  body,
});

export const accepted = <Body>(body: Body): { readonly status: 202; readonly body: Body } => ({
  status: 202,
  body,
});
