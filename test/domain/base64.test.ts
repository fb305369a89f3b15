import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64, toBase64Url, utf8Bytes } from '../../domain/base64.ts';

const text = fc.string({ unit: 'binary', maxLength: 300 });
/** A decoder takes a byte order mark at the start for what it is. */
const unmarked = text.filter((value) => !value.startsWith('\uFEFF'));

describe('base64 without Node', () => {
  it('writes what Node writes', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(toBase64Url(value)).toBe(Buffer.from(value, 'utf8').toString('base64url'));
        expect(utf8Bytes(value)).toBe(Buffer.byteLength(value, 'utf8'));
      }),
    );
  });

  it('reads both alphabets', () => {
    fc.assert(
      fc.property(unmarked, fc.constantFrom('base64', 'base64url'), (value, alphabet) => {
        const bytes = Buffer.from(value, 'utf8');
        expect(fromBase64(bytes.toString(alphabet))).toBe(bytes.toString('utf8'));
      }),
    );
  });

  it('does not read anything else', () => {
    expect(fromBase64('not base64!')).toBeUndefined();
    expect(fromBase64('a')).toBeUndefined();
  });
});
