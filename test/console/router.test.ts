import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashOf, placeOf } from '../../console/router.ts';

describe('a place in the console', () => {
  it.each([
    ['', { view: 'campaigns', id: undefined, query: {} }],
    ['#/status', { view: 'status', id: undefined, query: {} }],
    ['#/campaigns/TSK_42?by=day', { view: 'campaigns', id: 'TSK_42', query: { by: 'day' } }],
    ['#/campaigns/%E0%A4%A', { view: 'campaigns', id: '%E0%A4%A', query: {} }],
  ])('is read from %s', (hash, place) => {
    expect(placeOf(hash)).toEqual(place);
  });

  it('is the same after it was written and read, whatever a task is called', () => {
    const text = fc.string({ minLength: 1, unit: 'binary' });
    fc.assert(
      fc.property(text, text, (id, code) => {
        const { view, ...rest } = placeOf(hashOf('campaigns', id, { code }));
        expect([view, rest]).toEqual(['campaigns', { id, query: { code } }]);
      }),
    );
  });

  it('leaves out what is not given', () => {
    expect(hashOf('plan', undefined, { code: '', taskId: undefined })).toBe('#/plan');
  });
});
