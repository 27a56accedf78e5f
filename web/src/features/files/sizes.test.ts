/** Boxes of pictures: known before a byte of them is here, and never larger than the picture. */

import { expect, test } from "vitest";
import type { Attachment } from "../../protocol";
import { boxOf, filesHeight, pictureSize } from "./sizes";

const file: Attachment = { id: "1", name: "a.png", type: "image/png", bytes: 1, width: 1_600, height: 900 };

test("T12: a picture's box keeps its sides in proportion, within the most and never above its own size", () => {
  expect(boxOf({ width: 1_600, height: 900 }, true)).toEqual({ width: 440, height: 248 });
  expect(boxOf({ width: 900, height: 1_600 }, true)).toEqual({ width: 186, height: 330 });
  expect(boxOf({ width: 40, height: 30 }, true)).toEqual({ width: 40, height: 30 });
  expect(boxOf({ width: 12_000, height: 1 }, true)).toEqual({ width: 440, height: 1 });
  expect(boxOf({ width: 1_600, height: 900 }, false)).toEqual({ width: 214, height: 120 });
});

test("only what has a size and is a picture has a box", () => {
  expect(pictureSize(file)).toEqual({ width: 1_600, height: 900 });
  const { width: _, ...without } = file;
  expect(pictureSize(without)).toBeNull();
  expect(pictureSize({ ...file, type: "application/pdf" })).toBeNull();
  expect(filesHeight([])).toBe(0);
  expect(filesHeight([file])).toBe(256);
});
