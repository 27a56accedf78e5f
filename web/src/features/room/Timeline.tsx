/**
 * The timeline: only what is near the view is in the page, and nothing moves under the reader (UX 3.7.4). Two modes:
 * *following* keeps the end in view; *reading* keeps the first visible row where it is, whatever comes above or below.
 */

import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import {
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import type { RoomId } from "../../protocol";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import type { Row } from "../../store/rows.types";
import { strings } from "../../ui/strings";
import { RowContent } from "./Rows";
import { END_PX, positionNow, useOpening } from "./useOpening";
import "./Timeline.css";

/** Older messages are fetched from this far away, so that the fetching is rarely seen. */
const FETCH_PX = 1_200;
const OLDER_PX = 32;
/** More rows than this are not kept while the end is followed. */
const ROWS_MAX = 660;

export type TimelineHandle = {
  toEnd(): void;
  toStart(): void;
  /** To the oldest unread row. */
  toNew(): void;
  page(direction: 1 | -1): void;
  focusNewest(): void;
};

type Props = {
  readonly room: RoomId;
  readonly rows: readonly Row[];
  readonly onFollowing: (following: boolean) => void;
  readonly handle: Ref<TimelineHandle>;
};

export function Timeline({ room, rows: allRows, onFollowing, handle }: Props): ReactNode {
  const { loadOlder, savePosition, markUnreadFrom, letGo } = useActions();
  const name = useStore((state) => state.rooms.get(room)?.state.room.name ?? "");
  const busy = useStore((state) => state.rooms.get(room)?.loading === "older");
  const failed = useStore((state) => state.rooms.get(room)?.failed ?? false);
  const saved = useStore((state) => state.positions.get(room));
  const scroller = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const opened = useRef(false);
  const [focusKey, setFocusKey] = useState<string | null>(null);
  const hasOlder = allRows[0]?.type === "loading_older";
  const rows = hasOlder ? allRows.slice(1) : allRows;
  const focusIndex = focusKey === null ? -1 : rows.findIndex((row) => row.key === focusKey);

  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => estimate(rows[index]),
    getItemKey: (index) => rows[index]?.key ?? index,
    anchorTo: "end",
    followOnAppend: true,
    scrollEndThreshold: END_PX,
    overscan: 8,
    paddingStart: hasOlder ? OLDER_PX + 8 : 8,
    paddingEnd: 16,
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      // A row with the focus stays in the page, or the focus would be lost.
      return focusIndex < 0 || shown.includes(focusIndex) ? shown : [...shown, focusIndex].sort((a, b) => a - b);
    },
  });
  const listRef = useRef(list);
  listRef.current = list;

  function note(): void {
    const element = scroller.current;
    if (element === null || !opened.current) return;
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight <= END_PX;
    if (atEnd !== following.current) {
      following.current = atEnd;
      onFollowing(atEnd);
    }
    if (hasOlder && element.scrollTop < FETCH_PX) loadOlder(room);
  }

  const target = useTarget(room, rows);
  function onPlace(atEnd: boolean): void {
    following.current = atEnd;
    onFollowing(atEnd);
  }
  useOpening({ rows, saved, target, opened, scroller, list, onPlace });

  // What was just said by oneself is always shown.
  const ownNewest = rows.findLast((row) => row.type === "message" && row.own)?.key;
  const lastOwn = useRef(ownNewest);
  useLayoutEffect(() => {
    const said = ownNewest !== lastOwn.current && rows.at(-1)?.key === ownNewest;
    lastOwn.current = ownNewest;
    if (said && opened.current) listRef.current.scrollToEnd();
  }, [ownNewest, rows]);

  // The end stays in view when the view itself changes its size, and when rows grow.
  const total = list.getTotalSize();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the size is what this waits for
  useLayoutEffect(() => {
    if (opened.current && following.current) listRef.current.scrollToEnd();
  }, [total]);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      if (opened.current && following.current) listRef.current.scrollToEnd();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a page that came may leave room for another
  useEffect(note, [rows.length, hasOlder]);

  // Who follows all day does not keep the day in memory.
  useEffect(() => {
    if (opened.current && following.current && rows.length > ROWS_MAX) letGo(room);
  }, [room, rows.length, letGo]);

  // Before the page is taken apart: afterwards it has no position any more.
  useLayoutEffect(() => {
    const element = scroller.current;
    return () => {
      if (element !== null && opened.current)
        savePosition(room, positionNow(following.current, listRef.current, element));
    };
  }, [room, savePosition]);

  /** Goes up. Rows measured on the way would otherwise pull back to the end that was followed until now. */
  function leaveEnd(go: () => void): void {
    following.current = false;
    onFollowing(false);
    go();
    requestAnimationFrame(note);
  }

  useImperativeHandle(handle, () => ({
    toEnd: () => listRef.current.scrollToEnd(),
    toStart: () => leaveEnd(() => listRef.current.scrollToOffset(0)),
    toNew: () => {
      const index = rows.findIndex((row) => row.newLine);
      if (index >= 0) leaveEnd(() => listRef.current.scrollToIndex(index, { align: "start" }));
    },
    page: (direction) => scroller.current?.scrollBy({ top: direction * (scroller.current.clientHeight - 48) }),
    focusNewest: () => focusRow(rows.length - 1),
  }));

  function focusRow(index: number): void {
    const row = rows[index];
    if (row === undefined) return;
    setFocusKey(row.key);
    listRef.current.scrollToIndex(index, { align: "auto" });
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(row.key)}"]`)?.focus(),
    );
  }

  function onKeyDown(event: KeyboardEvent): void {
    const at = rows.findIndex((row) => row.key === (event.target as HTMLElement).dataset.id);
    const row = rows[at];
    if (row === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = { ArrowUp: at - 1, k: at - 1, ArrowDown: at + 1, j: at + 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to !== undefined) focusRow(Math.max(0, Math.min(rows.length - 1, to)));
    else if (event.key === "u" && row.type === "message" && row.seq !== null) markUnreadFrom(room, row.seq);
    else if (event.key === "c" && row.type === "message") void navigator.clipboard?.writeText(row.text);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // The one stop of the Tab key is always a row that is in the page: the one last visited, else the last in view.
  const stop = focusIndex >= 0 ? focusIndex : Math.min(rows.length - 1, list.range?.endIndex ?? rows.length - 1);
  return (
    <section className="timeline" aria-label={strings.messages}>
      <div ref={scroller} className="timeline-scroll" onScroll={note}>
        <div
          id="messages"
          role="feed"
          aria-label={strings.messagesIn(name)}
          aria-busy={busy}
          className="timeline-rows"
          style={{ height: list.getTotalSize() }}
          onKeyDown={onKeyDown}
        >
          {list.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            const id = `row-${item.key}`;
            return (
              // biome-ignore lint/a11y/useSemanticElements: the rows of a feed are placed by hand
              <div
                key={item.key}
                ref={list.measureElement}
                role="article"
                data-index={item.index}
                data-id={row.key}
                data-seq={row.type === "message" ? (row.seq ?? undefined) : undefined}
                aria-posinset={item.index + 1}
                aria-setsize={-1}
                aria-labelledby={row.type === "message" ? `${id}-name ${id}-body` : `${id}-body`}
                aria-describedby={row.type === "message" || row.type === "system" ? `${id}-about` : undefined}
                tabIndex={item.index === stop ? 0 : -1}
                className={row.key === target ? "timeline-row target" : "timeline-row"}
                style={{ transform: `translateY(${item.start}px)` }}
                onFocus={(event) => event.target === event.currentTarget && setFocusKey(row.key)}
              >
                <RowContent row={row} room={room} id={id} />
              </div>
            );
          })}
        </div>
        {hasOlder && (
          <p className="timeline-older" aria-hidden={!busy && !failed}>
            {failed ? strings.couldNotLoadEarlier : strings.loadingEarlier}
            {failed && (
              <button type="button" className="link" onClick={() => loadOlder(room)}>
                {strings.tryAgain}
              </button>
            )}
          </p>
        )}
      </div>
    </section>
  );
}

/** The row that the address names; no longer once a key or the pointer was pressed. */
function useTarget(room: RoomId, rows: readonly Row[]): string | null {
  const { forgetTarget } = useActions();
  const seq = useStore((state) => (state.target?.room === room ? state.target.seq : null));
  useEffect(() => {
    if (seq === null) return;
    for (const event of ["keydown", "pointerdown"] as const) window.addEventListener(event, forgetTarget);
    return () => {
      for (const event of ["keydown", "pointerdown"] as const) window.removeEventListener(event, forgetTarget);
    };
  }, [seq, forgetTarget]);
  if (seq === null) return null;
  const row = rows.find((row) => (row.type === "message" ? row.seq === seq : row.key === `event-${seq}`));
  return row?.key ?? null;
}

function estimate(row: Row | undefined): number {
  if (row === undefined) return 40;
  const day = (row.dayMs === null ? 0 : 44) + (row.newLine ? 30 : 0);
  if (row.type === "message") return day + (row.head ? 60 : 27) + Math.floor(row.text.length / 90) * 23;
  return day + (row.type === "start" ? 100 : row.type === "gap" ? 60 : 29);
}
