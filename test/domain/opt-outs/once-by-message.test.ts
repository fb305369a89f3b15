import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  optedOutBy,
  type Preference,
  type Statement,
  withStatement,
} from '../../../domain/opt-outs/opt-out.ts';

const rules = { refusalTtlSeconds: 60, clock: () => 1_000_000 };
const said = (status: Statement['status'], messageId: string, at: number): Statement => ({
  status,
  at,
  source: `twilio:${status}`,
  messageId,
});
const recorded = (statements: readonly Statement[]): Preference =>
  statements.reduce<Preference>(
    (preference, statement) => withStatement(preference, statement) ?? preference,
    {},
  );

describe('a keyword that its provider delivers again', () => {
  it('does not undo the STOP that came between', () => {
    const preference = recorded([
      said('opted-in', 'SM1', 1_000),
      said('opted-out', 'SM2', 2_000),
      said('opted-in', 'SM1', 3_000),
    ]);

    expect(optedOutBy(preference, rules)).toBe('statement');
  });

  it('does not undo a START either', () => {
    const preference = recorded([
      said('opted-out', 'SM1', 1_000),
      said('opted-in', 'SM2', 2_000),
      said('opted-out', 'SM1', 3_000),
    ]);

    expect(optedOutBy(preference, rules)).toBeUndefined();
  });

  it('counts from when it was first heard, though the repetition was recorded first', () => {
    const preference = recorded([
      said('opted-out', 'SM2', 2_000),
      said('opted-in', 'SM1', 3_000),
      said('opted-in', 'SM1', 1_000),
    ]);

    expect(optedOutBy(preference, rules)).toBe('statement');
  });

  it('does not undo what an operator did after it', () => {
    const lifted: Statement = { status: 'opted-in', at: 2_000, source: 'operator:on-call' };
    const preference = recorded([
      said('opted-out', 'SM1', 1_000),
      lifted,
      said('opted-out', 'SM1', 3_000),
      lifted,
    ]);

    expect(optedOutBy(preference, rules)).toBeUndefined();
    expect(preference.statement).toEqual(lifted);
  });

  it('leaves the last thing that the person said, in every order and with any repetitions', () => {
    const conversation = fc.array(fc.constantFrom('opted-out', 'opted-in'), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(
        conversation.chain((statuses) => {
          const firsts = statuses.map((status, n) => said(status, `SM${n}`, 1_000 + n));
          const repeated = fc
            .subarray(firsts)
            .map((again) => again.map((statement, n) => ({ ...statement, at: 2_000 + n })));
          return repeated.chain((again) =>
            fc.tuple(
              fc.constant(statuses),
              fc.shuffledSubarray([...firsts, ...again, ...firsts], {
                minLength: 2 * firsts.length + again.length,
              }),
            ),
          );
        }),
        ([statuses, deliveries]) => {
          const last = statuses.at(-1);
          expect(recorded(deliveries).statement?.status).toBe(last);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('is forgotten after many others, and the record stays small', () => {
    const statements = Array.from({ length: 1_000 }, (_, n) =>
      said(n % 2 === 0 ? 'opted-out' : 'opted-in', `SM${n}`, n),
    );

    expect(recorded(statements).earlier?.length).toBeLessThan(25);
    expect(recorded(statements).statement?.messageId).toBe('SM999');
  });
});
