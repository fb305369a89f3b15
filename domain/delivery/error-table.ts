import type { Failure } from '../failure.ts';

/**
 * One row of a provider's error table.
 * `class` classifies a synchronous error; `throttled` and `transient` are retried, `unknown`
 * is looked up, the others end the delivery.
 */
export type ErrorRow = {
  readonly class: 'permanent' | 'config' | 'opted-out' | 'throttled' | 'transient' | 'unknown';
  /** Of `throttled`: the limit is that of the whole account, not of the sender. */
  readonly scope?: 'account';
  /** What it means, one short sentence. */
  readonly meaning: string;
  /** What the operator can do, one sentence. */
  readonly advice: string;
};

/** Keyed by the provider's code as it appears in answers and callbacks. */
export type ErrorTable = Readonly<Record<string, ErrorRow>>;

/** A failure for `code` in words from the table; the table's sentence wins over the provider's own text, which may name numbers. */
export function describe(row: ErrorRow, code: string, httpStatus: number | undefined): Failure {
  const failureClass = row.class === 'throttled' ? 'transient' : row.class;
  return {
    class: failureClass,
    code,
    message: row.meaning,
    advice: row.advice,
    ...(httpStatus === undefined ? {} : { httpStatus }),
  };
}

/**
 * One row for an error that comes later, in a callback. The message had been accepted, so nothing is
 * ever resent: the class only says what the operator can do. `recipient` is a phone that could not be
 * reached this time.
 */
export type LateErrorRow = {
  readonly class: 'permanent' | 'config' | 'opted-out' | 'throttled' | 'recipient';
  readonly meaning: string;
  readonly advice: string;
};
export type LateErrorTable = Readonly<Record<string, LateErrorRow>>;

/** A failure for a late error: `throttled` and `recipient` may pass with time, so both are `transient`. */
export function describeLate(row: LateErrorRow, code: string): Failure {
  const passes = row.class === 'throttled' || row.class === 'recipient';
  return {
    class: passes ? 'transient' : row.class,
    code,
    message: row.meaning,
    advice: row.advice,
  };
}
