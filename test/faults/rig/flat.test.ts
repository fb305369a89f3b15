import { describe, expect, it } from 'vitest';
import { grown } from './flat.ts';

const MB = 1024 * 1024;
const signs = (heap: (second: number) => number, handles: (second: number) => number) =>
  Array.from({ length: 600 }, (_, second) => ({ heap: heap(second), handles: handles(second) }));

describe('a function', () => {
  it('may use its heap up and down', () => {
    expect(
      grown(
        'worker',
        signs(
          (second) => (50 + (second % 7) * 20) * MB,
          () => 12,
        ),
      ),
    ).toEqual([]);
  });

  it('that keeps what it used is found', () => {
    expect(
      grown(
        'worker',
        signs(
          (second) => (50 + second / 10) * MB,
          () => 12,
        ),
      ),
    ).toEqual(['worker keeps 34 MB more than before']);
  });

  it('that leaves connections open is found', () => {
    expect(
      grown(
        'worker',
        signs(
          () => 50 * MB,
          (second) => second / 5,
        ),
      ),
    ).toEqual(['worker keeps 68 handles more than before']);
  });
});
