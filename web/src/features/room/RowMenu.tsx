/** What may be done about a message, and about who said it. */

import type { ReactNode } from "react";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import { mayInRoom } from "../../store/access";
import type { MessageRow } from "../../store/rows.types";
import type { Mark } from "../../store/state";
import { type MenuItem, MenuList } from "../../ui/Menu";
import { Popover } from "../../ui/Popover";
import { strings } from "../../ui/strings";
import { useCards } from "../people/Cards";
import "../people/PersonCard.css";

type Props = {
  readonly row: MessageRow;
  readonly at: Mark;
  readonly anchor: HTMLElement;
  readonly onClose: () => void;
};

export default function RowMenu({ row, at, anchor, onClose }: Props): ReactNode {
  const { markUnreadFrom } = useActions();
  const open = useCards();
  const role = useStore((state) => state.you?.role);
  const room = useStore((state) => state.rooms.get(at.room)?.state);
  const { author: who, own } = row;
  const items: MenuItem[] = [
    { label: strings.copyText, onChoose: () => void navigator.clipboard?.writeText(row.text) },
    { label: strings.unreadFromHere, onChoose: () => markUnreadFrom(at.room, at.seq) },
  ];
  if (!own) {
    items.push({ label: strings.aboutPerson(who.name), onChoose: () => open({ type: "person", who, anchor }) });
    if (room !== undefined && mayInRoom("Report", role, room))
      items.push({ label: strings.report, onChoose: () => open({ type: "report", who, at }) });
  }
  return (
    <Popover anchor={anchor} onClose={onClose}>
      <MenuList className="menu-entries card-menu" label={strings.rowMenu(who.name)} items={items} onClose={onClose} />
    </Popover>
  );
}
