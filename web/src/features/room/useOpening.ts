/** Where a room is opened (UX 3.7.4): at what is new, where it was left, at a message that was named, or at its end. */

import { useLayoutEffect } from "react";
import { nowMs } from "../../platform/clock";
import type { Row } from "../../store/rows.types";
import type { Position } from "../../store/state";
import type { Pane } from "./Pane";
import type { List } from "./useList";

/** A place left longer ago than this is not returned to. */
const RETURN_MS = 10 * 60_000;

type Opening = {
  readonly rows: readonly Row[];
  readonly saved: Position | undefined;
  /** The row of the message that the address names, once it is there. */
  readonly target: string | null;
  readonly opened: { current: boolean };
  readonly scroller: { readonly current: HTMLElement | null };
  readonly list: List;
};

/** Puts a room where its reader wants to be, before it is painted. */
export function useOpening({ rows, saved, target, opened, scroller, list }: Opening): void {
  const ready = rows.length > 0;
  const aThird = () => (scroller.current?.clientHeight ?? 0) / 3;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a room is opened once, when it has rows
  useLayoutEffect(() => {
    if (!ready || opened.current) return;
    opened.current = true;
    const firstNew = rows.find((row) => row.newLine);
    const isRecent = saved?.type === "anchor" && nowMs() - saved.leftAtMs < RETURN_MS;
    if (firstNew !== undefined) list.go((pane) => pane.goTo(firstNew.key, aThird()));
    else if (isRecent) list.go((pane) => pane.goTo(saved.key, saved.topPx));
    else list.go((pane) => pane.toEnd());
  }, [ready]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a named message is gone to once
  useLayoutEffect(() => {
    if (target !== null) list.go((pane) => pane.goTo(target, aThird()));
  }, [target]);
}

/** Where a room stands now, to be returned to. */
export function positionNow(pane: Pane): Position {
  const anchor = pane.isAtEnd() ? null : pane.anchor();
  return anchor === null ? { type: "end" } : { type: "anchor", ...anchor, leftAtMs: nowMs() };
}
