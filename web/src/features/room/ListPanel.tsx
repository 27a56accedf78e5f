/** Some messages of a room, one under the other: those pinned to it, or exactly those that its count counts (UNR-2). */

import { type ReactNode, useEffect, useState } from "react";
import type { Event, RoomId } from "../../protocol";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import { strings } from "../../ui/strings";
import { MessageItems } from "./MessageItems";

export default function ListPanel({ room, of }: { room: RoomId; of: "pins" | "unread" }): ReactNode {
  const { listPins, listUnread } = useActions();
  const [events, setEvents] = useState<readonly Event[] | null>(null);
  const [failed, setFailed] = useState("");
  // Asked again when something happened that the list may be about.
  const change = useStore((state) => {
    const memory = state.rooms.get(room);
    return of === "unread" ? `${memory?.state.unread} ${memory?.state.read}` : `${memory?.cursor}`;
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  useEffect(() => {
    let isAsked = true;
    void (of === "pins" ? listPins(room) : listUnread(room)).then((found) => {
      if (!isAsked) return;
      setFailed(found.ok ? "" : found.message);
      if (found.ok) setEvents(found.value.events);
    });
    return () => {
      isAsked = false;
    };
  }, [room, of, change, listPins, listUnread]);
  if (failed !== "") {
    return (
      <p className="field-error" role="alert">
        {failed}
      </p>
    );
  }
  if (events === null) return null;
  if (events.length === 0)
    return <p className="detail-none">{of === "pins" ? strings.noPins : strings.nothingUnread}</p>;
  return <MessageItems label={of === "pins" ? strings.pinned : strings.whyUnread} events={events} />;
}
