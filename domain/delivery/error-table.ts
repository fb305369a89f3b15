import type { Failure } from './failure.ts';

/**
 * One row of a provider's error table.
 * `class` is what a synchronous error comes to; `throttled` and `transient` are retried, `unknown`
 * is looked up, the others end the delivery.
 */
export type ErrorRow = {
  readonly class: 'permanent' | 'config' | 'opted-out' | 'throttled' | 'transient' | 'unknown';
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
