/** Makes the pictures of docs/screenshots: `npm --prefix web run screenshots`. Not a test. */

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["e2e/screenshots*.ts", "e2e/*.pictures.ts"], testTimeout: 300_000, hookTimeout: 60_000 },
});
