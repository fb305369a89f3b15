/** The result of a call to the agents' platform. Only `unknown` leaves open whether anything was done. */
export type Answered<T> = { readonly kind: 'done'; readonly value: T } | NotDone;

export type NotDone =
  /** Rejected permanently. `status` and `code` are the platform's. */
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly code: string;
      /** A page that explains the code. */
      readonly moreInfo?: string;
      /** The conversation that the error names. */
      readonly conversationId?: string;
    }
  /** Not now: throttled, or not reached. Nothing was done. */
  | {
      readonly kind: 'busy';
      readonly code: string;
      readonly retryAfterSeconds: number;
      readonly throttled?: true;
    }
  /** The request was sent and no clear response arrived. */
  | { readonly kind: 'unknown'; readonly code: string };

export const done = <T>(value: T): Answered<T> => ({ kind: 'done', value });

/** The platform did not accept our credentials. */
export const isRejected = (answer: Answered<unknown>): boolean =>
  answer.kind === 'refused' && answer.status === 401;
