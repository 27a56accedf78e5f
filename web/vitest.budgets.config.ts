/** The budgets of the client: `npm run budgets` and `npm run budgets:held` (budgets/budgets.spec.ts). */

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["budgets/*.spec.ts"],
    testTimeout: 600_000,
    hookTimeout: 300_000,
    sequence: { concurrent: false },
  },
});
