/** Where the box begins to offer something, and where it leaves the writer alone (T26). */

import { expect, test } from "vitest";
import { wordAt } from "./word";

/** The word at the bar in a text, as `sign typed from`. */
function at(marked: string): string {
  const caret = marked.indexOf("|");
  const word = wordAt(marked.replace("|", ""), caret);
  return word === null ? "" : `${word.sign} ${word.typed} ${word.from}`;
}

test("T26: a sign at the beginning of a word asks, in the middle of one it does not", () => {
  expect(at("@gr|")).toBe("@ gr 0");
  expect(at("hello @|")).toBe("@  6");
  expect(at("(#eng|")).toBe("# eng 1");
  expect(at("mail ada@example|")).toBe("");
  expect(at("issue#12|")).toBe("");
  expect(at("@gr| and more")).toBe("@ gr 0");
});

test("T26: a name may have two words, and after a third nobody is asked for", () => {
  expect(at("@Grace Ho|")).toBe("@ Grace Ho 0");
  expect(at("@Grace Hopper is|")).toBe("");
});

test("T26: an emoji is asked for by two letters after a colon, so that times and addresses are none", () => {
  expect(at(":t|")).toBe("");
  expect(at(":ta|")).toBe(": ta 0");
  expect(at("nice :ta|")).toBe(": ta 5");
  expect(at("see #relay :ta|")).toBe(": ta 11");
  expect(at("10:30|")).toBe("");
  expect(at("https://ex|")).toBe("");
  expect(at(":)|")).toBe("");
});

test("T26: a command stands at the beginning of the message alone", () => {
  expect(at("/to|")).toBe("/ to 0");
  expect(at("a /to|")).toBe("");
  expect(at("/topic new|")).toBe("");
});
