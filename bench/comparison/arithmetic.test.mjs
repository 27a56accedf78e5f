/** The sums behind the documents. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { median, medianRatio, quantile } from "./arithmetic.mjs";

test("the median is the middle, or between the two middle ones, whatever the order", () => {
  assert.deepEqual([median([3, 1, 2]), median([4, 1, 3, 2]), median([7]), median([])], [2, 2.5, 7, undefined]);
});

test("numbers are sorted as numbers and are left as they were", () => {
  const numbers = [100, 9, 10];
  assert.equal(median(numbers), 10);
  assert.deepEqual(numbers, [100, 9, 10]);
});

test("a quantile lies between its neighbours in proportion", () => {
  assert.deepEqual([quantile([0, 10], 0.25), quantile([0, 10, 20], 1), quantile([5, 1], 0)], [2.5, 20, 1]);
});

test("a ratio is the median of each round's, not the ratio of the medians", () => {
  const ours = new Map([
    [1, 30],
    [2, 10],
    [3, 8],
  ]);
  const theirs = new Map([
    [1, 10],
    [2, 5],
    [3, 8],
  ]);
  assert.equal(medianRatio(ours, theirs), 2);
});

test("rounds that only one of the two has are left out, and so is a division by 0", () => {
  const ours = new Map([
    [1, 10],
    [2, 30],
    [4, 9],
  ]);
  const theirs = new Map([
    [2, 10],
    [3, 1],
    [4, 0],
  ]);
  assert.equal(medianRatio(ours, theirs), 3);
  assert.equal(medianRatio(ours, new Map()), undefined);
});
