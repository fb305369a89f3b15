import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactKeyword, readKeyword } from '../../../domain/opt-outs/keyword.ts';

describe('a message that is nothing but a keyword', () => {
  it.each([
    'STOP',
    'stop',
    ' Stop. ',
    'STOP!!!',
    'STOP?',
    '“STOP”',
    "'stop'",
    'STOP 🙏',
    '🛑 STOP 🛑',
    'ST\u200bOP',
    '\ufeffSTOP',
    'ＳＴＯＰ',
    'S.T.O.P.',
    'STOP\n',
    'STOP ALL',
    'STOPALL',
    'OPT OUT',
    'OPT-OUT',
    'Opt–Out',
    'optout',
    'CANCEL',
    'END',
    'QUIT',
    'REVOKE',
    'UNSUBSCRIBE',
    'REMOVE',
    'TD',
    'STAHP',
    'IQUIT',
    'ARRET',
    'ARRÊT',
    'Désabonner',
    'ALTO',
    'PARAR',
    'BAJA',
    'SAIR',
    'ABMELDEN',
    'AFMELDEN',
    'СТОП',
    '停止',
    '退订',
    'توقف',
    'हटाओ',
    '수신거부',
    'หยุด',
  ])('opts out: %s', (text) => {
    expect(readKeyword(text, 'off')).toEqual({ keyword: 'STOP' });
  });

  it.each(['START', 'start.', 'Unstop', 'ＳＴＡＲＴ'])('opts in: %s', (text) => {
    expect(readKeyword(text, 'stop')).toEqual({ keyword: 'START' });
  });

  it.each(['HELP', 'info', 'Hilfe!'])('asks for help: %s', (text) => {
    expect(readKeyword(text, 'stop')).toEqual({ keyword: 'HELP' });
  });

  it.each([
    'YES',
    'Yes!',
    'ok',
    'start over please',
    'please start',
    '',
    '👍',
    '   ',
    '.',
    'constructor',
  ])('is a text like any other: "%s"', (text) => {
    expect(readKeyword(text, 'stop')).toEqual({});
  });
});

describe('a short text that contains a word which means STOP', () => {
  it.each([
    'Please stop',
    'please, STOP!',
    'stop texting me',
    'unsubscribe me',
    'Unsubscribe me please.',
    'opt-out please',
    'remove me from list',
    'bitte abmelden',
    'quiero darme de baja',
    'пожалуйста стоп',
    '请退订',
  ])('opts out and is listed for review: %s', (text) => {
    expect(readKeyword(text, 'stop')).toEqual({ keyword: 'STOP', isPhrase: true });
    expect(readKeyword(text, 'flag')).toEqual({ isPhrase: true });
    expect(readKeyword(text, 'off')).toEqual({});
  });

  it.each(["don't stop", 'Do not stop!', 'never stop'])(
    'is only listed when it says not to: %s',
    (text) => {
      expect(readKeyword(text, 'stop')).toEqual({ isPhrase: true });
    },
  );

  it.each([
    'cancel my appointment',
    'please cancel my order',
    'when does it end',
    'I quit my job',
    'the nonstop flight',
    'I will come by as soon as I get off at the bus stop near you',
    'unstoppable',
  ])('leaves alone what people write about other things: %s', (text) => {
    expect(readKeyword(text, 'stop')).toEqual({});
  });
});

describe("a tenant's own words", () => {
  const own = { STOP: ['Ende Gelände'], START: ['JOIN'], HELP: ['¿Qué?'] };

  it.each([
    ['ende gelaende', undefined],
    ['ENDE-GELÄNDE!', 'STOP'],
    ['join', 'START'],
    ['que', 'HELP'],
    ['stop', 'STOP'],
  ] as const)('go before the table: %s', (text, keyword) => {
    expect(exactKeyword(text, own)).toBe(keyword);
  });

  it('may give a word of the table another meaning', () => {
    expect(exactKeyword('INFO', { STOP: ['info'] })).toBe('STOP');
  });
});

it('reads a keyword through any decoration', () => {
  const decoration = fc
    .array(
      fc.constantFrom(' ', '.', '!', '?', '“', "'", '-', '\n', '\u200b', '\u2060', '🙏', '❤️'),
      {
        maxLength: 6,
      },
    )
    .map((marks) => marks.join(''));
  fc.assert(
    fc.property(
      decoration,
      fc.constantFrom('stop', 'Arrêt', 'СТОП', '停止'),
      decoration,
      (a, word, b) => {
        expect(exactKeyword(`${a}${word}${b}`)).toBe('STOP');
      },
    ),
  );
});

it('never takes a longer text that contains no unambiguous word for an opt-out', () => {
  const word = fc.constantFrom(
    'cancel',
    'end',
    'quit',
    'my',
    'order',
    'appointment',
    'the',
    'please',
  );
  fc.assert(
    fc.property(fc.array(word, { minLength: 2, maxLength: 5 }), (words) => {
      expect(readKeyword(words.join(' '), 'stop').keyword).toBeUndefined();
    }),
  );
});
