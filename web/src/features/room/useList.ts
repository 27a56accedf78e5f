/** A pane on a long list, in React: what of it is in the page, drawn and put in place before it is painted. */

import { type RefCallback, type RefObject, useCallback, useLayoutEffect, useReducer, useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { Row } from "../../store/rows.types";
import { between, layOut, topOf } from "./layout";
import { Pane } from "./Pane";

/** A row that is in the page, and how much is left free above it for those that are not. */
export type Shown = { readonly index: number; readonly gapPx: number };

export type List = {
  readonly shown: readonly Shown[];
  /** What is left free below the last of them. */
  readonly gapBelowPx: number;
  /** The last row that is in view. */
  readonly lastInView: number;
  /** For the element of every row, which bears its key as `data-id`. */
  readonly measure: RefCallback<HTMLElement>;
  readonly pane: Pane;
  /** Goes somewhere in the pane, and draws what is there. */
  go(how: (pane: Pane) => void): void;
};

/**
 * `kept` is a row that stays in the page wherever it is; -1 for none. `onSettled` hears of every scrolling and change,
 * when all stands in its place.
 */
export function useList(
  scroller: RefObject<HTMLElement | null>,
  rows: readonly Row[],
  kept: number,
  onSettled: () => void,
): List {
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const [pane] = useState(() => new Pane(scroller));
  const settled = useRef(onSettled);
  settled.current = onSettled;

  useLayoutEffect(() => {
    pane.rows = rows;
    pane.settle();
    if (pane.outgrew()) draw();
    else settled.current();
  });

  const observer = useRef<ResizeObserver | null>(null);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const redraw = () => {
      // Before this frame is painted.
      if (pane.outgrew()) flushSync(draw);
      else settled.current();
    };
    const onScroll = () => {
      pane.scrolled();
      redraw();
    };
    observer.current = new ResizeObserver(() => {
      pane.settle();
      redraw();
    });
    observer.current.observe(element);
    for (const row of pane.mounted()) observer.current.observe(row);
    element.addEventListener("scroll", onScroll, { passive: true });
    element.addEventListener("scrollend", draw, { passive: true });
    return () => {
      observer.current?.disconnect();
      element.removeEventListener("scroll", onScroll);
      element.removeEventListener("scrollend", draw);
    };
  }, [scroller, pane]);

  const measure = useCallback(
    (element: HTMLElement | null) => {
      const key = element?.dataset.id;
      if (element === null || key === undefined) return;
      pane.add(key, element);
      // Rows that come while others are observed are observed from the next frame on; they were measured when they came.
      const frame = requestAnimationFrame(() => observer.current?.observe(element));
      return () => {
        cancelAnimationFrame(frame);
        observer.current?.unobserve(element);
        pane.remove(key, element);
      };
    },
    [pane],
  );

  const layout = layOut(rows, pane.heights);
  const { first, last } = between(layout, pane.drawn.near, pane.drawn.far);
  const indices = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  if (kept >= 0 && kept < first) indices.unshift(kept);
  if (kept > last) indices.push(kept);
  const shown = indices.map((index, at) => {
    const before = at === 0 ? 0 : (indices[at - 1] ?? 0) + 1;
    return { index, gapPx: topOf(layout, before) - topOf(layout, index) };
  });
  const { near, far } = pane.view();
  return {
    shown,
    gapBelowPx: topOf(layout, (indices.at(-1) ?? -1) + 1),
    lastInView: between(layout, near, far).last,
    measure,
    pane,
    go: (how) => {
      how(pane);
      if (pane.outgrew()) draw();
      else settled.current();
    },
  };
}
