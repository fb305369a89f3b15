import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asciiJson } from '../../../adapters/aws/ascii-json.ts';
import { fitBody } from '../../../adapters/aws/fit-body.ts';

const KB = 1024;

describe('fitting a body into a table item', () => {
  it('leaves a body of usual size byte for byte as it is, JSON or not', () => {
    fc.assert(
      fc.property(fc.string(), (body) => {
        expect(fitBody(body)).toBe(body);
      }),
    );
  });

  it('keeps the value of JSON that only its escapes make too large', () => {
    const value = { body: 'é'.repeat(120 * KB) };
    expect(asciiJson(value).length).toBeGreaterThan(700 * KB);
    const kept = fitBody(asciiJson(value));
    expect(Buffer.byteLength(kept)).toBeLessThan(380 * KB);
    expect(JSON.parse(kept)).toEqual(value);
  });

  it.each(['x', 'é', '日', '🎂'])('cuts what cannot fit between characters: %s', (character) => {
    const kept = fitBody(character.repeat(500 * KB));
    expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(380 * KB);
    expect(Buffer.byteLength(kept)).toBeGreaterThan(379 * KB);
    expect(kept.replaceAll(character, '')).toBe('');
  });
});
