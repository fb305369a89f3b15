import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Happening, historyOf, noted } from '../../../domain/delivery/history.ts';

const createdAt = Date.UTC(2026, 10, 20, 9);
const empty: { createdAt: number; history?: string } = { createdAt };

describe('the history of a delivery', () => {
  it('is short and read back as it was noted', () => {
    const claimed = noted(empty, 'claimed', createdAt);
    const throttled = noted(claimed, 'throttled', createdAt + 350, '20429');
    const sent = noted(throttled, 'accepted', createdAt + 5000);
    expect(sent.history).toBe('c0 t9q:20429 a3uw');
    expect(historyOf(sent)).toEqual([
      { what: 'claimed', at: createdAt, detail: '' },
      { what: 'throttled', at: createdAt + 350, detail: '20429' },
      { what: 'accepted', at: createdAt + 5000, detail: '' },
    ]);
  });

  it('keeps how it began and what came last, however much happens', () => {
    const happenings = fc.array(
      fc.record({
        what: fc.constantFrom<Happening>('claimed', 'throttled', 'unknown', 'reported', 'held'),
        after: fc.nat(40 * 86_400_000),
        detail: fc.string(),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(happenings, (all) => {
        const delivery = all.reduce(
          (so, { what, after, detail }) => noted(so, what, createdAt + after, detail),
          empty,
        );
        const read = historyOf(delivery);
        const kept = all.length <= 16 ? all : [...all.slice(0, 4), ...all.slice(-12)];
        expect(read.map(({ what, at }) => [what, at - createdAt])).toEqual(
          kept.map(({ what, after }) => [what, after]),
        );
        expect((delivery.history ?? '').length).toBeLessThan(16 * 36);
      }),
    );
  });
});
