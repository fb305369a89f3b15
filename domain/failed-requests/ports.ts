import type { FailedRequest, failedRequestStatuses, ListedRequest } from './failed-request.ts';

/** Which failed requests to list; both ends of the window belong to it. */
export type FailedRequestQuery = {
  readonly tenantId: string;
  readonly status: (typeof failedRequestStatuses)[number];
  /** Earliest and latest `insertTs`, ISO 8601 in UTC with milliseconds, as `Date.toISOString` writes it. */
  readonly since?: string;
  readonly until?: string;
  /** Oldest first unless `newest-first`. */
  readonly order?: 'oldest-first' | 'newest-first';
};

type FailedRequestPage = {
  /** At most `limit`; fewer does not mean that there are no more. */
  readonly items: readonly ListedRequest[];
  /** Where the next page starts; absent after the last. Opaque, and good for the same query only. */
  readonly cursor?: string;
};

/** What shows that a request has not changed since it was read. */
export type AsRead = Pick<FailedRequest, 'guid' | 'tenantId' | 'status' | 'replays'>;

/** The table of what will not be sent without an operator. Every call throws `Unavailable` when it is down. */
export type FailedRequests = {
  /**
   * Adds one; idempotent by tenant and guid. A guid that another tenant used first is kept under
   * `{tenantId}#{guid}`, so that nobody can displace another's request.
   */
  readonly add: (request: FailedRequest) => Promise<'added' | 'exists'>;
  /** A strongly consistent read. With `tenantId` the answer is that tenant's or nothing. */
  readonly get: (guid: string, tenantId?: string) => Promise<FailedRequest | undefined>;
  /**
   * Whole requests by their own guids, in that order, read consistently and together. What there is not
   * is left out.
   */
  readonly getMany: (guids: readonly string[]) => Promise<readonly FailedRequest[]>;
  /**
   * Replaces `previous`, under its own guid, if its status and count of replays still stand. False when
   * another writer was first.
   */
  readonly swap: (previous: AsRead, next: FailedRequest) => Promise<boolean>;
  /** Deletes `previous` if its status and count of replays still stand, or it is gone already. False otherwise. */
  readonly remove: (previous: AsRead) => Promise<boolean>;
  /**
   * One page in order of `insertTs`. Reads an index that may lag behind the table by a moment: judge an
   * item by `get`, `getMany` or `swap`. Throws `CursorRefused` for a cursor that is not this query's.
   */
  readonly list: (
    query: FailedRequestQuery,
    page: { readonly limit: number; readonly cursor?: string },
  ) => Promise<FailedRequestPage>;
};
