import { defineConfig } from 'vitest/config';

/** A small version of every fault scenario. They wait for leases and queues, so they wait together. */
export default defineConfig({
  test: {
    include: ['test/faults/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 60_000,
    maxConcurrency: 4,
    // CommonJS as Node sees it: the default export is `module.exports`.
    deps: { interopDefault: false },
  },
});
