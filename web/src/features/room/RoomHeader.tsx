/** The line above a room: its name, what it is about, who is there. */

import { type ReactNode, useState } from "react";
import type { RoomId } from "../../protocol";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import { Icon } from "../../ui/Icon";
import { Menu, type MenuItem } from "../../ui/Menu";
import { strings } from "../../ui/strings";
import { RenameRoom } from "../rooms/RoomForm";
import "./RoomHeader.css";

type Props = {
  readonly room: RoomId;
  readonly panel: boolean;
  readonly onPanel: () => void;
  readonly onBack: () => void;
};

export function RoomHeader({ room, panel, onPanel, onBack }: Props): ReactNode {
  const details = useStore((state) => state.rooms.get(room)?.state.room);
  const members = useStore((state) => state.rooms.get(room)?.state.members ?? 0);
  const online = useStore((state) => state.rooms.get(room)?.state.online ?? 0);
  const { markRead, leaveRoom } = useActions();
  const [renaming, setRenaming] = useState(false);
  if (details === undefined) return null;
  const items: MenuItem[] = [{ label: strings.markRead, onChoose: () => markRead(room) }];
  if (details.kind !== "lobby") {
    items.push({ label: strings.rename, onChoose: () => setRenaming(true) });
    items.push({ label: strings.leave, onChoose: () => void leaveRoom(room) });
  }
  const count = Math.max(members, online);
  return (
    <header className="room-header">
      <button type="button" className="menu-button room-back" aria-label={strings.backToRooms} onClick={onBack}>
        <Icon name="back" />
      </button>
      {details.kind === "closed" && (
        <span className="room-lock" role="img" aria-label={strings.closedRoom}>
          <Icon name="lock" />
        </span>
      )}
      <h1>{details.name}</h1>
      <p title={details.topic}>{details.topic}</p>
      <button
        type="button"
        className="room-people"
        aria-expanded={panel}
        aria-label={`${strings.people}: ${strings.peopleInRoom(count)}`}
        onClick={onPanel}
      >
        <Icon name="people" />
        {count.toLocaleString("en")}
      </button>
      <Menu label={strings.roomMenu(details.name)} items={items}>
        <Icon name="more" />
      </Menu>
      {renaming && <RenameRoom room={details} onClose={() => setRenaming(false)} />}
    </header>
  );
}
