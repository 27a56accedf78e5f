/** The line above a room: its name, what it is about, who is there. */

import type { ReactNode } from "react";
import { togglePanel } from "../../platform/location";
import type { RoomId } from "../../protocol";
import { useActions } from "../../react/useActions";
import { useStanding, useStore } from "../../react/useStore";
import { mayInRoom } from "../../store/access";
import { anyoneHere } from "../../store/people";
import { Icon } from "../../ui/Icon";
import { Menu, type MenuItem } from "../../ui/Menu";
import { Presence } from "../../ui/Presence";
import { strings } from "../../ui/strings";
import { useOverlays } from "../overlays/Overlays";
import { openSearch } from "../search/useSearchKeys";
import "./RoomHeader.css";

type Props = {
  readonly room: RoomId;
  readonly panel: boolean;
  readonly onPanel: () => void;
  readonly onBack: () => void;
};

export function RoomHeader({ room, panel, onPanel, onBack }: Props): ReactNode {
  const standing = useStanding(room);
  const online = useStore((state) => state.rooms.get(room)?.state.online ?? 0);
  const role = useStore((state) => state.you?.role);
  const here = useStore((state) => {
    const memory = state.rooms.get(room);
    return memory !== undefined && anyoneHere(state, memory);
  });
  const { markRead, leaveRoom, showUnread } = useActions();
  const open = useOverlays();
  if (standing === null) return null;
  const { room: details, members } = standing;
  const items: MenuItem[] = [
    { label: strings.markRead, onChoose: () => markRead(room) },
    { label: strings.details, onChoose: onPanel },
    { label: strings.pinned, onChoose: () => togglePanel({ type: "pins" }) },
    { label: strings.whyUnread, onChoose: () => showUnread(room) },
    { label: strings.jumpToDate, onChoose: () => open({ type: "date", room }) },
  ];
  if (mayInRoom("RenameRoom", role, standing))
    items.push({ label: strings.rename, onChoose: () => open({ type: "rename", room: details }) });
  if (mayInRoom("LeaveRoom", role, standing)) {
    // One does not come back to a closed room by oneself; what refuses a leaving is said in the same place.
    const leave = () =>
      details.kind === "closed"
        ? open({ type: "leave", room: details })
        : void leaveRoom(room).then((left) => {
            if (!left.ok) open({ type: "leave", room: details });
          });
    items.push({ label: strings.leave, onChoose: leave });
  }
  const count = Math.max(members, online);
  const isDirect = details.kind === "direct";
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
      {isDirect && <Presence here={here} quiet />}
      <h1>{details.name}</h1>
      {isDirect ? (
        <p className="room-presence">{here ? (members > 2 ? strings.groupHere : strings.online) : strings.away}</p>
      ) : details.topic === "" ? (
        <p />
      ) : (
        <p className="room-topic">
          <button type="button" title={details.topic} aria-label={strings.readTopic(details.topic)} onClick={onPanel}>
            {details.topic}
          </button>
        </p>
      )}
      <button
        type="button"
        className="menu-button"
        aria-label={strings.searchMessages}
        onClick={() => openSearch(false)}
      >
        <Icon name="search" />
      </button>
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
    </header>
  );
}
