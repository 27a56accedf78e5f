/** Every open room of the house, and a way to make another. */

import { type ReactNode, useEffect, useState } from "react";
import { isAttentive, onAttention } from "../../platform/attention";
import { every } from "../../platform/clock";
import type { ListedRoom, RoomId } from "../../protocol";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import { mayMakeRooms } from "../../store/selectors";
import { Icon } from "../../ui/Icon";
import { strings } from "../../ui/strings";
import { NewRoom } from "./RoomForm";
import "./BrowseRooms.css";

const LOOK_MS = 5_000;

export function BrowseRooms({ onEnter, onBack }: { onEnter: (room: RoomId) => void; onBack: () => void }): ReactNode {
  const { listRooms, joinRoom } = useActions();
  const mine = useStore((state) => [...state.rooms.keys()]);
  const mayMake = useStore(mayMakeRooms);
  const [found, setFound] = useState<readonly ListedRoom[]>([]);
  const [failed, setFailed] = useState("");
  const [making, setMaking] = useState(false);

  // Rooms of others are announced to nobody, so while somebody looks they are asked for again and again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: and at once when one's own rooms change
  useEffect(() => {
    const look = () => {
      void listRooms().then((outcome) => {
        setFailed(outcome.ok ? "" : outcome.message);
        if (outcome.ok) setFound(outcome.value);
      });
    };
    look();
    const again = () => isAttentive() && look();
    const stops = [every(LOOK_MS, again), onAttention(again)];
    return () => {
      for (const stop of stops) stop();
    };
  }, [mine, listRooms]);

  async function join(room: RoomId): Promise<void> {
    const outcome = await joinRoom(room);
    if (!outcome.ok) setFailed(outcome.message);
  }

  return (
    <main className="browse" aria-label={strings.browse}>
      <header className="room-header">
        <button type="button" className="menu-button room-back" aria-label={strings.backToRooms} onClick={onBack}>
          <Icon name="back" />
        </button>
        <h1>{strings.browse}</h1>
        <p />
        {mayMake && (
          <button type="button" className="button primary" onClick={() => setMaking(true)}>
            {strings.newRoom}
          </button>
        )}
      </header>
      {failed !== "" && (
        <p className="browse-failed" role="alert">
          {failed}
        </p>
      )}
      <ul className="browse-list">
        {found.map(({ room, members }) => (
          <li key={room.id}>
            <div>
              <h2>{room.name}</h2>
              <p>{[room.topic, strings.peopleInRoom(members)].filter((part) => part !== "").join(" · ")}</p>
            </div>
            {mine.includes(room.id) ? (
              <button
                type="button"
                className="button quiet"
                aria-label={`${strings.open} ${room.name}`}
                onClick={() => onEnter(room.id)}
              >
                {strings.open}
              </button>
            ) : (
              <button
                type="button"
                className="button primary"
                aria-label={`${strings.join} ${room.name}`}
                onClick={() => void join(room.id)}
              >
                {strings.join}
              </button>
            )}
          </li>
        ))}
      </ul>
      {making && <NewRoom onClose={() => setMaking(false)} />}
    </main>
  );
}
