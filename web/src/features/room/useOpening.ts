/** Where a room is opened (UX 3.7.4): at what is new, where it was left, at a message that was named, or at its end. */

import type { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef } from "react";
import { nowMs } from "../../platform/clock";
import type { Row } from "../../store/rows.types";
import type { Position } from "../../store/state";

/** This near to the end counts as being there. */
export const END_PX = 64;
/** A place left longer ago than this is not returned to. */
const RETURN_MS = 10 * 60_000;
/** For this long after a room was opened its rows are measured for the first time. */
const SETTLE_MS = 500;
/** What a reader does to go somewhere else. */
const MOVES = ["wheel", "pointerdown", "touchmove", "keydown"] as const;

export type List = ReturnType<typeof useVirtualizer<HTMLDivElement, Element>>;

type Goal = { readonly key: string; readonly topPx: number; readonly untilMs: number };

type Opening = {
  readonly rows: readonly Row[];
  readonly saved: Position | undefined;
  /** The row of the message that the address names, once it is there. */
  readonly target: string | null;
  readonly opened: { current: boolean };
  readonly scroller: { readonly current: HTMLDivElement | null };
  readonly list: List;
  readonly onPlace: (atEnd: boolean) => void;
};

/** Puts a room where its reader wants to be, before it is painted. */
export function useOpening({ rows, saved, target, opened, scroller, list, onPlace }: Opening): void {
  const ready = rows.length > 0;
  const goal = useRef<Goal | null>(null);

  function goTo(index: number, topPx: number): void {
    const element = scroller.current;
    const place = index < 0 ? undefined : list.getOffsetForIndex(index, "start");
    const below = place === undefined ? 0 : list.getTotalSize() - (place[0] - topPx);
    if (element === null) return;
    if (place === undefined || below <= element.clientHeight) {
      list.scrollToEnd();
      onPlace(true);
      return;
    }
    list.scrollToOffset(Math.max(0, place[0] - topPx));
    goal.current = { key: String(rows[index]?.key), topPx, untilMs: nowMs() + SETTLE_MS };
    onPlace(below - element.clientHeight <= END_PX);
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: a room is opened once, when it has rows
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!ready || opened.current || element === null) return;
    opened.current = true;
    const firstNew = rows.findIndex((row) => row.newLine);
    if (firstNew >= 0) {
      goTo(firstNew, element.clientHeight / 3);
      return;
    }
    const anchor = saved?.type === "anchor" && nowMs() - saved.leftAtMs < RETURN_MS ? saved : null;
    goTo(anchor === null ? -1 : rows.findIndex((row) => row.key === anchor.key), -(anchor?.offsetPx ?? 0));
  }, [ready]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a named message is gone to once
  useLayoutEffect(() => {
    const index = rows.findIndex((row) => row.key === target);
    if (target !== null && index >= 0) goTo(index, (scroller.current?.clientHeight ?? 0) / 3);
  }, [target]);

  // Rows above it turn out higher or lower than they were thought to be; the row that was gone to does not move for it.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null || goal.current === null || nowMs() > goal.current.untilMs) return;
    const row = element.querySelector(`[data-id="${CSS.escape(goal.current.key)}"]`);
    if (row === null) return;
    const off = row.getBoundingClientRect().top - element.getBoundingClientRect().top - goal.current.topPx;
    if (Math.abs(off) >= 1) element.scrollTop += off;
  });

  useEffect(() => {
    const stop = () => {
      goal.current = null;
    };
    for (const event of MOVES) window.addEventListener(event, stop, { passive: true });
    return () => {
      for (const event of MOVES) window.removeEventListener(event, stop);
    };
  }, []);
}

/** Where a room stands now, to be returned to. */
export function positionNow(following: boolean, list: List, element: HTMLElement): Position {
  const top = element.scrollTop;
  const first = list.getVirtualItems().find((item) => item.end > top);
  if (following || first === undefined) return { type: "end" };
  return { type: "anchor", key: String(first.key), offsetPx: top - first.start, leftAtMs: nowMs() };
}
