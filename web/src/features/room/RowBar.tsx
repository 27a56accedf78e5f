/** What is done most often about a message, beside it while it has the pointer or the focus (UX 3.7.11). */

import type { ReactNode } from "react";
import type { RoomId } from "../../protocol";
import { useApp } from "../../react/AppContext";
import type { MessageRow } from "../../store/rows.types";
import { Icon } from "../../ui/Icon";
import { strings } from "../../ui/strings";
import { useCards } from "../people/Cards";
import { type Act, actsFor, isStored, useActs } from "./acts";
import "./RowBar.css";

/** Of these the first three that this person may. */
const IN_BAR: readonly Act[] = ["react", "reply", "edit", "copy_link"];
const BAR_MAX = 3;

/** The row keeps the focus: without it the bar would be gone before it was pressed. */
const keepFocus = (event: { preventDefault(): void }) => event.preventDefault();

export function RowBar({ row, room }: { row: MessageRow; room: RoomId }): ReactNode {
  const { store } = useApp();
  const open = useCards();
  const act = useActs(room);
  if (!isStored(row) || row.deletedBy !== null) return null;
  const offered = actsFor(row, room, store.get());
  const inBar = IN_BAR.filter((one) => offered.includes(one)).slice(0, BAR_MAX);
  const words: Partial<Record<Act, string>> = {
    react: strings.react,
    reply: strings.reply,
    edit: strings.edit,
    copy_link: strings.copyLink,
  };
  return (
    <div className="row-bar" role="toolbar" aria-label={strings.rowBar(row.author.name)}>
      {inBar.map((one) => (
        <button
          key={one}
          type="button"
          tabIndex={-1}
          data-act={one}
          onMouseDown={keepFocus}
          onClick={(event) => act(one, row, event.currentTarget)}
        >
          {words[one]}
        </button>
      ))}
      <button
        type="button"
        className="row-more"
        tabIndex={-1}
        aria-label={strings.rowMenu(row.author.name)}
        aria-haspopup="menu"
        onMouseDown={keepFocus}
        onClick={(event) => open({ type: "row", row, at: { room, seq: row.seq }, anchor: event.currentTarget })}
      >
        <Icon name="more" />
      </button>
    </div>
  );
}
