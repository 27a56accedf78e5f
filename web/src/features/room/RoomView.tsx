/** One room: header, timeline, shelf, box, and the panel beside them. */

import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { isAttentive, onAttention } from "../../platform/attention";
import { after } from "../../platform/clock";
import type { RoomId } from "../../protocol";
import { useActions } from "../../react/useActions";
import { useRows, useStore } from "../../react/useStore";
import type { Row } from "../../store/rows.types";
import { Boundary } from "../../ui/Boundary";
import { strings } from "../../ui/strings";
import { Composer, type ComposerHandle } from "./Composer";
import { LiveLog } from "./LiveLog";
import { People } from "./People";
import { RoomHeader } from "./RoomHeader";
import { Shelf } from "./Shelf";
import { Timeline, type TimelineHandle } from "./Timeline";
import "./RoomView.css";

/** The last row must have been looked at for this long to count as read. */
const READ_AFTER_MS = 600;

type Props = {
  readonly room: RoomId;
  readonly panel: boolean;
  readonly onPanel: (open: boolean) => void;
  readonly onBack: () => void;
};

export function RoomView({ room, panel, onPanel, onBack }: Props): ReactNode {
  const rows = useRows(room);
  const name = useStore((state) => state.rooms.get(room)?.state.room.name ?? "");
  const [following, setFollowing] = useState(true);
  const timeline = useRef<TimelineHandle>(null);
  const composer = useRef<ComposerHandle>(null);
  const newBelow = useNewBelow(rows, following);
  const { markRead, clearNewLine } = useActions();
  useReading(room, following);

  useEffect(() => {
    function onKey(event: globalThis.KeyboardEvent): void {
      const typing =
        event.target instanceof HTMLElement && event.target.closest("input, textarea, [role=menu], dialog") !== null;
      const bare = event.target === document.body;
      if (
        event.key === "Escape" &&
        !event.shiftKey &&
        !event.defaultPrevented &&
        document.querySelector("dialog[open]") === null
      ) {
        if (panel) {
          onPanel(false);
        } else {
          timeline.current?.toEnd();
          markRead(room);
          clearNewLine(room);
          composer.current?.focus();
        }
      } else if (bare && !typing && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
        composer.current?.focus();
      }
    }
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [room, panel, onPanel, markRead, clearNewLine]);

  function onKey(event: KeyboardEvent<HTMLTextAreaElement>, empty: boolean): void {
    const { key } = event;
    if (key === "PageUp" || key === "PageDown") timeline.current?.page(key === "PageUp" ? -1 : 1);
    else if (key === "ArrowUp" && event.ctrlKey && empty) timeline.current?.focusNewest();
    else if (key === "End" && event.ctrlKey && empty) timeline.current?.toEnd();
    else if (key === "Home" && event.ctrlKey && empty) timeline.current?.toStart();
    else return;
    event.preventDefault();
  }

  return (
    <>
      <main className="room" aria-label={name}>
        <RoomHeader room={room} panel={panel} onPanel={() => onPanel(!panel)} onBack={onBack} />
        <Boundary words={strings.partBroken}>
          {rows.length === 0 ? (
            <RoomWaiting room={room} />
          ) : (
            <Timeline room={room} rows={rows} handle={timeline} onFollowing={setFollowing} />
          )}
        </Boundary>
        <Shelf room={room} newBelow={newBelow} following={following} onEnd={() => timeline.current?.toEnd()} />
        <Composer room={room} handle={composer} onKey={onKey} onSent={() => timeline.current?.toEnd()} />
        <LiveLog room={room} />
      </main>
      {panel && <People room={room} onClose={() => onPanel(false)} />}
    </>
  );
}

/** What stands where the timeline will be: nothing for a moment, then six grey lines, or what went wrong. */
function RoomWaiting({ room }: { room: RoomId }): ReactNode {
  const failed = useStore((state) => state.rooms.get(room)?.failed ?? false);
  const { reload } = useActions();
  const [slow, setSlow] = useState(false);
  useEffect(() => after(150, () => setSlow(true)), []);
  if (failed) {
    return (
      <p className="room-failed" role="alert">
        {strings.couldNotLoad}{" "}
        <button type="button" className="link" onClick={() => reload(room)}>
          {strings.tryAgain}
        </button>
      </p>
    );
  }
  return (
    <div className="room-skeleton" aria-hidden="true">
      {slow && [70, 45, 85, 60, 75, 40].map((width) => <i key={width} className={`w${width}`} />)}
    </div>
  );
}

/** How many messages of others came since the end was last in view. */
function useNewBelow(rows: readonly Row[], following: boolean): number {
  const newest = rows.findLast((row) => row.type === "message" && row.seq !== null);
  const newestSeq = newest?.type === "message" ? (newest.seq ?? 0) : 0;
  const seen = useRef(newestSeq);
  if (following || seen.current === 0) seen.current = newestSeq;
  let count = 0;
  for (let index = rows.length - 1; index >= 0; index -= 1) {
    const row = rows[index];
    if (row?.type !== "message" || row.seq === null) continue;
    if (row.seq <= seen.current) break;
    if (!row.own) count += 1;
  }
  return count;
}

/** Reports a room as read when its end was looked at: visible, focused, following, for a moment (UX 3.7.5). */
function useReading(room: RoomId, following: boolean): void {
  const head = useStore((state) => state.rooms.get(room)?.state.head ?? 0);
  const unread = useStore((state) => state.rooms.get(room)?.state.unread ?? 0);
  const online = useStore((state) => state.connection.type === "online");
  const { markRead } = useActions();
  const [attentive, setAttentive] = useState(isAttentive);
  useEffect(() => onAttention(() => setAttentive(isAttentive())), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new message must be looked at anew
  useEffect(() => {
    if (!attentive || !following || !online || unread === 0) return;
    return after(READ_AFTER_MS, () => markRead(room));
  }, [room, head, unread > 0, following, attentive, online, markRead]);
}
