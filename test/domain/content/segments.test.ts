import fc from 'fast-check';
import calculator from 'sms-segments-calculator';
import { describe, expect, it } from 'vitest';
import { segmentsOf } from '../../../domain/content/segments.ts';

const count = (body: string) => segmentsOf({ channel: 'SMS', body });

describe('an SMS', () => {
  it.each([
    ['Hello there', 'GSM-7', 1],
    ['Grüße – schön', 'UCS-2', 1],
    ['€'.repeat(80), 'GSM-7', 1],
    ['€'.repeat(81), 'GSM-7', 2],
    ['a'.repeat(160), 'GSM-7', 1],
    ['a'.repeat(161), 'GSM-7', 2],
    ['a'.repeat(306), 'GSM-7', 2],
    ['a'.repeat(307), 'GSM-7', 3],
    ['–'.repeat(70), 'UCS-2', 1],
    ['–'.repeat(71), 'UCS-2', 2],
    ['😀'.repeat(40), 'UCS-2', 2],
  ] as const)('%j is %s in %i segments', (body, encoding, segments) => {
    expect(count(body)).toEqual({ encoding, segments });
  });

  it('has segments, and a message on another channel has none', () => {
    expect(segmentsOf({ channel: 'WHATSAPP', body: 'Hello' })).toBeUndefined();
    expect(segmentsOf({ channel: 'MMS', body: 'Hello' })).toBeUndefined();
  });
});

/** Bodies about the limits, where a character more or less counts, in both alphabets and mixed. */
const piece = fc.oneof(
  fc.constantFrom(
    'a',
    'é',
    '\n',
    '\r\n',
    '€',
    '{',
    '^',
    '\f',
    '–',
    '’',
    '😀',
    '👩‍👩‍👧',
    '🇩🇪',
    'e\u0301',
    '각',
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }),
);
const body = fc
  .array(
    fc.tuple(
      piece,
      fc.oneof(
        { weight: 4, arbitrary: fc.nat(9) },
        { weight: 1, arbitrary: fc.constantFrom(33, 34, 35, 66, 67, 70, 76, 80, 152, 153, 160) },
      ),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((pieces) => pieces.map(([text, times]) => text.repeat(times)).join(''))
  .filter((text) => text !== '' && text.length <= 330)
  // No part holds a character with dozens of marks, so providers differ on what they make of it.
  .filter((text) => !/\p{M}{12}/u.test(text));

it('has as many segments as the provider’s own calculator counts', () => {
  fc.assert(
    fc.property(body, (text) => {
      const theirs = new calculator.SegmentedMessage(text);
      expect(count(text)).toEqual({
        encoding: theirs.getEncodingName(),
        segments: theirs.segmentsCount,
      });
    }),
    { numRuns: 100_000 },
  );
}, 300_000);
