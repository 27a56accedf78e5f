/** What may be done about a message, and about who said it. */

import type { ReactNode } from "react";
import { useApp } from "../../react/AppContext";
import type { MessageRow } from "../../store/rows.types";
import type { Mark } from "../../store/state";
import { MenuList } from "../../ui/Menu";
import { type Point, Popover } from "../../ui/Popover";
import { strings } from "../../ui/strings";
import { actLabel, actsFor, useActs } from "./acts";
import "../people/PersonCard.css";

type Props = {
  readonly row: MessageRow;
  readonly at: Mark;
  readonly anchor: HTMLElement;
  /** Where it was asked for with the pointer; else it stands beside what was pressed. */
  readonly point?: Point;
  readonly onClose: () => void;
};

export default function RowMenu({ row, at, anchor, point, onClose }: Props): ReactNode {
  const { store } = useApp();
  const act = useActs(at.room);
  const items = actsFor(row, at.room, store.get()).map((one) => ({
    label: actLabel(one, row),
    onChoose: () => act(one, row, anchor),
  }));
  return (
    <Popover anchor={anchor} {...(point === undefined ? {} : { point })} onClose={onClose}>
      <MenuList
        className="menu-entries card-menu"
        label={strings.rowMenu(row.author.name)}
        items={items}
        onClose={onClose}
      />
    </Popover>
  );
}
