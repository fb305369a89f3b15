import type { Preference, RecipientState, Statement } from './opt-out.ts';

type RecordStatement = (
  tenantId: string,
  address: string,
  source: string,
  at: number,
  messageId?: string,
) => Promise<boolean>;

/** Who opted out, per tenant and address. */
export type OptOuts = {
  readonly isOptedOut: (tenantId: string, address: string) => Promise<boolean>;
  /**
   * Records a STOP of the person's that was said `at` (ms since 1970). Counts for ever, until a START.
   * Idempotent; the latest statement wins, whatever the order in which they are recorded. With the provider's
   * id of its message it counts once, at the time it was first recorded for. Resolves to whether this
   * message is what changed the person's mind, also when it is recorded again; false without an id.
   */
  readonly optOut: RecordStatement;
  /** Records a START. The same rules. */
  readonly optIn: RecordStatement;
  /** Records that a provider refused for an opt-out of which we did not hear. Counts for a time only. */
  readonly noteRefusal: (
    tenantId: string,
    address: string,
    source: string,
    at: number,
  ) => Promise<void>;
  /** Whether they opted out and when they were erased: one read. */
  readonly stateOf: (tenantId: string, address: string) => Promise<RecipientState>;
  /** Marks a person as erased at this time, ms since 1970. Safe to repeat. */
  readonly markErased: (tenantId: string, address: string, at: number) => Promise<void>;
  /** All that is known, whether or not it still counts. */
  readonly preferenceOf: (tenantId: string, address: string) => Promise<Preference>;
};

/** A statement as the history keeps it. */
export type HistoryEntry = Statement & {
  /** The key of the address, see `addressKey`. */
  readonly address: string;
  readonly note?: string | undefined;
  /** When it was recorded, ms since 1970. */
  readonly recordedAt: number;
};

export type HistoryPage = {
  readonly items: readonly HistoryEntry[];
  readonly cursor?: string;
};

type PageOf = { readonly limit: number; readonly cursor?: string | undefined };

/** All statements of all people, kept as proof (`opt_out_history_ttl`), and the way in for those that come from elsewhere. */
export type OptOutRegister = {
  /** Records a statement that names itself by its `messageId`. Safe to repeat. Throws `Unavailable`. */
  readonly record: (
    tenantId: string,
    address: string,
    statement: Statement & { readonly messageId: string },
    note?: string,
  ) => Promise<'recorded' | 'known'>;
  /** What one person said, the latest first. Throws `CursorRefused`. */
  readonly history: (tenantId: string, address: string, page: PageOf) => Promise<HistoryPage>;
  /**
   * The statements that count now and were made at `since` (ms since 1970) or later, the earliest first: each
   * person at most once. A page may hold fewer than its limit. Throws `CursorRefused`.
   */
  readonly standingSince: (tenantId: string, since: number, page: PageOf) => Promise<HistoryPage>;
};
