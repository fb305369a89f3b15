import type * as z from 'zod';

/** One simulated company, mounted at `/{name}`. Everything about HTTP, faults and inspection is the server's. */
export type Simulator = {
  /** Path prefix, and name in `/_inspect`, `/_faults` and `/_reply`. */
  readonly name: string;
  /** First path segments that lead here too without the prefix: providers' answers hold root-relative links. */
  readonly rootPaths?: readonly string[];
  /** Answers a request as the real API does. A thrown error is a bug of the simulator: 500 and a line on stderr. */
  readonly handle: (request: SimRequest) => Answer | Promise<Answer>;
  /** The company's own shape of an error, for the fault mode `status`. */
  readonly errorAnswer: (status: number, code: string | number | undefined) => PlainAnswer;
  /** Whether a request creates something, so that the `accept-then-…` modes apply to it. Default: any POST. */
  readonly creates?: (request: SimRequest) => boolean;
  /** Sends an inbound message, as the customer would. */
  readonly reply?: (reply: Reply) => Promise<ReplyResult>;
  /** What its accounts have and allow, for `/_settings/{name}`. `set` takes what the schema takes. */
  readonly settings?: {
    readonly schema: z.ZodType<object>;
    readonly current: () => object;
    readonly set: (given: unknown) => void;
  };
  /** What it accepted, for `GET /_messages/{name}`. Survives a restart when there is a data directory. */
  readonly accepted?: () => Iterable<unknown>;
  /** Forgets what it accepted and received, not its credentials. */
  readonly forget?: () => void;
  /** Goes on with what a restart broke off. Called once, when the connector can be reached. */
  readonly resume?: () => void;
  readonly close: () => void;
};

export type SimRequest = {
  readonly method: string;
  /** Without the mount prefix and the query: `/2010-04-01/Accounts/AC…/Messages.json`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** As received, decoded as UTF-8. */
  readonly body: string;
  /** The bytes, where UTF-8 would not do (multipart). */
  readonly rawBody: Buffer;
};

export type PlainAnswer = {
  readonly kind: 'answer';
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent as it is, anything else as JSON; undefined is no body. */
  readonly body?: unknown;
};

export type Answer =
  | PlainAnswer
  /** The request was read and is never answered. */
  | { readonly kind: 'hang' }
  /** The connection is cut. */
  | { readonly kind: 'reset' };

export const answer = (
  status: number,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
): PlainAnswer => ({ kind: 'answer', status, body, ...(headers ? { headers } : {}) });

/** What a customer writes back. */
export type Reply = {
  /** The customer's address. */
  readonly from: string;
  /** Our sender's address. */
  readonly to: string;
  readonly body: string;
  readonly mediaUrls?: readonly string[] | undefined;
  /** Further fields of the webhook, by the provider's own names (`OptOutType`, `ButtonPayload`, …). */
  readonly fields?: Readonly<Record<string, string>> | undefined;
  /** SCG: the bare list of fields without the envelope around it, as was seen once. */
  readonly flat?: boolean | undefined;
  /** Whose inbound webhook is called; default: the tenant that last wrote to this customer. */
  readonly tenant?: string | undefined;
};

export type ReplyResult = {
  readonly messageId: string;
  /** What the connector answered, or undefined when it could not be reached. */
  readonly status: number | undefined;
};
