/** What may be done about a message: offered in its bar and its menu, done by keys (UX 3.7.11, 3.9). */

import { copyText } from "../../platform/clipboard";
import { linkTo, linkToThread } from "../../platform/location";
import type { RoomId, Seq } from "../../protocol";
import { useApp } from "../../react/AppContext";
import { mayInRoom, type RoomAct } from "../../store/access";
import type { MessageRow } from "../../store/rows.types";
import type { Mark, State } from "../../store/state";
import { strings } from "../../ui/strings";
import { useOverlays } from "../overlays/Overlays";
import { useCards } from "../people/Cards";

export type Act =
  | "react"
  | "reply"
  | "quote"
  | "edit"
  | "edits"
  | "copy_text"
  | "copy_link"
  | "unread"
  | "cards"
  | "pin"
  | "save"
  | "person"
  | "report"
  | "delete";

/** The keys of a message that has the focus. */
export const ACT_KEYS: Readonly<Record<string, Act>> = {
  "+": "react",
  a: "react",
  r: "reply",
  Enter: "reply",
  q: "quote",
  e: "edit",
  u: "unread",
  c: "copy_text",
  l: "copy_link",
  p: "pin",
  s: "save",
  Delete: "delete",
  Backspace: "delete",
};

/** A message that is stored. */
export type Stored = MessageRow & { readonly seq: Seq };

export function isStored(row: MessageRow): row is Stored {
  return row.seq !== null;
}

/** What this person may do about a message, in the order of its menu. */
export function actsFor(row: MessageRow, room: RoomId, state: Pick<State, "rooms" | "you">): readonly Act[] {
  const standing = state.rooms.get(room)?.state;
  if (standing === undefined || row.deletedBy !== null) return [];
  const may = (act: RoomAct) => mayInRoom(act, state.you?.role, standing);
  if (!isStored(row)) return ["copy_text"];
  const offered: readonly (readonly [Act, boolean])[] = [
    ["react", may("React")],
    // A reply has no thread of its own (THR-1): it is answered where it stands.
    ["reply", true],
    ["quote", may("Post")],
    ["edit", row.own && may("Edit")],
    ["edits", row.editedAtMs !== null],
    ["copy_text", true],
    ["copy_link", true],
    ["unread", may("MarkRead")],
    ["cards", row.own && (row.fact?.cards.length ?? 0) > 0 && may("DeleteOwn")],
    ["pin", may("Pin")],
    ["save", may("Save")],
    ["person", !row.own],
    ["report", !row.own && may("Report")],
    ["delete", row.own ? may("DeleteOwn") : may("DeleteAny")],
  ];
  return offered.filter(([, is]) => is).map(([act]) => act);
}

/** The name of an act, as menus say it. */
export function actLabel(act: Act, row: MessageRow): string {
  const labels: Readonly<Record<Act, string>> = {
    react: strings.react,
    reply: strings.replyInThread,
    quote: strings.quote,
    edit: strings.edit,
    edits: strings.editsTitle,
    copy_text: strings.copyText,
    copy_link: strings.copyLink,
    unread: strings.unreadFromHere,
    cards: strings.removeCards,
    pin: row.fact?.pinned === true ? strings.unpin : strings.pin,
    save: row.fact?.saved === true ? strings.unsave : strings.saveMessage,
    person: strings.aboutPerson(row.author.name),
    report: strings.report,
    delete: strings.delete,
  };
  return labels[act];
}

type Doing = (act: Act, row: MessageRow, anchor: HTMLElement) => void;

/** Does one, beside an element of the message. What this person may not do is not done. */
export function useActs(room: RoomId): Doing {
  const { store, actions } = useApp();
  const open = useCards();
  const openOverlay = useOverlays();
  return (act, row, anchor) => {
    if (!actsFor(row, room, store.get()).includes(act)) return;
    if (act === "copy_text") void copyText(row.text).then((done) => actions.flash(copied(done)));
    if (!isStored(row)) return;
    const at = { room, seq: row.seq };
    switch (act) {
      case "react":
        return open({ type: "emoji", anchor, onChoose: (sign) => actions.toggleReaction(at, sign) });
      case "reply":
        if (anchor.closest("[data-thread]") !== null) return document.getElementById("thread-box")?.focus();
        return actions.openThread({ room, seq: row.thread ?? row.seq });
      case "quote":
        return actions.setQuote(boxAround(anchor, room), row.seq);
      case "edit":
        return actions.startEdit(at);
      case "edits":
        return openOverlay({ type: "edits", at });
      case "copy_link":
        return void copyText(linkOf(at, anchor)).then((done) => actions.flash(copied(done)));
      case "unread":
        return actions.markUnreadFrom(room, row.seq);
      case "cards":
        return void actions.removeCards(at);
      case "pin":
        return void actions.setPinned(at, row.fact?.pinned !== true);
      case "save":
        return void actions.setSaved(at, row.fact?.saved !== true);
      case "person":
        return open({ type: "person", who: row.author, anchor });
      case "report":
        return open({ type: "report", who: row.author, at });
      case "delete":
        return actions.deleteMessage(at);
    }
  };
}

/** A reply that is read in its thread is found there. */
function linkOf(at: Mark, anchor: HTMLElement): string {
  const thread = Number(anchor.closest<HTMLElement>("[data-thread]")?.dataset.thread ?? at.seq);
  return thread === at.seq ? linkTo(at) : linkToThread(at.room, thread);
}

/** A message is answered where it is read: in the thread that is open, or in the room. */
function boxAround(anchor: HTMLElement, room: RoomId): RoomId | `${number}/t/${number}` {
  const thread = anchor.closest<HTMLElement>("[data-thread]")?.dataset.thread;
  return thread === undefined ? room : `${room}/t/${Number(thread)}`;
}

function copied(done: boolean): string {
  return done ? strings.copied : strings.notCopied;
}
