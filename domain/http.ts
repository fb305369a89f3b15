/** A request as the rules see it, whatever carried it. Header names in lower case, the body decoded. */
export type HttpRequest = {
  readonly method: string;
  readonly path: string;
  /** `POST /{provider}/messages`: which route matched. */
  readonly routeKey: string;
  readonly params: Readonly<Record<string, string>>;
  /** Byte-exact, for signatures. */
  readonly rawQuery: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly requestId: string;
  /** The caller's address, as the gateway saw it. */
  readonly sourceIp?: string;
};

/** An answer: an object body is sent as JSON, a string as it is. */
export type HttpAnswer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** The body is a string of bytes in base64. */
  readonly isBase64?: boolean;
};

/** One field that was wrong, and why, in words that name no number, text or secret. */
export type Issue = { readonly field: string; readonly issue: string };
