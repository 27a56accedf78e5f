/** The browser tests: two or three people in real browsers against the real binary, two files at a time. */

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["e2e/**/*.spec.ts"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 5_000 } },
    // One file mostly waits (for a minute offline, for somebody to have left), so another runs beside it.
    maxWorkers: 2,
    sequence: { concurrent: false },
  },
});
