/** What may be done about a message, and about who said it. */

import type { ReactNode } from "react";
import { noteUse, readRecent } from "../../platform/emojiUse";
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

const USUAL = ["👍", "❤️", "😂", "🎉", "😮", "👀"];

/** Those used last, filled up with those that are used most. */
function quick(): readonly string[] {
  return [...new Set([...readRecent(), ...USUAL])].slice(0, USUAL.length);
}

export default function RowMenu({ row, at, anchor, point, onClose }: Props): ReactNode {
  const { store, actions } = useApp();
  const act = useActs(at.room);
  const offered = actsFor(row, at.room, store.get());
  const items = offered.map((one) => ({
    label: actLabel(one, row),
    onChoose: () => act(one, row, anchor),
  }));
  return (
    <Popover anchor={anchor} {...(point === undefined ? {} : { point })} onClose={onClose}>
      {offered.includes("react") && (
        <div className="menu-quick">
          {quick().map((sign) => (
            <button
              key={sign}
              type="button"
              tabIndex={-1}
              aria-label={strings.reactWith(sign)}
              onClick={() => {
                noteUse(sign);
                onClose();
                actions.toggleReaction(at, sign);
              }}
            >
              {sign}
            </button>
          ))}
        </div>
      )}
      <MenuList
        className="menu-entries card-menu"
        label={strings.rowMenu(row.author.name)}
        items={items}
        onClose={onClose}
      />
    </Popover>
  );
}
