import { describe, expect, it } from 'vitest';
import {
  changedBy,
  optedOutBy,
  type Preference,
  type Statement,
  withRefusal,
  withStatement,
} from '../../../domain/opt-outs/opt-out.ts';

const said = (status: Statement['status'], messageId: string, at: number): Statement => ({
  status,
  at,
  source: `twilio:${status}`,
  messageId,
});
const recorded = (...statements: readonly Statement[]): Preference =>
  statements.reduce<Preference>(
    (preference, statement) => withStatement(preference, statement) ?? preference,
    {},
  );

describe("a message changes a person's mind", () => {
  it('when it is the first STOP', () => {
    expect(changedBy(recorded(said('opted-out', 'SM1', 1)), 'SM1')).toBe(true);
  });

  it('when it says something else than the message before it', () => {
    const preference = recorded(said('opted-out', 'SM1', 1), said('opted-in', 'SM2', 2));

    expect(changedBy(preference, 'SM2')).toBe(true);
  });

  it('but not when it says the same again', () => {
    const preference = recorded(said('opted-out', 'SM1', 1), said('opted-out', 'SM2', 2));

    expect(changedBy(preference, 'SM2')).toBe(false);
  });

  it('but not when it is a START of someone who was never opted out', () => {
    expect(changedBy(recorded(said('opted-in', 'SM1', 1)), 'SM1')).toBe(false);
  });

  it('but not when another one is the latest, or nothing is known', () => {
    const preference = recorded(said('opted-out', 'SM1', 1), said('opted-in', 'SM2', 2));

    expect(changedBy(preference, 'SM1')).toBe(false);
    expect(changedBy({}, 'SM1')).toBe(false);
  });
});

describe('a STOP and a START of the same millisecond', () => {
  it.each([
    ['STOP first', said('opted-out', 'SM1', 5), said('opted-in', 'SM2', 5)],
    ['START first', said('opted-in', 'SM2', 5), said('opted-out', 'SM1', 5)],
  ])('leave the person opted out: %s', (_, one, other) => {
    const rules = { refusalTtlSeconds: 60, clock: () => 10 };

    expect(optedOutBy(recorded(one, other), rules)).toBe('statement');
  });

  it('of the same kind end alike in either order', () => {
    const one = said('opted-out', 'SM1', 5);
    const other = said('opted-out', 'SM2', 5);

    expect(recorded(one, other)).toEqual(recorded(other, one));
  });
});

describe('what is recorded again', () => {
  it('changes nothing, with or without the id of a message', () => {
    const named = said('opted-out', 'SM1', 5);
    const { messageId: _none, ...nameless } = named;

    expect(withStatement(recorded(named), named)).toBeUndefined();
    expect(withStatement(recorded(nameless), nameless)).toBeUndefined();
  });

  it('changes nothing when it is a refusal no later than the one that is known', () => {
    const refusal = { at: 5, source: 'twilio:21610' };

    expect(withRefusal({ refusal }, refusal)).toBeUndefined();
    expect(withRefusal({ refusal }, { ...refusal, at: 6 })).toEqual({
      refusal: { ...refusal, at: 6 },
    });
  });
});

describe('a refusal of the provider', () => {
  const refusal = { at: 1_000, source: 'twilio:21610' };
  const asked = (preference: Preference, now: number) =>
    optedOutBy(preference, { refusalTtlSeconds: 60, clock: () => now });

  it('counts for its time and no moment longer', () => {
    expect(asked({ refusal }, 60_999)).toBe('refusal');
    expect(asked({ refusal }, 61_000)).toBeUndefined();
  });

  it('counts against a START of the same moment, and not against a later one', () => {
    expect(asked({ refusal, statement: said('opted-in', 'SM1', 1_000) }, 2_000)).toBe('refusal');
    expect(asked({ refusal, statement: said('opted-in', 'SM1', 1_001) }, 2_000)).toBeUndefined();
  });
});
