import { describe, expect, it } from 'vitest';
import { files } from '../../console/dist/assets.js';

const KB = 1000;
/** Of everything that a browser loads, compressed. */
const LIMIT_KB = 120;

describe('the bundle of the console', () => {
  it(`has at most ${LIMIT_KB} KB, compressed`, () => {
    const bytes = Object.values(files).map(({ gzip }) => Buffer.from(gzip, 'base64').length);
    expect(bytes.length).toBeGreaterThan(2);
    expect(bytes.reduce((sum, one) => sum + one, 0) / KB).toBeLessThanOrEqual(LIMIT_KB);
  });

  it('has a hash in the name of each file', () => {
    for (const name of Object.keys(files)) expect(name).toMatch(/^[a-z]+-[A-Za-z0-9]{8}\.\w+$/);
  });
});
