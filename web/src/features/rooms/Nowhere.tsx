/** What is shown at an address that is none. */

import type { ReactNode } from "react";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import { Icon } from "../../ui/Icon";
import { strings } from "../../ui/strings";
import "./LostRoom.css";

export function Nowhere({ onBack }: { onBack: () => void }): ReactNode {
  const { enterRoom } = useActions();
  const lobby = useStore((state) => [...state.rooms.values()].find(({ state: { room } }) => room.kind === "lobby"));
  return (
    <main className="lost" aria-label={strings.nowhere}>
      <header className="room-header">
        <button type="button" className="menu-button room-back" aria-label={strings.backToRooms} onClick={onBack}>
          <Icon name="back" />
        </button>
        <h1>{strings.nowhere}</h1>
      </header>
      <div className="lost-words">
        <p>{strings.nowhereWords}</p>
        {lobby !== undefined && (
          <p className="lost-acts">
            <button type="button" className="button quiet" onClick={() => enterRoom(lobby.state.room.id)}>
              {strings.toLobby}
            </button>
          </p>
        )}
      </div>
    </main>
  );
}
