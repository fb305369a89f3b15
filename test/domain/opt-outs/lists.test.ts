import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Preference,
  type Statement,
  withStatement,
} from '../../../domain/opt-outs/opt-out.ts';

const record = (preference: Preference, statement: Statement): Preference =>
  withStatement(preference, statement) ?? preference;

const sources = ['twilio:STOP', 'operator:on-call', 'import:crm', 'ci360'] as const;
const statement = fc.record({
  status: fc.constantFrom('opted-out' as const, 'opted-in' as const),
  source: fc.constantFrom(...sources),
});
/** Statements at different times: which of two at the same moment counts is not a question of lists. */
const statements = fc
  .array(statement, { maxLength: 15 })
  .map((said) => said.map((one, n): Statement => ({ ...one, at: n + 1, messageId: `M${n}` })));

const isFromList = (source: string) => source.startsWith('import') || source === 'ci360';

/** The rule in other words: what lists say is nothing while the person, or an operator, says STOP. */
function expected(said: readonly Statement[]): Statement['status'] | undefined {
  const own = said.filter(({ source }) => !isFromList(source)).at(-1);
  if (own?.status === 'opted-out') return 'opted-out';
  return said.at(-1)?.status;
}

describe('a list of opt-outs from elsewhere', () => {
  it('opts people out, and takes back only what a list said, in whatever order statements are recorded', () => {
    fc.assert(
      fc.property(
        statements.chain((said) =>
          fc.tuple(fc.constant(said), fc.shuffledSubarray([...said], { minLength: said.length })),
        ),
        ([said, recorded]) => {
          const preference = [...recorded, ...recorded].reduce(record, {});
          expect(preference.statement?.status).toBe(expected(said));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('never pushes a STOP out of what is remembered', () => {
    const stop: Statement = { status: 'opted-out', at: 1, source: 'twilio:STOP', messageId: 'SM1' };
    const lists = Array.from(
      { length: 60 },
      (_, n): Statement => ({
        status: 'opted-in',
        at: n + 2,
        source: 'import:crm',
        messageId: `list-${n}`,
      }),
    );
    const preference = [stop, ...lists].reduce(record, {});
    expect(preference.statement).toEqual(stop);
    expect(preference.earlier).toHaveLength(19);
  });
});
