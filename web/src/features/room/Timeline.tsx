/**
 * The timeline: only what is near the view is in the page, and nothing moves under the reader (UX 3.7.4). Two modes:
 * *following* keeps the end in view; *reading* keeps the first visible row where it is, whatever comes above or below.
 */

import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  type Ref,
  type RefObject,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { flushSync } from "react-dom";
import { isTouch } from "../../platform/attention";
import type { RoomId } from "../../protocol";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import type { Row } from "../../store/rows.types";
import { DrawMention } from "../../ui/Markup";
import { strings } from "../../ui/strings";
import { useCards } from "../people/Cards";
import { ACT_KEYS, useActs } from "./acts";
import { drawMention } from "./MentionName";
import { RowContent } from "./Rows";
import { useList } from "./useList";
import { positionNow, useOpening } from "./useOpening";
import "./Timeline.css";

/** Older messages are fetched from this far away, so that the fetching is rarely seen. */
const FETCH_PX = 1_200;
/** How far the first row stands from the top of the view when the reader went to the beginning. */
const TOP_PX = 48;
/** More rows than this are not kept while the end is followed. */
const ROWS_MAX = 660;

export type TimelineHandle = {
  toEnd(): void;
  toStart(): void;
  /** To the oldest unread row. */
  toNew(): void;
  page(direction: 1 | -1): void;
  focusNewest(): void;
  /** Scrolls no more than is needed to see a row. */
  reveal(key: string): void;
};

type Props = {
  readonly room: RoomId;
  readonly rows: readonly Row[];
  readonly onFollowing: (following: boolean) => void;
  readonly handle: Ref<TimelineHandle>;
};

export function Timeline({ room, rows: allRows, onFollowing, handle }: Props): ReactNode {
  const { loadOlder, savePosition, letGo } = useActions();
  const open = useCards();
  const act = useActs(room);
  const name = useStore((state) => state.rooms.get(room)?.state.room.name ?? "");
  const busy = useStore((state) => state.rooms.get(room)?.loading === "older");
  const failed = useStore((state) => state.rooms.get(room)?.failed ?? false);
  const saved = useStore((state) => state.positions.get(room));
  const scroller = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const opened = useRef(false);
  const [focusKey, setFocusKey] = useState<string | null>(null);
  const hasOlder = allRows[0]?.type === "loading_older";
  const rows = useMemo(() => (hasOlder ? allRows.slice(1) : allRows), [allRows, hasOlder]);
  const focusIndex = focusKey === null ? -1 : rows.findIndex((row) => row.key === focusKey);

  const editing = useStore((state) => (state.editing?.room === room ? state.editing.seq : null));
  const editIndex = editing === null ? -1 : rows.findIndex((row) => row.type === "message" && row.seq === editing);

  // A row with the focus stays in the page, or the focus would be lost; so does one that is written in.
  const list = useList(scroller, rows, editIndex >= 0 ? editIndex : focusIndex, note);
  const listRef = useRef(list);
  listRef.current = list;
  const { pane } = list;

  function note(): void {
    const atEnd = pane.isAtEnd();
    if (!opened.current || atEnd === following.current) return;
    following.current = atEnd;
    onFollowing(atEnd);
  }

  function fetchNear(): void {
    const element = scroller.current;
    if (element === null || !opened.current || !hasOlder) return;
    if (element.scrollHeight - element.clientHeight + element.scrollTop < FETCH_PX) loadOlder(room);
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: a page that came may leave room for another
  useEffect(fetchNear, [rows.length, hasOlder]);

  const target = useTarget(room, rows);
  useOpening({ rows, saved, target, opened, scroller, list });

  // What was just said by oneself is always shown.
  const ownNewest = rows.findLast((row) => row.type === "message" && row.own)?.key;
  const lastOwn = useRef(ownNewest);
  useLayoutEffect(() => {
    const said = ownNewest !== lastOwn.current && rows.at(-1)?.key === ownNewest;
    lastOwn.current = ownNewest;
    if (said && opened.current) listRef.current.go((pane) => pane.toEnd());
  }, [ownNewest, rows]);

  // Who follows all day does not keep the day in memory.
  useEffect(() => {
    if (opened.current && pane.isAtEnd() && rows.length > ROWS_MAX) letGo(room);
  }, [room, rows.length, letGo, pane]);

  // Before the page is taken apart: afterwards it has no position any more.
  useLayoutEffect(
    () => () => {
      if (opened.current) savePosition(room, positionNow(pane));
    },
    [room, savePosition, pane],
  );

  useImperativeHandle(handle, () => ({
    toEnd: () => list.go((pane) => pane.toEnd()),
    toStart: () => list.go((pane) => pane.goTo(rows[0]?.key ?? "", TOP_PX)),
    toNew: () => list.go((pane) => pane.goTo(rows.find((row) => row.newLine)?.key ?? "", 0)),
    page: (direction) => scroller.current?.scrollBy({ top: direction * (scroller.current.clientHeight - 48) }),
    focusNewest: () => focusRow(rows.length - 1),
    reveal: (key) => list.go((pane) => pane.reveal(key)),
  }));

  function focusRow(index: number): void {
    const row = rows[index];
    if (row === undefined) return;
    flushSync(() => setFocusKey(row.key));
    list.go((pane) => pane.reveal(row.key));
    const found = scroller.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(row.key)}"]`);
    found?.focus({ preventScroll: true });
  }

  function openMenu(key: string): void {
    scroller.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(key)}"] .row-more`)?.click();
  }

  /** A long press, the other button, or the key for menus. Over a link, marked words or with Shift the browser's own comes. */
  function onContextMenu(event: MouseEvent): void {
    const { target } = event;
    const article = target instanceof Element ? target.closest<HTMLElement>("[role=article]") : null;
    const at = rows.findIndex((row) => row.key === article?.dataset.id);
    const row = rows[at];
    if (article === null || row?.type !== "message" || row.seq === null || event.shiftKey) return;
    if (!isTouch() && (article.querySelector("a:hover, img:hover") !== null || getSelection()?.isCollapsed === false))
      return;
    event.preventDefault();
    focusRow(at);
    // The key gives no place: then the menu stands where its button is.
    const byPointer = event.button === 2 && !isTouch();
    if (byPointer)
      open({
        type: "row",
        row,
        at: { room, seq: row.seq },
        anchor: article,
        point: { x: event.clientX, y: event.clientY },
      });
    else openMenu(row.key);
  }

  function onSwipe(article: HTMLElement): void {
    const row = rows.find(({ key }) => key === article.dataset.id);
    if (row?.type === "message") act("reply", row, article);
  }
  useSwipes(scroller, onSwipe);

  function onKeyDown(event: KeyboardEvent): void {
    const at = rows.findIndex((row) => row.key === (event.target as HTMLElement).dataset.id);
    const row = rows[at];
    if (row === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = { ArrowUp: at - 1, k: at - 1, ArrowDown: at + 1, j: at + 1, Home: 0, End: rows.length - 1 }[event.key];
    const wanted = ACT_KEYS[event.key];
    if (to !== undefined) focusRow(Math.max(0, Math.min(rows.length - 1, to)));
    else if (event.key === "m" && row.type === "message") openMenu(row.key);
    else if (wanted !== undefined && row.type === "message") act(wanted, row, event.target as HTMLElement);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // The one stop of the Tab key is always a row that is in the page: the one last visited, else the last in view.
  const stop = focusIndex >= 0 ? focusIndex : list.lastInView;
  return (
    <section className="timeline" aria-label={strings.messages}>
      <div ref={scroller} className="timeline-scroll" onScroll={fetchNear}>
        <div className="timeline-whole">
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
          <DrawMention value={drawMention}>
            <div
              id="messages"
              role="feed"
              aria-label={strings.messagesIn(name)}
              aria-busy={busy}
              className="timeline-rows"
              style={{ paddingBottom: list.gapBelowPx }}
              onKeyDown={onKeyDown}
              onContextMenu={onContextMenu}
            >
              {list.shown.map(({ index, gapPx }) => {
                const row = rows[index];
                if (row === undefined) return null;
                const id = `row-${row.key}`;
                return (
                  // biome-ignore lint/a11y/useSemanticElements: the rows of a feed are placed by hand
                  <div
                    key={row.key}
                    ref={list.measure}
                    role="article"
                    data-id={row.key}
                    data-seq={row.type === "message" ? (row.seq ?? undefined) : undefined}
                    aria-posinset={index + 1}
                    aria-setsize={-1}
                    aria-labelledby={row.type === "message" ? `${id}-name ${id}-body` : `${id}-body`}
                    aria-describedby={row.type === "message" || row.type === "system" ? `${id}-about` : undefined}
                    tabIndex={index === stop ? 0 : -1}
                    className={row.key === target ? "timeline-row target" : "timeline-row"}
                    style={gapPx === 0 ? undefined : { marginTop: gapPx }}
                    onFocus={(event) => event.target === event.currentTarget && setFocusKey(row.key)}
                  >
                    <RowContent row={row} room={room} id={id} />
                  </div>
                );
              })}
            </div>
          </DrawMention>
        </div>
      </div>
    </section>
  );
}

/** A finger drawn to the left over a message answers it. What follows fingers is fetched where there are any. */
function useSwipes(scroller: RefObject<HTMLElement | null>, onSwipe: (article: HTMLElement) => void): void {
  const swiped = useRef(onSwipe);
  swiped.current = onSwipe;
  useEffect(() => {
    const element = scroller.current;
    if (element === null || !isTouch()) return;
    const followed = import("./swipes").then(({ followSwipes }) => followSwipes(element, (at) => swiped.current(at)));
    return () => void followed.then((end) => end());
  }, [scroller]);
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
