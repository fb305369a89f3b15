import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCreative } from '../../../domain/outbound/creative.ts';

const read = (content: string) => readCreative(content).creative;
const issuesOf = (content: string) => readCreative(content).issues;

const TO = '+12025550123';
const FROM = '+12025550100';

describe('a creative', () => {
  it('is fields and a body on one line', () => {
    expect(read(`TO:${TO};FROM:${FROM};CHANNEL:SMS;Hello`)).toEqual({
      to: TO,
      from: FROM,
      channel: 'SMS',
      mediaUrls: [],
      body: 'Hello',
    });
  });

  it('is fields and a body on lines of their own', () => {
    const content = `TO:${TO};\nFROM: ${FROM} ;\r\n  channel : mms;\n\nMEDIA_URLS:https://x.example/a.jpg;\n\nHello,\nthank you`;
    expect(read(content)).toEqual({
      to: TO,
      from: FROM,
      channel: 'mms',
      mediaUrls: ['https://x.example/a.jpg'],
      body: 'Hello,\nthank you',
    });
  });

  it.each([
    ['semicolons', 'one; two; three;'],
    ['a word with a colon and a semicolon at its start', 'Note: hi; bring a friend'],
    ['a word we do not know before a colon', 'SUBJECT:spring; sale'],
    ['our own field later on', 'See you; TO:the moon; CHANNEL:5;'],
    ['line breaks and tabs', 'a\r\n\tb\n\n c'],
    ['links', 'Look: https://x.example/a;b?c=d&amp;e'],
    ['entities, which are not decoded', 'Fish &amp; chips &lt;3'],
    ['emoji', 'Hi 👩‍👩‍👧 ; 🎉'],
    ['right-to-left text', 'שלום; مرحبا'],
    ['what looks like a merge tag', '{{firstname}}, thank you'],
    ['a field that has no semicolon', 'FROM:Anna with love'],
  ])('keeps a body with %s', (_name, body) => {
    expect(read(`TO:${TO};${body}`)?.body).toBe(body);
  });

  it('trims its body at both ends and nowhere else', () => {
    expect(read(`TO:${TO};\n  a  \n b \n\n`)?.body).toBe('a  \n b');
  });

  it('takes a field with nothing in it as not given', () => {
    expect(read(`TO:${TO};FROM:;CHANNEL: ;MEDIA_URLS:;Hi`)).toEqual({
      to: TO,
      from: '',
      channel: '',
      mediaUrls: [],
      body: 'Hi',
    });
  });

  it('is all body when it does not start with a field', () => {
    expect(read('Hello; TO:+12025550123;')).toEqual({
      to: '',
      from: '',
      channel: '',
      mediaUrls: [],
      body: 'Hello; TO:+12025550123;',
    });
  });

  it('refuses an address given twice, for one of them would get a message meant for nobody', () => {
    expect(issuesOf(`TO:${TO};TO:+12025550124;Hi`)).toEqual([
      { field: 'TO', issue: 'is given twice' },
    ]);
    expect(issuesOf(`TO:${TO};FROM:;FROM:${FROM};Hi`)).toEqual([
      { field: 'FROM', issue: 'is given twice' },
    ]);
  });

  it('says when a semicolon is missing', () => {
    expect(issuesOf(`TO:${TO}\nHello; you`)).toEqual([
      { field: 'TO', issue: "runs over the end of its line: its ';' is missing" },
    ]);
  });
});

describe('the media of a creative', () => {
  const a = 'https://x.example/a.jpg';
  const b = 'https://x.example/b.jpg';

  it.each([
    ['a comma', `MEDIA_URLS:${a},${b};`],
    ['a comma and a blank', `MEDIA_URLS:${a}, ${b};`],
    ['blanks', `MEDIA_URLS:${a}  ${b};`],
    ['line breaks', `MEDIA_URLS:\n${a}\r\n${b}\n;`],
    ['a field each', `MEDIA_URLS:${a};\nMEDIA_URLS:${b};`],
    ['the manual spelling', `MEDIAL_URLS:${a},${b};`],
    ['both spellings', `MEDIA_URLS:${a};medial_urls:${b};`],
    ['a comma at the end', `MEDIA_URLS:${a},${b},;`],
  ])('are separated by %s', (_name, field) => {
    expect(read(`TO:${TO};${field}Hi`)).toMatchObject({ mediaUrls: [a, b], body: 'Hi' });
  });

  it('keep the commas and colons inside one URL', () => {
    const resized = 'https://img.example:8443/w_200,h_100/a.jpg';
    expect(read(`TO:${TO};MEDIA_URLS:${resized},${a};Hi`)?.mediaUrls).toEqual([resized, a]);
  });

  it('may hold more commas than quadratic work would get through', () => {
    const commas = `${a}?${','.repeat(240_000)}x`;
    expect(read(`TO:${TO};MEDIA_URLS:${commas};Hi`)?.mediaUrls).toEqual([commas]);
  });
});

describe('a creative in JSON', () => {
  it('is read field by field', () => {
    const content = JSON.stringify({
      to: TO,
      from: FROM,
      body: '  TO: you; with love ',
      media_urls: ['https://x.example/a;b.jpg'],
      channel: 'MMS',
    });
    expect(readCreative(` ${content}\n`)).toEqual({
      creative: {
        to: TO,
        from: FROM,
        channel: 'MMS',
        mediaUrls: ['https://x.example/a;b.jpg'],
        body: 'TO: you; with love',
      },
      issues: [],
    });
  });

  it('may leave fields out, null or in capitals, and name media in one text', () => {
    const content =
      '{"TO":12025550123,"from":null,"Body":"Hi","MEDIAL_URLS":"https://x.example/a.jpg"}';
    expect(read(content)).toEqual({
      to: '12025550123',
      from: '',
      channel: '',
      mediaUrls: ['https://x.example/a.jpg'],
      body: 'Hi',
    });
  });

  it('names every field of the wrong shape', () => {
    expect(issuesOf('{"to":{},"body":["a"],"media_urls":7}')).toEqual([
      { field: 'TO', issue: 'must be text' },
      { field: 'body', issue: 'must be text' },
      { field: 'MEDIA_URLS', issue: 'must be a URL or a list of URLs' },
    ]);
  });

  it('says when it is broken, as a name with a quotation mark breaks it', () => {
    expect(issuesOf('{"to":"+12025550123","body":"Hi "Anna""}')).toEqual([
      { field: 'impression.creativeContent', issue: "starts with '{' and is not a JSON object" },
    ]);
  });

  it('may be the body of a text creative', () => {
    const card = '{"richCard":{"text":"a;b"}}';
    expect(read(`TO:${TO};CHANNEL:RCS;${card}`)?.body).toBe(card);
  });
});

describe('any creative', () => {
  const blanks = fc.stringMatching(/^[ \t\r\n]{0,3}$/);
  /** A body that does not itself begin with one of our fields, trimmed as the reader trims. */
  const body = fc
    .oneof(
      fc.string({ unit: 'grapheme', maxLength: 1600, size: 'max' }),
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc
        .array(
          fc.constantFrom(
            ';',
            ':',
            'TO',
            'FROM:',
            '\n',
            '\r\n',
            ' ',
            '🎉',
            'א',
            'https://',
            'a',
            ',',
          ),
          { maxLength: 1600, size: 'max' },
        )
        .map((parts) => parts.join('')),
    )
    .map((text) => text.trim())
    .filter((text) => !/^(to|from|channel|media_urls|medial_urls)\s*:[^;]*;/i.test(text))
    .filter((text) => !text.startsWith('{'));
  const fields = fc
    .record({
      TO: fc.constant(TO),
      FROM: fc.option(fc.constantFrom(FROM, 'MySender', 'channel:abc'), { nil: '' }),
      CHANNEL: fc.option(fc.constantFrom('SMS', 'mms', 'WhatsApp'), { nil: '' }),
      MEDIA_URLS: fc.option(fc.constant('https://x.example/a.jpg'), { nil: '' }),
    })
    .map((of) => Object.entries(of).filter(([, value]) => value !== ''));
  const cased = (key: string) => fc.constantFrom(key, key.toLowerCase(), ` ${key} `);

  it('means the same in any order, with any line breaks and blanks, and keeps its body', () => {
    const written = fields.chain((given) =>
      fc.record({
        given: fc.constant(given),
        body,
        lines: fc
          .shuffledSubarray(given, { minLength: given.length })
          .chain((order) =>
            fc.tuple(
              ...order.map(([key, value]) =>
                fc
                  .tuple(blanks, cased(key), blanks, blanks)
                  .map(
                    ([before, name, left, right]) => `${before}${name}:${left}${value}${right};`,
                  ),
              ),
            ),
          ),
        gap: blanks,
      }),
    );
    fc.assert(
      fc.property(written, ({ given, lines, gap, body }) => {
        const value = (key: string) => given.find(([name]) => name === key)?.[1] ?? '';
        expect(readCreative(lines.join('') + gap + body)).toEqual({
          creative: {
            to: value('TO'),
            from: value('FROM'),
            channel: value('CHANNEL'),
            mediaUrls: value('MEDIA_URLS') === '' ? [] : [value('MEDIA_URLS')],
            body,
          },
          issues: [],
        });
      }),
      { numRuns: 500 },
    );
  });

  it('keeps any body at all when it is written in JSON', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 1600 }), (text) => {
        expect(read(JSON.stringify({ to: TO, body: text }))?.body).toBe(text.trim());
      }),
    );
  });

  it('is read without an exception, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (content) => {
        readCreative(content);
      }),
    );
  });
});
