/** The one fixed line between timeline and box: what is going on never moves the page (UX 3.2). */

import { type ReactNode, useEffect, useState } from "react";
import { every, nowMs } from "../../platform/clock";
import type { RoomId } from "../../protocol";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import { slowUntilMs, waitingCount } from "../../store/selectors";
import { strings, waitText } from "../../ui/strings";
import "./Shelf.css";

/** A short loss of the connection is nobody's business. */
const SILENT_MS = 3_000;

export function Shelf({
  room,
  newBelow,
  following,
  onEnd,
}: {
  room: RoomId;
  newBelow: number;
  following: boolean;
  onEnd: () => void;
}): ReactNode {
  return (
    <div className="shelf">
      <div className="shelf-left">
        {/* Always there, so that what changes in it is spoken; who is writing is not. */}
        <div role="status">
          <ConnectionLine />
        </div>
        <SlowLine room={room} />
        <TypingLine room={room} />
      </div>
      {!following && (
        <button type="button" className="shelf-pill" onClick={onEnd}>
          {newBelow > 0 ? strings.newBelow(newBelow) : strings.toEnd}
        </button>
      )}
    </div>
  );
}

function ConnectionLine(): ReactNode {
  const { tryNow, undoRead } = useActions();
  const connection = useStore((state) => state.connection);
  const waiting = useStore(waitingCount);
  const flash = useStore((state) => state.flash);
  const newVersion = useStore((state) => state.newVersion);
  const sinceMs = connection.type === "waiting" || connection.type === "offline" ? connection.sinceMs : null;
  const patient = usePast(sinceMs === null ? null : sinceMs + SILENT_MS);
  // The answer to what was just done comes before what has been so for a while.
  if (flash !== null) {
    return (
      <p>
        {flash.text}
        {flash.undo.length > 0 && (
          <button type="button" className="link" onClick={() => undoRead(flash.undo)}>
            {strings.undo}
          </button>
        )}
      </p>
    );
  }
  if (connection.type === "offline" && patient) {
    return (
      <p className="shelf-warn">
        {strings.offline}
        {waiting > 0 && <span className="shelf-long">{strings.messagesWaiting(waiting)}</span>}
      </p>
    );
  }
  if (connection.type === "waiting" && patient) {
    return (
      <p className="shelf-warn">
        {strings.reconnecting}
        {waiting > 0 && <span className="shelf-long">{strings.messagesWaiting(waiting)}</span>}
        <button type="button" className="link" onClick={tryNow}>
          {strings.tryNow}
        </button>
      </p>
    );
  }
  if (newVersion) {
    return (
      <p>
        {strings.newVersion}
        <button type="button" className="link" onClick={() => window.location.reload()}>
          {strings.reload}
        </button>
      </p>
    );
  }
  return null;
}

/** Whether a moment has passed; looks again each half second while it has not. */
function usePast(momentMs: number | null): boolean {
  const [past, setPast] = useState(false);
  useEffect(() => {
    const look = () => setPast(momentMs !== null && nowMs() >= momentMs);
    look();
    return momentMs === null ? undefined : every(500, look);
  }, [momentMs]);
  return past;
}

/** How long a slow room still waits for its next word of this person; not spoken, it would never end. */
function SlowLine({ room }: { room: RoomId }): ReactNode {
  const untilMs = useStore((state) => slowUntilMs(state, room));
  const [leftMs, setLeftMs] = useState(0);
  useEffect(() => {
    const look = () => setLeftMs(untilMs === null ? 0 : untilMs - nowMs());
    look();
    if (untilMs === null || untilMs <= nowMs()) return;
    const stop = every(500, () => {
      look();
      if (untilMs <= nowMs()) stop();
    });
    return stop;
  }, [untilMs]);
  if (leftMs <= 0) return null;
  return <p className="shelf-slow">{strings.slowWait(waitText(leftMs))}</p>;
}

function TypingLine({ room }: { room: RoomId }): ReactNode {
  const blocked = useStore((state) => state.blocked);
  const heard = useStore((state) => state.rooms.get(room)?.typing ?? null);
  const typing = heard?.filter(({ by }) => !blocked.has(by.id)) ?? [];
  if (typing.length === 0) return null;
  return <p className="shelf-typing">{strings.typing(typing.map((entry) => entry.by))}</p>;
}
