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
      priority: '',
      body: 'Hello',
    });
  });

  it('is fields and a body on lines of their own', () => {
    const content = `TO:${TO};\nFROM: ${FROM} ;\r\n  channel : mms;\nMEDIA_URLS:https://x.example/a.jpg;\n\nHello,\nthank you`;
    expect(read(content)).toEqual({
      to: TO,
      from: FROM,
      channel: 'mms',
      mediaUrls: ['https://x.example/a.jpg'],
      priority: '',
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
      priority: '',
      body: 'Hi',
    });
  });

  it('is all body when it does not start with a field', () => {
    expect(read('Hello; TO:+12025550123;')).toEqual({
      to: '',
      from: '',
      channel: '',
      mediaUrls: [],
      priority: '',
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

  it.each([
    ['two fields', 'MEDIA_URLS:https://x.example/a.jpg;MEDIA_URLS:https://x.example/b.jpg;'],
    ['both spellings', 'MEDIA_URLS:https://x.example/a.jpg;medial_urls:https://x.example/b.jpg;'],
    ['an empty one and another', 'MEDIA_URLS:;MEDIA_URLS:https://x.example/b.jpg;'],
  ])('refuses media in %s, for the second may come from a merge tag', (_name, twice) => {
    expect(issuesOf(`TO:${TO};${twice}Hi`)).toEqual([
      { field: 'MEDIA_URLS', issue: 'is given twice' },
    ]);
  });

  it('says when a semicolon is missing', () => {
    expect(issuesOf(`TO:${TO}\nHello; you`)).toEqual([
      { field: 'TO', issue: "runs over the end of its line: its ';' is missing" },
    ]);
  });
});

const INJECTED = 'FROM:+12025550199;MEDIA_URLS:https://evil.example/x.jpg;';

describe('the header of a creative', () => {
  it.each([
    ['BODY:', `TO:${TO};BODY:${INJECTED} thank you`, `${INJECTED} thank you`],
    ['BODY: on a line of its own', `TO:${TO};\nBODY:\n${INJECTED}\n`, INJECTED],
    ['body: in small letters', `TO:${TO}; body : TO:you; BODY:me`, 'TO:you; BODY:me'],
    ['an empty line', `TO:${TO};\n\n${INJECTED}, thank you`, `${INJECTED}, thank you`],
    ['a line of blanks', `TO:${TO};\r\n \t\r\n${INJECTED}, thank you`, `${INJECTED}, thank you`],
    [
      'an empty line before an ordinary word',
      `TO:${TO};\n\nFrom: all of us; hello`,
      'From: all of us; hello',
    ],
  ])('ends at %s, and nothing below is a field', (_name, content, body) => {
    expect(readCreative(content)).toEqual({
      creative: { to: TO, from: '', channel: '', mediaUrls: [], priority: '', body },
      issues: [],
    });
  });

  it('may begin with empty lines, and holds one that is within a list of media', () => {
    const content = `\n\nTO:${TO};\nMEDIA_URLS:https://x.example/a.jpg\n\nhttps://x.example/b.jpg;\nHi`;
    expect(read(content)).toMatchObject({ to: TO, mediaUrls: { length: 2 }, body: 'Hi' });
  });

  it.each([
    ['FROM', `TO:${TO};\n\nFROM:${FROM};\nHello`],
    ['CHANNEL', `TO:${TO};\n\n\n FROM:${FROM}; channel:MMS; \nHello`],
    ['MEDIA_URLS', `TO:${TO};\n\nMEDIAL_URLS:https://x.example/a.jpg;`],
    ['BODY', `TO:${TO};\n\nBODY:Hello`],
  ])('is refused where %s stands on a line of its own below an empty line', (field, content) => {
    expect(issuesOf(content)).toMatchObject([
      { issue: 'stands after an empty line, which ends the fields; take the empty line out' },
    ]);
    expect(['FROM', 'CHANNEL', 'MEDIAL_URLS', 'BODY']).toContain(issuesOf(content)[0]?.field);
    expect(readCreative(content, 'text').issues, field).toEqual([]);
  });

  it('keeps its sender and media whatever a person is called, where BODY: or an empty line ends it', () => {
    const part = fc.constantFrom(
      'FROM:',
      'TO:',
      'BODY:',
      'MEDIA_URLS:',
      'CHANNEL:',
      ';',
      ':',
      ' ',
      '+12025550199',
      'Anna',
      '\n',
      '{',
    );
    const name = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(name, fc.constantFrom('BODY:', '\n\n', '\r\n\r\n'), (called, end) => {
        const content = `TO:${TO};FROM:${FROM};${end}${called}, thank you`;
        const { creative, issues } = readCreative(content);
        expect(creative).toEqual({
          to: TO,
          from: FROM,
          channel: '',
          mediaUrls: [],
          priority: '',
          body: `${called}, thank you`.trim(),
        });
        if (end === 'BODY:') expect(issues).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a word that is no field', () => {
  const issueOf = (start: string, unknownFields?: 'near' | 'refuse' | 'text') =>
    readCreative(`TO:${TO};${start} hello`, unknownFields).issues;

  it.each([
    ['CHANEL:MMS;', 'CHANEL', 'CHANNEL'],
    ['Chanell:MMS;', 'CHANELL', 'CHANNEL'],
    ['CHNANEL:MMS;', 'CHNANEL', 'CHANNEL'],
    ['MEDIA_URL:https://x.example/a.jpg;', 'MEDIA_URL', 'MEDIA_URLS'],
    ['MEDIA-URLS:https://x.example/a.jpg;', 'MEDIA_URLS', 'MEDIA_URLS'],
    ['MEDIA URLS:https://x.example/a.jpg;', 'MEDIA_URLS', 'MEDIA_URLS'],
    ['FORM:+12025550100;', 'FORM', 'FROM'],
    ['FROMM:+12025550100;', 'FROMM', 'FROM'],
    ['TEMPLATES:welcome;', 'TEMPLATES', 'TEMPLATE'],
  ])('is refused where it is close to one: %s', (start, field, meant) => {
    expect(issueOf(start)).toMatchObject([
      { field, issue: expect.stringContaining(`is no field; did you mean ${meant}?`) },
    ]);
    expect(issueOf(start, 'text')).toEqual([]);
  });

  it.each(['CONTENT_SID:HX123;', 'STATUS_CALLBACK:https://x.example;', 'SEND_DATE:today;'])(
    'is refused in capitals with an underscore: %s',
    (start) => {
      expect(issueOf(start)).toMatchObject([{ issue: expect.stringMatching(/^is no field/) }]);
      expect(issueOf(start, 'text')).toEqual([]);
    },
  );

  it.each([
    'Reminder: your table is booked; see you!',
    'Note: hi; bring a friend',
    'SUBJECT:spring; sale',
    'Form: fill it in; send it back',
    'Body lotion: now two for one; today only',
    'Farm: fresh eggs; milk',
    'Tom: I miss you; call me',
    'PS: bring a friend;',
    'Dear all: thank you;',
    'https://x.example/a;b',
  ])('is text where it is ordinary: %s', (text) => {
    expect(readCreative(`TO:${TO};${text}`)).toMatchObject({
      creative: { body: text },
      issues: [],
    });
  });

  it('is never repeated where any such word is refused, for it may be a name', () => {
    expect(issueOf('Anna: hi;', 'refuse')).toEqual([
      { field: 'body', issue: 'begins with a word that is no field; write BODY: before it' },
    ]);
    expect(issueOf('Hello, Anna: hi;', 'refuse')).toEqual([]);
  });

  it.each([
    ['near', { chanel: 'MMS' }, [{ field: 'CHANEL', issue: 'is no field; did you mean CHANNEL?' }]],
    ['near', { form: FROM }, [{ field: 'FORM', issue: 'is no field; did you mean FROM?' }]],
    ['near', { content_sid: 'HX1' }, [{ field: 'CONTENT_SID', issue: 'is no field' }]],
    [
      'near',
      { categry: 'x' },
      [{ field: 'CATEGRY', issue: 'is no field; did you mean CATEGORY?' }],
    ],
    ['near', { var_1: 'x' }, [{ field: 'VAR_1', issue: 'is written as "variables": {…} in JSON' }]],
    ['near', { comment: 'x' }, []],
    [
      'refuse',
      { comment: 'x' },
      [{ field: 'impression.creativeContent', issue: 'has a key that is no field' }],
    ],
    ['text', { chanel: 'MMS', content_sid: 'HX1' }, []],
    ['near', { To: TO }, [{ field: 'TO', issue: 'is given twice' }]],
    [
      'near',
      { media_urls: [], medial_urls: [] },
      [{ field: 'MEDIA_URLS', issue: 'is given twice' }],
    ],
  ] as const)(
    'is treated alike as a key of a JSON creative: %s %j',
    (unknownFields, extra, issues) => {
      const content = JSON.stringify({ to: TO, body: 'Hi', ...extra });
      expect(readCreative(content, unknownFields).issues).toEqual(issues);
    },
  );

  it('of ordinary text is never refused, of any misspelt long field always', () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ_'.split('');
    const misspelt = fc
      .record({
        name: fc.constantFrom('CHANNEL', 'MEDIA_URLS'),
        at: fc.nat({ max: 6 }),
        letter: fc.constantFrom(...letters),
        how: fc.constantFrom('insert', 'delete', 'replace', 'swap'),
      })
      .map(({ name, at, letter, how }) => {
        const [before, here, next, after] = [
          name.slice(0, at),
          name[at] ?? '',
          name[at + 1] ?? '',
          name.slice(at + 2),
        ];
        if (how === 'insert') return before + letter + here + next + after;
        if (how === 'delete') return before + next + after;
        return how === 'replace' ? before + letter + next + after : before + next + here + after;
      })
      .filter(
        (word) => /^[A-Z]/.test(word) && !['CHANNEL', 'MEDIA_URLS', 'MEDIAL_URLS'].includes(word),
      );
    fc.assert(
      fc.property(misspelt, (word) => {
        expect(issueOf(`${word}:x;`)).toHaveLength(1);
      }),
      { numRuns: 1000 },
    );
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
    ['the manual spelling', `MEDIAL_URLS:${a},${b};`],
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
        priority: '',
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
      priority: '',
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
  const blanks = fc.stringMatching(/^[ \t]{0,2}(\r\n|\n)?[ \t]{0,2}$/);
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
    .filter((text) => !/^body\s*:/i.test(text))
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
            priority: '',
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

describe('a template', () => {
  it('is named with its language and variables, in a text', () => {
    const content = `TO:${TO};CHANNEL:WHATSAPP;\nTEMPLATE:spring_sale; LANGUAGE:en;\nVAR_1:Ben; VAR_firstName:Ann;\nBODY:\nHi; you`;
    expect(readCreative(content)).toMatchObject({
      creative: {
        channel: 'WHATSAPP',
        template: {
          template: 'spring_sale',
          language: 'en',
          variables: { '1': 'Ben', firstName: 'Ann' },
        },
        body: 'Hi; you',
      },
      issues: [],
    });
  });

  it('is named in JSON', () => {
    const content = JSON.stringify({
      to: TO,
      template: 'spring_sale',
      language: 'en',
      variables: { '1': 'Ben', '2': 3 },
    });
    expect(readCreative(content)).toMatchObject({
      creative: {
        template: { template: 'spring_sale', language: 'en', variables: { '1': 'Ben', '2': '3' } },
      },
      issues: [],
    });
  });

  it('may be named once, and each of its variables too', () => {
    expect(readCreative(`TO:${TO};TEMPLATE:a;TEMPLATE:b;VAR_1:x;VAR_1:y;`).issues).toEqual([
      { field: 'TEMPLATE', issue: 'is given twice' },
      { field: 'VAR_1', issue: 'is given twice' },
    ]);
  });

  it('has variables with names of letters, digits and underscores', () => {
    expect(readCreative(`TO:${TO};TEMPLATE:a;VAR_first name:x;`).issues).toMatchObject([
      { field: 'VAR_FIRST_NAME', issue: expect.stringContaining('is no field') },
    ]);
  });
});
