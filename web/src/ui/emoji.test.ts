/** Which messages are shown larger. */

import { expect, test } from "vitest";
import { isFewEmoji } from "./emoji";

test("one to three emoji and nothing else are shown larger", () => {
  for (const text of ["🎉", "🎉🎉 🎉", "👩‍👩‍👧‍👦", "🇫🇷", "❤️", "👍🏽", " 🎉\n"])
    expect(isFewEmoji(text), text).toBe(true);
  const others = ["", " ", "a", "🎉 a", "🎉🎉🎉🎉", "1", "#", "*", "1️2", "©", "™ ", ":)", "日本", "🎉".repeat(200)];
  for (const text of others) expect(isFewEmoji(text), text).toBe(false);
});
