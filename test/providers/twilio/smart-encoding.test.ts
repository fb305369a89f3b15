import fc from 'fast-check';
// Twilio's own package for counting segments holds the table that Twilio publishes.
import published from 'sms-segments-calculator/dist/libs/SmartEncodingMap.js';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { twilioAddresses } from '../../../providers/twilio/address.ts';
import { match } from '../../../providers/twilio/match.ts';
import { aMessageRequest, BUILT_AT } from '../../builders/message-request.ts';

const { default: table } = z.object({ default: z.record(z.string(), z.string()) }).parse(published);
const characters = Object.keys(table);

function recognises(body: string, stored: string): boolean {
  const request = aMessageRequest({ body });
  const addresses = twilioAddresses(request);
  if (addresses === undefined) throw new Error('SMS is carried');
  const listed = {
    sid: 'SM1',
    to: request.to,
    from: request.from,
    body: stored,
    date_created: new Date(BUILT_AT).toUTCString(),
  };
  return match(listed, request, addresses, { from: BUILT_AT, to: BUILT_AT }) === 'same';
}

test('a text is recognised after Smart Encoding replaced any character of its published table', () => {
  expect(characters.length).toBeGreaterThan(250);
  const missed = characters.filter(
    (character) => !recognises(`Half ${character} price`, `Half ${table[character]} price`),
  );
  expect(missed).toEqual([]);
});

test('a text is recognised whichever of its characters Smart Encoding replaced', () => {
  const piece = fc.record({
    text: fc.oneof(fc.constantFrom(...characters), fc.string({ unit: 'grapheme', maxLength: 4 })),
    isReplaced: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 20 }), (pieces) => {
      const body = `Hi${pieces.map(({ text }) => text).join('')}.`;
      const stored = pieces.map(({ text, isReplaced }) =>
        isReplaced ? Array.from(text, (character) => table[character] ?? character).join('') : text,
      );
      expect(recognises(body, `Hi${stored.join('')}.`)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
