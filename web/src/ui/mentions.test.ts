/** Where words name somebody (MEN-1). */

import { expect, test } from "vitest";
import type { Mention } from "../protocol";
import { inPieces, withMentions } from "./mentions";

const ADA: Mention = { words: "@Ada", of: { person: 1 } };
const LOVELACE: Mention = { words: "@Ada Lovelace", of: { person: 2 } };

function marked(text: string, ...mentions: Mention[]): string {
  return inPieces(text, mentions)
    .map((piece) => (typeof piece === "string" ? piece : `[${piece.words}]`))
    .join("");
}

test("MEN-1: what is named is found as it was written, the longest that fits, as often as it stands there", () => {
  expect(marked("hello @Ada, and @Ada Lovelace too. @Ada", ADA, LOVELACE)).toBe(
    "hello [@Ada], and [@Ada Lovelace] too. [@Ada]",
  );
  expect(marked("nobody is named", ADA)).toBe("nobody is named");
});

test("MEN-1: a longer name, an address and a word before the sign are none of it", () => {
  expect(marked("@Adam and mail@Ada and @Ada2", ADA)).toBe("@Adam and mail@Ada and @Ada2");
});

test("MEN-1: in a tree they are found in every text but code", () => {
  const tree = withMentions([{ paragraph: [{ strong: ["@Ada"] }, " ", { code: "@Ada" }] }], [ADA]);
  expect(tree).toEqual([{ paragraph: [{ strong: [{ mention: ADA }] }, " ", { code: "@Ada" }] }]);
});
