import fc from 'fast-check';
import published from 'sms-segments-calculator/dist/libs/SmartEncodingMap.js';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { encodeText } from '../../../domain/content/encode-text.ts';
import { isGsm7 } from '../../../domain/content/gsm7.ts';
import { type ContentSettings, prepareContent } from '../../../domain/content/prepare.ts';
import { providers } from '../../../providers/registry.ts';
import { aMessageRequest } from '../../builders/message-request.ts';

const asWritten: ContentSettings = {
  providers,
  encoding: 'keep',
  max_segments: 0,
  refuse_unmerged: false,
  scg_directives: 'escape',
};
const prepare = (
  body: string,
  settings: Partial<ContentSettings> = {},
  request: Parameters<typeof aMessageRequest>[0] = {},
) => prepareContent({ ...asWritten, ...settings })(aMessageRequest({ body, ...request }));

describe('encoding', () => {
  const typographic = '“Spring”\u00a0sale – it’s on…';

  it('keep sends a text as it is written', () => {
    expect(prepare(typographic)).toMatchObject({
      request: { body: typographic },
      sms: { encoding: 'UCS-2', segments: 1 },
    });
  });

  it('smart replaces typographic characters', () => {
    expect(prepare(typographic, { encoding: 'smart' })).toMatchObject({
      request: { body: '"Spring" sale - it\'s on...' },
      sms: { encoding: 'GSM-7', segments: 1 },
    });
  });

  it('smart leaves a text alone that would not be GSM-7 afterwards', () => {
    const body = 'It’s on 😀';
    expect(prepare(body, { encoding: 'smart' })).toMatchObject({ request: { body } });
  });

  it('gsm7 takes accents off that GSM-7 lacks, and keeps those that it has', () => {
    expect(prepare('Château – é', { encoding: 'gsm7' })).toMatchObject({
      request: { body: 'Chateau - é' },
    });
  });

  it('gsm7 refuses what is left, and repeats nothing of the text', () => {
    expect(prepare('Hi – 😀', { encoding: 'gsm7' })).toEqual({
      kind: 'invalid',
      issues: [{ field: 'body', issue: 'has characters that GSM-7 lacks: U+1F600 at position 6' }],
    });
  });

  it('changes nothing on a channel without segments', () => {
    const sent = prepare(typographic, { encoding: 'gsm7' }, { channel: 'WHATSAPP' });
    expect(sent).toEqual({
      kind: 'request',
      request: aMessageRequest({ channel: 'WHATSAPP', body: typographic }),
    });
  });

  it('refuses a text that grows beyond what the provider takes', () => {
    const long = '…'.repeat(1600);
    expect(prepare(long)).toMatchObject({ kind: 'request' });
    expect(prepare(long, { encoding: 'smart' })).toMatchObject({
      issues: [{ field: 'body', issue: 'is longer than 1600 characters in GSM-7' }],
    });
  });

  it('smart replaces what Twilio’s Smart Encoding replaces, by the same with one blank for any', () => {
    const { default: table } = z
      .object({ default: z.record(z.string(), z.string()) })
      .parse(published);
    const differing = Object.entries(table).filter(([character, by]) => {
      const sent = encodeText(`1${character}2`, 'smart');
      return (
        !isGsm7(character) &&
        isGsm7(by) &&
        (!sent.ok || sent.text !== `1${by}2`.replace(/ +/g, ' '))
      );
    });
    expect(differing).toEqual([]);
  });

  it('never touches a text of GSM-7, and never changes a text twice', () => {
    const mode = fc.constantFrom('keep', 'smart', 'gsm7');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), mode, (text, how) => {
        const once = encodeText(text, how);
        if (!once.ok) {
          expect(how).toBe('gsm7');
          return;
        }
        if (isGsm7(text)) expect(once.text).toBe(text);
        if (how === 'gsm7') expect(isGsm7(once.text)).toBe(true);
        expect(encodeText(once.text, how)).toEqual(once);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('max_segments', () => {
  it('refuses a longer SMS', () => {
    expect(prepare('a'.repeat(161), { max_segments: 1 })).toMatchObject({
      issues: [{ field: 'body', issue: 'takes 2 segments of GSM-7, and max_segments is 1' }],
    });
    expect(prepare('a'.repeat(161), { max_segments: 2 })).toMatchObject({ kind: 'request' });
  });

  it('says nothing about other channels', () => {
    const sent = prepare('a'.repeat(500), { max_segments: 1 }, { channel: 'MMS' });
    expect(sent).toMatchObject({ kind: 'request' });
  });
});

describe('refuse_unmerged', () => {
  const body = 'Hello {{firstname}}, see you';

  it('refuses a merge tag that CI360 left', () => {
    expect(prepare(body, { refuse_unmerged: true })).toMatchObject({
      issues: [{ field: 'body', issue: 'has a merge tag that was not replaced' }],
    });
  });

  it('is off by default, and a brace is no tag', () => {
    expect(prepare(body)).toMatchObject({ kind: 'request' });
    expect(prepare('{{}} or { name }', { refuse_unmerged: true })).toMatchObject({
      kind: 'request',
    });
  });
});

describe('scg_directives', () => {
  const body = 'Hello #set($x = 1)';

  it('refuse refuses them through SCG only, but for #track', () => {
    const refuse = { scg_directives: 'refuse' } as const;
    expect(prepare(body, refuse, { provider: 'scg' })).toMatchObject({
      issues: [
        { field: 'body', issue: 'has a directive or reference of Velocity, such as #set or $name' },
      ],
    });
    expect(prepare(body, refuse)).toMatchObject({ kind: 'request' });
    const track = 'See #track("https://x.example/a")';
    expect(prepare(track, refuse, { provider: 'scg' })).toMatchObject({ kind: 'request' });
  });

  it('escape changes nothing here: the text is counted and looked up as the person reads it', () => {
    expect(prepare(body, {}, { provider: 'scg' })).toMatchObject({ request: { body } });
  });
});
