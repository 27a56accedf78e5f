/** The replies to a message, beside its room, with a box of their own (UX 3.5 F). */

import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useMemo, useRef } from "react";
import { isAttentive } from "../../../platform/attention";
import { every } from "../../../platform/clock";
import { useActions } from "../../../react/useActions";
import { useStore } from "../../../react/useStore";
import { makeThreadRows } from "../../../store/rows";
import type { MessageRow } from "../../../store/rows.types";
import type { Mark } from "../../../store/state";
import { DrawMention } from "../../../ui/Markup";
import { strings } from "../../../ui/strings";
import { ACT_KEYS, useActs } from "../acts";
import { Composer } from "../Composer";
import { drawMention } from "../MentionName";
import { RowContent } from "../Rows";
import "./ThreadPanel.css";

/** This near to the end the newest reply is kept in view. */
const END_PX = 64;
const READ_AFTER_MS = 600;

export default function ThreadPanel({ at: { room, seq } }: { at: Mark }): ReactNode {
  const { loadThread, closeThread, loadOlderReplies } = useActions();
  const thread = useStore((state) => (state.thread?.root === seq && state.thread.room === room ? state.thread : null));
  const scroller = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const rows = useThreadRows({ room, seq });
  const online = useStore((state) => state.connection.type === "online");

  // What was missed while there was no connection is fetched anew.
  useEffect(() => {
    if (online) void loadThread({ room, seq });
  }, [room, seq, online, loadThread]);
  useEffect(() => closeThread, [closeThread]);
  useSeen({ room, seq }, thread?.replies.at(-1)?.seq ?? 0, atEnd);

  const newest = rows.replies.at(-1)?.key;
  const first = rows.replies[0]?.key;
  const before = useRef({ height: 0, first });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    if (atEnd.current || newest?.startsWith("own-")) element.scrollTop = element.scrollHeight;
    // Earlier replies came above what is read: it stays where it is.
    else if (before.current.first !== first) element.scrollTop += element.scrollHeight - before.current.height;
    before.current = { height: element.scrollHeight, first };
  }, [newest, first]);

  if (thread?.failed === true) {
    return (
      <div className="panel-body">
        <p className="detail-none" role="alert">
          {strings.couldNotLoadThread}{" "}
          <button type="button" className="link" onClick={() => void loadThread({ room, seq })}>
            {strings.tryAgain}
          </button>
        </p>
      </div>
    );
  }
  const count = thread?.state?.replies ?? rows.replies.length;
  return (
    <div className="thread" data-thread={seq}>
      <div
        ref={scroller}
        className="thread-scroll"
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          atEnd.current = scrollHeight - scrollTop - clientHeight <= END_PX;
        }}
      >
        <DrawMention value={drawMention}>
          {rows.root !== null && <Row row={rows.root} room={room} />}
          {thread !== null && rows.root === null && !thread.loading && (
            <p className="detail-none">{strings.rootGone}</p>
          )}
          <p className="thread-count">
            <span>{count === 0 ? strings.noReplies : strings.replies(Math.max(count, rows.replies.length))}</span>
          </p>
          {thread?.more === true && !thread.loading && (
            <button type="button" className="link thread-earlier" onClick={() => void loadOlderReplies()}>
              {strings.earlierReplies}
            </button>
          )}
          <div role="feed" aria-label={strings.thread} aria-busy={thread?.loading ?? true}>
            {rows.replies.map((row, index) => (
              <Row key={row.key} row={row} room={room} place={index + 1} />
            ))}
          </div>
        </DrawMention>
      </div>
      <Composer key={seq} room={room} thread={seq} onSent={() => undefined} />
    </div>
  );
}

/** `stop`: each row is a stop of the Tab key, since there are few. */
type RowProps = { readonly row: MessageRow; readonly room: number; readonly place?: number; readonly stop?: 0 | -1 };

function Row({ row, room, place, stop = 0 }: RowProps): ReactNode {
  const act = useActs(room);
  const id = `thread-${row.key}`;
  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" } as const;
    const wanted = ACT_KEYS[event.key];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const next = event.currentTarget[step[event.key]];
      if (next instanceof HTMLElement) next.focus();
    } else if (event.key === "m") {
      event.currentTarget.querySelector<HTMLElement>(".row-more")?.click();
    } else if (wanted !== undefined) {
      act(wanted, row, event.currentTarget);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: like the rows of the room
    <div
      role="article"
      data-id={row.key}
      data-seq={row.seq ?? undefined}
      aria-posinset={place}
      aria-setsize={place === undefined ? undefined : -1}
      aria-labelledby={`${id}-name ${id}-body`}
      aria-describedby={`${id}-about`}
      tabIndex={stop}
      className="timeline-row"
      onKeyDown={onKeyDown}
    >
      <RowContent row={row} room={room} id={id} />
    </div>
  );
}

function useThreadRows({ room, seq }: Mark): { root: MessageRow | null; replies: readonly MessageRow[] } {
  const memory = useStore((state) => state.rooms.get(room));
  const thread = useStore((state) => (state.thread?.root === seq && state.thread.room === room ? state.thread : null));
  const pending = useStore((state) =>
    state.pending.filter((message) => message.room === room && message.answers?.thread === seq),
  );
  const you = useStore((state) => state.you);
  const { facts, quoted } = memory ?? { facts: null, quoted: null };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what else changes in a room changes no row of a thread
  return useMemo(() => {
    if (memory === undefined || thread === null || you === null) return { root: null, replies: [] };
    // A day is written where it is another than that of the root.
    const root = thread.message === null ? [] : [thread.message];
    const rows = makeThreadRows(memory, [...root, ...thread.replies], pending, you);
    const [first, ...rest] = rows;
    if (first === undefined || root.length === 0) return { root: null, replies: rows };
    const replies = rest.map((row, index) => (index === 0 ? { ...row, head: true } : row));
    return { root: { ...first, dayMs: null }, replies };
  }, [facts, quoted, thread?.message, thread?.replies, pending, you]);
}

/** Reports what was looked at, as in the room: visible, focused, at the end, for a moment. */
function useSeen(at: Mark, newest: number, atEnd: { readonly current: boolean }): void {
  const { seenThread } = useActions();
  const { room, seq } = at;
  useEffect(() => {
    if (newest === 0) return;
    return every(READ_AFTER_MS, () => {
      if (isAttentive() && atEnd.current) seenThread({ room, seq }, newest);
    });
  }, [room, seq, newest, atEnd, seenThread]);
}
