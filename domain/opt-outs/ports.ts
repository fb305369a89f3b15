import type { Preference } from './opt-out.ts';

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
  /** All that is known, whether or not it still counts. */
  readonly preferenceOf: (tenantId: string, address: string) => Promise<Preference>;
};
