import fc from 'fast-check';
import { expect, test } from 'vitest';
import { twilioAddresses } from '../../../providers/twilio/address.ts';
import { type Match, match } from '../../../providers/twilio/match.ts';
import { aMessageRequest, BUILT_AT } from '../../builders/message-request.ts';

const window = { from: BUILT_AT - 1000, to: BUILT_AT + 1000 };

function compare(ours: string, stored: string | null, numMedia = '0'): Match {
  const request = aMessageRequest({ body: ours });
  const addresses = twilioAddresses(request);
  if (addresses === undefined) throw new Error('SMS is carried');
  const listed = {
    sid: 'SM1',
    to: request.to,
    from: request.from,
    body: stored,
    direction: 'outbound-api',
    num_media: numMedia,
    date_created: new Date(BUILT_AT).toUTCString(),
  };
  return match(listed, request, addresses, window);
}

const bodies = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }),
  fc.constantFrom('\u200b', '\ufeff!', '👍🏽', '\u202emoolf', 'e\u0301', '…', 'ﬁn'),
);
const visible = bodies.filter((body) => body.trim() !== '');

test('any text is recognised as itself', () => {
  fc.assert(
    fc.property(visible, (body) => {
      expect(compare(body, body)).toBe('same');
    }),
  );
});

test('any text is recognised after its ends were trimmed', () => {
  const blanks = fc.stringMatching(/^[ \n\t]{0,3}$/);
  fc.assert(
    fc.property(blanks, visible, blanks, (before, body, after) => {
      expect(compare(before + body + after, body.trim())).toBe('same');
    }),
  );
});

test('a text that differs in a word is neither taken for ours nor for certainly another', () => {
  const word = fc.stringMatching(/^[a-z0-9]{1,12}$/);
  fc.assert(
    fc.property(word, word, (a, b) => {
      fc.pre(a !== b);
      expect(compare(`Hi ${a}, see you tomorrow`, `Hi ${b}, see you tomorrow`)).toBe('unsure');
    }),
  );
});

test('a text that the account hides is never taken for another', () => {
  fc.assert(
    fc.property(visible, (body) => {
      expect(compare(body, '')).toBe('unsure');
    }),
  );
});

test.each<[Match, string | undefined, string | null, string]>([
  ['same', 'Hello Ben', 'Hello Ben', ''],
  ['same', 'Hello Ben', 'Free text', 'Free text'],
  ['unsure', 'Hello Ben', 'Another text', ''],
  ['unread', 'Hello Ben', null, ''],
  ['unread', undefined, 'A card', ''],
])(
  'a template is %s where its text is %j, the listed one %j and the body %j',
  (expected, text, stored, body) => {
    const template = { template: 'HX1', variables: {}, ...(text === undefined ? {} : { text }) };
    const request = aMessageRequest({ body, template });
    const addresses = twilioAddresses(request);
    if (addresses === undefined) throw new Error('SMS is carried');
    const listed = {
      sid: 'SM1',
      to: request.to,
      from: request.from,
      body: stored,
      direction: 'outbound-api',
      date_created: new Date(BUILT_AT).toUTCString(),
    };
    expect(match(listed, request, addresses, window)).toBe(expected);
  },
);
