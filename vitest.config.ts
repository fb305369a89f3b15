import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // They have a run of their own (vitest.faults.config.ts).
    exclude: ['test/faults/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // CommonJS as Node and the bundles see it: the default export is `module.exports`.
    deps: { interopDefault: false },
  },
});
