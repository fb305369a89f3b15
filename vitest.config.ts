import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Of the tests that are marked as concurrent: they wait for queues and leases.
    maxConcurrency: 12,
    // CommonJS as Node and the bundles see it: the default export is `module.exports`.
    deps: { interopDefault: false },
  },
});
