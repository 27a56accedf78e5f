/** What may be done about a room in the list, where it was pressed with the other button (UX 3.5 C). */

import type { ReactNode } from "react";
import { copyText } from "../../platform/clipboard";
import { linkToRoom } from "../../platform/location";
import type { NotifyLevel, RoomId } from "../../protocol";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import { mayInRoom } from "../../store/access";
import { type MenuItem, MenuList } from "../../ui/Menu";
import { type Point, Popover } from "../../ui/Popover";
import { strings } from "../../ui/strings";
import { useOverlays } from "../overlays/Overlays";
import "../people/PersonCard.css";

type Props = {
  readonly room: RoomId;
  readonly anchor: HTMLElement;
  readonly point?: Point;
  readonly onClose: () => void;
};

const LEVELS: readonly NotifyLevel[] = ["all", "mentions", "nothing"];

export default function RoomMenu({ room, anchor, point, onClose }: Props): ReactNode {
  const { markRead, showUnread, setNotify, flash } = useActions();
  const open = useOverlays();
  const standing = useStore((state) => state.rooms.get(room)?.state);
  const role = useStore((state) => state.you?.role);
  if (standing === undefined) return null;
  const level = (value: NotifyLevel): MenuItem => ({
    label: strings.countsAs[value],
    checked: (standing.notify ?? "all") === value,
    onChoose: () => void setNotify(room, value).then((done) => done.ok || flash(done.message)),
  });
  const copy = () => void copyText(linkToRoom(room)).then((done) => flash(done ? strings.copied : strings.notCopied));
  const items: MenuItem[] = [
    { label: strings.markRead, onChoose: () => markRead(room) },
    ...(standing.unread > 0 ? [{ label: strings.whyUnread, onChoose: () => showUnread(room) }] : []),
    ...LEVELS.map(level),
    { label: strings.copyLink, onChoose: copy },
  ];
  if (mayInRoom("LeaveRoom", role, standing))
    items.push({ label: strings.leave, onChoose: () => open({ type: "leave", room: standing.room }) });
  return (
    <Popover anchor={anchor} {...(point === undefined ? {} : { point })} onClose={onClose}>
      <MenuList
        className="menu-entries card-menu"
        label={strings.roomMenu(standing.room.name)}
        items={items}
        onClose={onClose}
      />
    </Popover>
  );
}
