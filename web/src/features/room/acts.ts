/** What may be done about a message: offered in its bar and its menu, done by keys (UX 3.7.11, 3.9). */

import { copyText } from "../../platform/clipboard";
import { linkTo } from "../../platform/location";
import type { RoomId, Seq } from "../../protocol";
import { useApp } from "../../react/AppContext";
import { mayInRoom, type RoomAct } from "../../store/access";
import type { MessageRow } from "../../store/rows.types";
import type { State } from "../../store/state";
import { strings } from "../../ui/strings";
import { useCards } from "../people/Cards";

export type Act = "copy_text" | "copy_link" | "unread" | "person" | "report";

/** The keys of a message that has the focus. */
export const ACT_KEYS: Readonly<Record<string, Act>> = { u: "unread", c: "copy_text", l: "copy_link" };

/** A message that is stored. */
export type Stored = MessageRow & { readonly seq: Seq };

export function isStored(row: MessageRow): row is Stored {
  return row.seq !== null;
}

/** What this person may do about a message, in the order of its menu. */
export function actsFor(row: MessageRow, room: RoomId, state: Pick<State, "rooms" | "you">): readonly Act[] {
  const standing = state.rooms.get(room)?.state;
  if (standing === undefined) return [];
  const may = (act: RoomAct) => mayInRoom(act, state.you?.role, standing);
  const acts: Act[] = ["copy_text"];
  if (!isStored(row)) return acts;
  acts.push("copy_link");
  if (may("MarkRead")) acts.push("unread");
  if (!row.own) acts.push("person");
  if (!row.own && may("Report")) acts.push("report");
  return acts;
}

/** The name of an act, as menus say it. */
export function actLabel(act: Act, row: MessageRow): string {
  const labels: Readonly<Record<Act, string>> = {
    copy_text: strings.copyText,
    copy_link: strings.copyLink,
    unread: strings.unreadFromHere,
    person: strings.aboutPerson(row.author.name),
    report: strings.report,
  };
  return labels[act];
}

/** Does one, beside an element of the message. What this person may not do is not done. */
export function useActs(room: RoomId): (act: Act, row: MessageRow, anchor: HTMLElement) => void {
  const { store, actions } = useApp();
  const open = useCards();
  return (act, row, anchor) => {
    if (!actsFor(row, room, store.get()).includes(act)) return;
    if (act === "copy_text") void copyText(row.text).then((done) => actions.flash(copied(done)));
    if (!isStored(row)) return;
    const at = { room, seq: row.seq };
    if (act === "copy_link") void copyText(linkTo(at)).then((done) => actions.flash(copied(done)));
    if (act === "unread") actions.markUnreadFrom(room, row.seq);
    if (act === "person") open({ type: "person", who: row.author, anchor });
    if (act === "report") open({ type: "report", who: row.author, at });
  };
}

function copied(done: boolean): string {
  return done ? strings.copied : strings.notCopied;
}
