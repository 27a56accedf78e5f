/** How long the client waits before it tries again. */

import { expect, test } from "vitest";
import { backoffMs } from "./backoff";

test("waits double from half a second to twenty, spread at random, and are never nothing", () => {
  expect(backoffMs(0, 0.9999)).toBe(500);
  expect(backoffMs(1, 0.9999)).toBe(1_000);
  expect(backoffMs(99, 0.9999)).toBeLessThanOrEqual(20_000);
  expect(backoffMs(99, 0)).toBe(2_000);
});
