/**
 * Where the rows of a timeline stand, as distances from its end: what comes above a row never changes its place. Pure.
 */

import type { Row } from "../../store/rows.types";
import { filesHeight } from "../files/sizes";
import { cardsHeight } from "./cards";

/** Free below the newest row. */
const END_GAP_PX = 16;

export type Layout = {
  readonly rows: readonly Row[];
  /** From the end to the top of each row; one more for the bottom of the last. */
  readonly tops: Float64Array;
};

export const NO_ROWS: Layout = { rows: [], tops: Float64Array.of(END_GAP_PX) };

/** Lays out rows by the heights they were measured to have, or else are thought to have. */
export function layOut(rows: readonly Row[], heights: ReadonlyMap<string, number>): Layout {
  const tops = new Float64Array(rows.length + 1);
  let top = END_GAP_PX;
  tops[rows.length] = top;
  for (let index = rows.length - 1; index >= 0; index -= 1) {
    const row = rows[index] as Row;
    top += heights.get(row.key) ?? estimate(row);
    tops[index] = top;
  }
  return { rows, tops };
}

export function topOf(layout: Layout, index: number): number {
  return layout.tops[index] ?? END_GAP_PX;
}

/** The first row whose top is at a line or nearer to the end; the number of rows when there is none. */
function firstBelow(layout: Layout, line: number): number {
  let [low, high] = [0, layout.rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (topOf(layout, middle) <= line) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The rows of which something stands between two lines; `near` is the one nearer to the end. */
export function between(layout: Layout, near: number, far: number): { first: number; last: number } {
  const end = layout.rows.length - 1;
  // The row above the first that begins there crosses the far line.
  const first = Math.min(end, Math.max(0, firstBelow(layout, far) - 1));
  return { first, last: Math.min(end, Math.max(first, firstBelow(layout, near) - 1)) };
}

/** The row that stays where it is when others change (UX 3.7.4): the first that begins in view, else the one that fills it. */
export function anchorOf(layout: Layout, near: number, far: number): number {
  const index = firstBelow(layout, far);
  const begins = index < layout.rows.length && topOf(layout, index) > near;
  return begins ? index : Math.max(0, index - 1);
}

/**
 * How much farther from the end the anchor stands in a later layout. Where it is no more, the next below it that still
 * is there stands for it, else the next above.
 */
export function moved(before: Layout, after: Layout, anchor: number): number {
  if (before.rows === after.rows) return topOf(after, anchor) - topOf(before, anchor);
  const places = new Map(after.rows.map((row, index) => [row.key, index]));
  const place = (index: number) => places.get(before.rows[index]?.key ?? "");
  let still = anchor;
  while (still < before.rows.length && place(still) === undefined) still += 1;
  if (still === before.rows.length) still = anchor - 1;
  while (still >= 0 && place(still) === undefined) still -= 1;
  const now = place(still);
  return now === undefined ? 0 : topOf(after, now) - topOf(before, still);
}

function estimate(row: Row): number {
  const day = (row.dayMs === null ? 0 : 44) + (row.newLine ? 30 : 0);
  if (row.type === "message")
    return (
      day +
      (row.head ? 60 : 27) +
      Math.floor(row.text.length / 90) * 23 +
      filesHeight(row.files) +
      cardsHeight(row.fact?.cards)
    );
  return day + (row.type === "start" ? 100 : row.type === "gap" ? 60 : 29);
}
