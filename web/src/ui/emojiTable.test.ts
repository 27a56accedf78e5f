/** The table of emoji: whole, found by name, drawn in a skin tone. */

import { expect, test } from "vitest";
import { EMOJI, findEmoji, inTone, nameOfEmoji } from "./emojiTable";

function signs(text: string): readonly string[] {
  return findEmoji(text, 5).map(({ sign }) => sign);
}

test("T23: an emoji is found by its short name, by a word of its name, and by what it is about", () => {
  expect(signs("tada")[0]).toBe("🎉");
  expect(signs("+1")[0]).toBe("👍");
  expect(signs("clapping")[0]).toBe("👏");
  expect(signs("heart_eyes")[0]).toBe("😍");
  expect(signs("party")).toContain("🎉");
  expect(signs("qqqq")).toEqual([]);
});

test("T23: the one whose short name is typed whole comes first", () => {
  expect(signs("heart")[0]).toBe("❤️");
  expect(signs("cat")[0]).toBe("🐱");
});

test("T23: a skin tone is put where it belongs, also into a joined sign, and where there is none the sign stays", () => {
  const find = (sign: string) => EMOJI.find((emoji) => emoji.sign.replace("\ufe0f", "") === sign.replace("\ufe0f", ""));
  const [thumb, cook, tada] = [find("👍"), find("👩‍🍳"), find("🎉")];
  if (thumb === undefined || cook === undefined || tada === undefined) throw new Error("the table is not whole");
  expect(inTone(thumb, 3)).toBe("👍🏽");
  expect(inTone(cook, 5)).toBe("👩🏿‍🍳");
  expect(inTone(tada, 3)).toBe("🎉");
  expect(inTone(thumb, 0)).toBe(thumb.sign);
});

test("T23: a sign is called the same in every tone", () => {
  expect(nameOfEmoji("👍🏽")).toBe("thumbs up");
  expect(nameOfEmoji("👍")).toBe("thumbs up");
  expect(nameOfEmoji("nothing")).toBe("nothing");
});
