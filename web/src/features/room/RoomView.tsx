/** One room: header, timeline, shelf, box, and the panel beside them. */

import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { isAttentive, onAttention } from "../../platform/attention";
import { after, every } from "../../platform/clock";
import type { InPanel } from "../../platform/location";
import type { RoomId } from "../../protocol";
import { useActions } from "../../react/useActions";
import { useRows, useStore } from "../../react/useStore";
import type { Row } from "../../store/rows.types";
import { Boundary } from "../../ui/Boundary";
import { isPopoverOpen } from "../../ui/Popover";
import { strings } from "../../ui/strings";
import { fileStrings } from "../../ui/strings/files";
import { useDrop } from "../files/useDrop";
import { InviteNote } from "../invite/InviteNote";
import { Composer, type ComposerHandle, isOpenTo } from "./Composer";
import { LiveLog } from "./LiveLog";
import { RoomHeader } from "./RoomHeader";
import { Shelf } from "./Shelf";
import { Timeline, type TimelineHandle } from "./Timeline";
import "./RoomView.css";

/** The last row must have been looked at for this long to count as read. */
const READ_AFTER_MS = 600;
/** An own message is edited from the empty box while it is among so many of the last. */
const EDIT_AMONG = 50;

type Props = {
  readonly room: RoomId;
  /** What stands beside the room. */
  readonly panel: InPanel | null;
  /** One screen at a time: the panel stands in front of the room. */
  readonly narrow: boolean;
  readonly onPanel: (open: boolean) => void;
  readonly onBack: () => void;
};

export function RoomView({ room, panel, narrow, onPanel, onBack }: Props): ReactNode {
  const rows = useRows(room);
  const name = useStore((state) => state.rooms.get(room)?.state.room.name ?? "");
  const [following, setFollowing] = useState(true);
  const timeline = useRef<TimelineHandle>(null);
  const composer = useRef<ComposerHandle>(null);
  const newBelow = useNewBelow(rows, following);
  const { attach, attend, clearNewLine, markRead, setQuote, startEdit } = useActions();
  const details = panel?.type === "details";
  useReading(room, following);
  const open = useStore((state) => isOpenTo(state, room));
  const drop = useDrop((files) => {
    if (open) attach(room, files);
    composer.current?.focus();
  });

  useEffect(() => {
    function onKey(event: globalThis.KeyboardEvent): void {
      if (event.defaultPrevented || document.querySelector("dialog[open]") !== null || isPopoverOpen()) return;
      const { target, key } = event;
      const bare = target === document.body && !event.ctrlKey && !event.metaKey && !event.altKey;
      if (key === "Escape" && !event.shiftKey) {
        if (panel !== null) {
          onPanel(false);
        } else {
          timeline.current?.toEnd();
          markRead(room);
          clearNewLine(room);
          composer.current?.focus();
        }
      } else if (!holdsText(target) && scrolls(event, timeline.current)) {
        event.preventDefault();
      } else if ((event.ctrlKey || event.metaKey) && event.shiftKey && key.toLowerCase() === "i") {
        // Some browsers keep these keys for themselves; the button is always there.
        onPanel(!details);
        event.preventDefault();
      } else if (bare && key.length === 1) {
        composer.current?.focus();
      }
    }
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [room, panel, details, onPanel, markRead, clearNewLine]);

  function onKey(event: KeyboardEvent<HTMLTextAreaElement>, empty: boolean): void {
    const { key, shiftKey } = event;
    const bare = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (key === "ArrowUp" && bare && empty) {
      if (shiftKey) quoteNewest();
      else editLast();
    } else if (key === "ArrowUp" && event.ctrlKey && empty) timeline.current?.focusNewest();
    else if ((key === "PageUp" || key === "PageDown") && !shiftKey) timeline.current?.page(key === "PageUp" ? -1 : 1);
    else return;
    event.preventDefault();
  }

  /** Opens the last own message for editing, if it is not long ago. */
  function editLast(): void {
    const own = rows.slice(-EDIT_AMONG).findLast((row) => row.type === "message" && row.own && row.deletedBy === null);
    if (own?.type !== "message" || own.seq === null) return;
    startEdit({ room, seq: own.seq });
    timeline.current?.reveal(own.key);
  }

  function quoteNewest(): void {
    const newest = rows.findLast((row) => row.type === "message" && row.seq !== null && row.deletedBy === null);
    if (newest?.type === "message" && newest.seq !== null) setQuote(room, newest.seq);
  }

  return (
    <main
      className="room"
      aria-label={name}
      inert={panel !== null && narrow}
      onKeyDownCapture={attend}
      onPointerDownCapture={attend}
      onWheelCapture={attend}
      {...drop.handlers}
    >
      {drop.over && open && <div className="drop-here">{fileStrings.dropHere(name)}</div>}
      <RoomHeader room={room} panel={details} onPanel={() => onPanel(!details)} onBack={onBack} />
      <Boundary words={strings.partBroken}>
        {rows.length === 0 ? (
          <RoomWaiting room={room} />
        ) : (
          <Timeline room={room} rows={rows} handle={timeline} onFollowing={setFollowing} />
        )}
      </Boundary>
      <InviteNote />
      <Shelf room={room} newBelow={newBelow} following={following} onEnd={() => timeline.current?.toEnd()} />
      <Composer room={room} handle={composer} onKey={onKey} onSent={() => timeline.current?.toEnd()} />
      <LiveLog room={room} />
    </main>
  );
}

/** A box with text in it keeps the keys that move in text (C10, C40). */
function holdsText(target: EventTarget | null): boolean {
  const isField = target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;
  return isField && target.value !== "";
}

/** The keys that move the timeline from anywhere (UX 3.9). */
function scrolls(event: globalThis.KeyboardEvent, timeline: TimelineHandle | null): boolean {
  const { key, target } = event;
  const always = event.ctrlKey || event.metaKey;
  const bare = target === document.body;
  if (key === "PageUp" && event.shiftKey) timeline?.toNew();
  else if (key === "Home" && always) timeline?.toStart();
  else if (key === "End" && (always || bare)) timeline?.toEnd();
  else if ((key === "PageUp" || key === "PageDown") && bare) timeline?.page(key === "PageUp" ? -1 : 1);
  else return false;
  return true;
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

/** Reports what was looked at: visible, focused, following, for a moment, whether or not more comes (UX 3.7.5). */
function useReading(room: RoomId, following: boolean): void {
  const head = useStore((state) => state.rooms.get(room)?.state.head ?? 0);
  const unread = useStore((state) => (state.rooms.get(room)?.state.unread ?? 0) > 0);
  const online = useStore((state) => state.connection.type === "online");
  const { seen } = useActions();
  const [attentive, setAttentive] = useState(isAttentive);
  const newest = useRef(head);
  newest.current = head;
  useEffect(() => onAttention(() => setAttentive(isAttentive())), []);
  useEffect(() => {
    if (!attentive || !following || !online || !unread) return;
    let shown = newest.current;
    return every(READ_AFTER_MS, () => {
      seen(room, shown);
      shown = newest.current;
    });
  }, [room, unread, following, attentive, online, seen]);
}
