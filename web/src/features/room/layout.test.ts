/** Where rows stand, and which of them stays. */

import { expect, test } from "vitest";
import type { Row } from "../../store/rows.types";
import { anchorOf, between, layOut, moved } from "./layout";

/** Rows of 100 px each, but for those that are named. */
function laidOut(keys: string, others: Record<string, number> = {}) {
  const rows = [...keys].map((key) => ({ key }) as Row);
  return layOut(rows, new Map([...keys].map((key) => [key, others[key] ?? 100])));
}

test("places are distances from the end, so that what comes above moves nothing", () => {
  expect([...laidOut("cd").tops]).toEqual([216, 116, 16]);
  expect([...laidOut("abcd").tops]).toEqual([416, 316, 216, 116, 16]);
  expect(moved(laidOut("cd"), laidOut("abcd"), 0)).toBe(0);
});

test("between two lines stands every row of which something is there, and never none", () => {
  expect(between(laidOut("abcd"), 100, 300)).toEqual({ first: 1, last: 3 });
  expect(between(laidOut("abcd"), 116, 316)).toEqual({ first: 0, last: 2 });
  expect(between(laidOut("abcd"), 5_000, 6_000)).toEqual({ first: 0, last: 0 });
  expect(between(laidOut("abcd"), -900, -500)).toEqual({ first: 3, last: 3 });
});

test("the row that stays is the first that begins in view, or the one that fills it", () => {
  expect(anchorOf(laidOut("abcd"), 50, 350)).toBe(1);
  expect(anchorOf(laidOut("abcd"), 50, 316)).toBe(1);
  expect(anchorOf(laidOut("abcd", { b: 900 }), 300, 700)).toBe(1);
});

test("the row that stays goes away from the end by what came or grew below it", () => {
  expect(moved(laidOut("abcd"), laidOut("abcdef"), 1)).toBe(200);
  expect(moved(laidOut("abcd"), laidOut("abcd", { c: 130, a: 300 }), 1)).toBe(30);
  expect(moved(laidOut("abcd"), laidOut("abcd", { b: 130 }), 1)).toBe(30);
});

test("where the row that stays is gone, the next below it stays instead, or else the next above", () => {
  expect(moved(laidOut("abcd"), laidOut("acxd"), 1)).toBe(100);
  expect(moved(laidOut("abcd"), laidOut("ax"), 2)).toBe(-200);
  expect(moved(laidOut("abcd"), laidOut("xyz"), 2)).toBe(0);
});
