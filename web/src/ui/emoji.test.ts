/** Which messages are shown larger. */

import { expect, test } from "vitest";
import { inOneForm, isFewEmoji } from "./emoji";

test("one to three emoji and nothing else are shown larger", () => {
  for (const text of ["🎉", "🎉🎉 🎉", "👩‍👩‍👧‍👦", "🇫🇷", "❤️", "👍🏽", " 🎉\n"])
    expect(isFewEmoji(text), text).toBe(true);
  const others = ["", " ", "a", "🎉 a", "🎉🎉🎉🎉", "1", "#", "*", "1️2", "©", "™ ", ":)", "日本", "🎉".repeat(200)];
  for (const text of others) expect(isFewEmoji(text), text).toBe(false);
});

test("T23: a sign has one form, with or without a selector behind it as it was typed", () => {
  expect(inOneForm("👍\ufe0f")).toBe("👍");
  expect(inOneForm("👍")).toBe("👍");
  expect(inOneForm("❤")).toBe("❤\ufe0f");
  expect(inOneForm("❤\ufe0f")).toBe("❤\ufe0f");
  expect(inOneForm("👩\u200d❤\ufe0f\u200d👩")).toBe("👩\u200d❤\ufe0f\u200d👩");
  expect(inOneForm("🇩🇪")).toBe("🇩🇪");
});
