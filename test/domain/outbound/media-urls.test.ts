import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentEncoded } from '../../../domain/outbound/media-urls.ts';

/** What RFC 3986 allows in a URL. */
const written = /^https:\/\/(?:[\w.~:/?#[\]@!$&'()*+,;=-]|%[0-9a-f]{2})+$/i;

describe('a media URL for a provider', () => {
  it.each([
    ['https://example.com/a b.jpg', 'https://example.com/a%20b.jpg'],
    [
      'https://example.com/Grüße.jpg?für=dich',
      'https://example.com/Gr%C3%BC%C3%9Fe.jpg?f%C3%BCr=dich',
    ],
    ['https://example.com/a|b[1].jpg?c={d}', 'https://example.com/a%7Cb%5B1%5D.jpg?c=%7Bd%7D'],
    ['https://example.com/100%.jpg', 'https://example.com/100%25.jpg'],
    ['https://bücher.example/a.jpg', 'https://xn--bcher-kva.example/a.jpg'],
  ])('%s is sent as %s', (typed, sent) => {
    expect(percentEncoded(typed)).toBe(sent);
  });

  it.each([
    'https://example.com/a%20b.jpg?x=%C3%BC&y=1+2',
    'https://images.example/w_200,h_100/a.jpg?token=a/b=c:d@e',
    'https://[2001:db8::1]:8443/a.jpg',
  ])('%s stays as it is, for it may be signed', (url) => {
    expect(percentEncoded(url)).toBe(url);
  });

  it('holds only what a URL may hold, whatever was typed, and is not encoded twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (path, query) => {
        const sent = percentEncoded(`https://example.com/${path}?${query}`);
        expect(sent).toMatch(written);
        expect(percentEncoded(sent)).toBe(sent);
      }),
    );
  });

  it('is left alone when it is none', () => {
    expect(percentEncoded('nowhere')).toBe('nowhere');
  });
});
