import { defineConfig } from 'vitest/config';

/** The tests that judge the mutants of `domain/`: those of the rules alone, fast and without the embedded stack. */
export default defineConfig({
  test: {
    include: ['test/domain/{outbound,delivery,feedback,replay,opt-outs}/**/*.test.ts'],
    setupFiles: ['test/mutation/properties.ts'],
    // The rules keep no state in modules, and loading them for each file is most of a mutant's time.
    isolate: false,
    testTimeout: 20_000,
    deps: { interopDefault: false },
  },
});
