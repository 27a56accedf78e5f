/** What a message says: its words, or what their markup says, or that it is gone; and what it quotes. */

import { lazy, type ReactNode, Suspense } from "react";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import { findMessage, type Message } from "../../store/messages";
import type { MessageRow } from "../../store/rows.types";
import type { Mark } from "../../store/state";
import { isFewEmoji } from "../../ui/emoji";
import { Markup, Words } from "../../ui/Markup";
import { withMentions } from "../../ui/mentions";
import { plain } from "../../ui/plain";
import { strings } from "../../ui/strings";
import { fileStrings } from "../../ui/strings/files";
import { clockText, wholeText } from "../../ui/time";
import { Files } from "../files/Files";
import { useOverlays } from "../overlays/Overlays";
import "./message.css";

const EditBox = lazy(() => import("./EditBox"));

/** Of a quoted message so much is shown. */
const QUOTED_MAX = 200;

type Props = { readonly row: MessageRow; readonly room: number; readonly id: string };

export function MessageBody({ row, room, id }: Props): ReactNode {
  const editing = useStore(({ editing }) => editing !== null && editing.room === room && editing.seq === row.seq);
  const isGoing = useStore((state) => state.deleting.has(`${room}:${row.seq}`));
  if (row.deletedBy !== null) {
    return (
      <div className="row-body row-gone" id={`${id}-body`}>
        {strings.deletedBy(row.deletedBy.name)}
      </div>
    );
  }
  if (isGoing && row.seq !== null) return <Going room={room} seq={row.seq} id={id} />;
  if (editing && row.seq !== null) {
    return (
      <>
        <span id={`${id}-body`} hidden>
          {row.text}
        </span>
        <Suspense fallback={<Said row={row} room={room} id={id} />}>
          <EditBox room={room} seq={row.seq} text={row.text} />
        </Suspense>
      </>
    );
  }
  return (
    <>
      {row.thread !== null && <InThread at={{ room, seq: row.thread }} />}
      {row.quote !== null && <Quote row={row} room={room} />}
      <Said row={row} room={room} id={id} />
      {row.files.length > 0 && <Files files={row.files} room={room} />}
    </>
  );
}

/** The words as they were typed, or what their markup says; that is named in plain words, without the buttons within it. */
function Said({ row, room, id }: Props): ReactNode {
  const { tree, text, mentions, editedAtMs, files } = row;
  if (text === "" && files.length > 0) {
    // The row is named by what it carries.
    return (
      <span id={`${id}-body`} hidden>
        {fileStrings.named(files)}
      </span>
    );
  }
  const edited = editedAtMs === null ? null : <Edited row={row} room={room} atMs={editedAtMs} />;
  if (tree === null) {
    return (
      <div className={isFewEmoji(text) ? "row-body emoji" : "row-body"} dir="auto">
        <span id={`${id}-body`}>
          <Words text={text} mentions={mentions} />
        </span>
        {edited}
      </div>
    );
  }
  return (
    <>
      <span id={`${id}-body`} hidden>
        {plain(tree, strings.hidden)}
      </span>
      <div className="row-body">
        <Markup tree={withMentions(tree, mentions)} />
        {edited}
      </div>
    </>
  );
}

/** That it said something else before; a press shows what. */
function Edited({ row, room, atMs }: { row: MessageRow; room: number; atMs: number }): ReactNode {
  const open = useOverlays();
  return (
    <>
      {" "}
      <button
        type="button"
        className="row-edited"
        tabIndex={-1}
        title={wholeText(atMs)}
        aria-label={strings.editedAt(clockText(atMs))}
        onClick={() => row.seq !== null && open({ type: "edits", at: { room, seq: row.seq } })}
      >
        {strings.edited}
      </button>
    </>
  );
}

/** It is about to be deleted, and is there still for who changes their mind. */
function Going({ room, seq, id }: { room: number; seq: number; id: string }): ReactNode {
  const { undoDelete } = useActions();
  return (
    <div className="row-body row-gone" id={`${id}-body`}>
      {strings.deleted}{" "}
      <button type="button" className="link" onClick={() => undoDelete({ room, seq })}>
        {strings.undo}
      </button>
    </div>
  );
}

/** A reply that stands in the room as well says where it belongs. */
function InThread({ at }: { at: Mark }): ReactNode {
  const { openThread } = useActions();
  const root = useStore((state) => findMessage(state.rooms.get(at.room)?.segments ?? [], at.seq));
  return (
    <button type="button" className="row-quote" tabIndex={-1} onClick={() => openThread(at)}>
      {strings.replyTo(root?.by.name ?? null)}
    </button>
  );
}

/** What a message answers, in a line; a press goes there. */
function Quote({ row: { quote, quoted }, room }: { row: MessageRow; room: number }): ReactNode {
  const { goToMessage } = useActions();
  const blocked = useStore((state) => quoted?.kind === "message" && state.blocked.has(quoted.by.id));
  if (quoted?.kind !== "message" || quoted.deleted !== undefined || quote === null) {
    // Whether it was deleted, or is not for this reader: the same words (S46).
    return <div className="row-quote row-gone">{quoted === undefined ? "…" : strings.quotedGone}</div>;
  }
  return (
    <button
      type="button"
      className="row-quote"
      tabIndex={-1}
      aria-label={strings.quotes(quoted.by.name)}
      onClick={() => goToMessage({ room, seq: quote })}
    >
      <b>{quoted.by.name}</b> {blocked ? strings.blockedMessage : inShort(quoted)}
    </button>
  );
}

/** A message in one line. */
export function inShort({ tree, text, files = [] }: Pick<Message, "tree" | "text" | "files">): string {
  const said = tree === undefined ? text : plain(tree, strings.hidden);
  const words = said === "" && files.length > 0 ? fileStrings.named(files) : said;
  const line = words.replace(/\s+/g, " ").trim();
  return line.length > QUOTED_MAX ? `${line.slice(0, QUOTED_MAX)}…` : line;
}
