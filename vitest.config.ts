import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build-console.ts'],
    // They have a run of their own (vitest.faults.config.ts).
    exclude: ['test/faults/*.test.ts'],
    // The slow ones wait for queues and leases, not for the processor.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // CommonJS as Node and the bundles see it: the default export is `module.exports`.
    deps: { interopDefault: false },
  },
});
