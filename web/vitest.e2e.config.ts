/** The browser tests: two or three people in real browsers against the real binary, one file after the other. */

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["e2e/**/*.spec.ts"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 5_000 } },
    fileParallelism: false,
    sequence: { concurrent: false },
  },
});
