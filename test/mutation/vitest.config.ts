import { defineConfig } from 'vitest/config';

/** The tests that judge the mutants of `domain/`: those of the rules alone, fast and without the embedded stack. */
export default defineConfig({
  test: {
    include: ['test/domain/**/*.test.ts'],
    testTimeout: 20_000,
    deps: { interopDefault: false },
  },
});
