import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asciiJson } from '../../../adapters/aws/ascii-json.ts';
import { fitRow } from '../../../adapters/aws/fit-row.ts';
import { aFailedRequest } from '../../builders/failed-request.ts';

const KB = 1024;

describe('fitting a row into a table item', () => {
  it('leaves a row of usual size as it is, JSON or not', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (eventBody, taskId) => {
        const row = aFailedRequest({ eventBody, taskId });
        expect(fitRow(row)).toBe(row);
      }),
    );
  });

  it('keeps the value of JSON that only its escapes make too large', () => {
    const value = { body: 'é'.repeat(120 * KB) };
    const row = aFailedRequest({ eventBody: asciiJson(value) });
    expect(row.eventBody.length).toBeGreaterThan(700 * KB);
    const kept = fitRow(row);
    expect(JSON.parse(kept.eventBody)).toEqual(value);
    expect(kept).toEqual({ ...row, eventBody: kept.eventBody });
  });

  it('shortens other texts before the body, and says so', () => {
    const taskId = 'é'.repeat(100 * KB);
    const row = aFailedRequest({ taskId, eventBody: JSON.stringify({ taskId, body: 'Hi' }) });
    const kept = fitRow(row);
    expect(JSON.parse(kept.eventBody)).toEqual({ taskId, body: 'Hi' });
    expect(kept.taskId).toBe('é'.repeat(KB / 2));
    expect(kept.errorClass).toBe(row.errorClass);
    expect(kept.advice).toMatch(/^Shortened to fit the table: taskId\. The body is whole\./);
  });

  it.each(['x', 'é', '日', '🎂'])(
    'cuts a body that cannot fit between characters, and says that it cannot be replayed: %s',
    (character) => {
      const kept = fitRow(
        aFailedRequest({ eventBody: character.repeat(500 * KB), taskId: 'x'.repeat(300 * KB) }),
      );
      const bytes = Buffer.byteLength(JSON.stringify(kept));
      expect(bytes).toBeLessThanOrEqual(400 * KB);
      expect(bytes).toBeGreaterThan(395 * KB);
      expect(kept.eventBody.replaceAll(character, '')).toBe('');
      expect(kept.taskId).toHaveLength(KB);
      expect(kept).toMatchObject({ errorClass: 'poison' });
      expect(kept.advice).toContain('cannot be replayed');
    },
  );

  it('changes nothing the second time', () => {
    const once = fitRow(aFailedRequest({ eventBody: 'x'.repeat(900 * KB) }));
    expect(fitRow(once)).toBe(once);
  });
});
