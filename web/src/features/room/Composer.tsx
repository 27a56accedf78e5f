/** The box: plain text, kept as it is typed, sent with Enter (UX 3.7.6, 3.7.7). Never disabled. */

import {
  type FormEvent,
  type KeyboardEvent,
  lazy,
  type ReactNode,
  type Ref,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { isTouch } from "../../platform/attention";
import type { Answers, Room, RoomId, Seq } from "../../protocol";
import { useApp } from "../../react/AppContext";
import { useActions } from "../../react/useActions";
import { usePreference } from "../../react/usePreference";
import { useStore } from "../../react/useStore";
import { mayInRoom } from "../../store/access";
import { findMessage } from "../../store/messages";
import type { BoxId, State } from "../../store/state";
import { Icon } from "../../ui/Icon";
import { Later } from "../../ui/Later";
import { strings } from "../../ui/strings";
import { fileStrings } from "../../ui/strings/files";
import { Attach } from "../files/Attach";
import { useTray } from "../files/useTray";
import { useCards } from "../people/Cards";
import { replaceText, useCompletion } from "./complete/useCompletion";
import { formats, pastes } from "./format";
import { inShort } from "./MessageBody";
import "./Composer.css";

const TrayView = lazy(() => import("../files/TrayView").then(({ TrayView }) => ({ default: TrayView })));

/** From here on the length is shown. */
const COUNTED_FROM = 4_000;
const BYTES_MAX = 16 * 1024;

export type ComposerHandle = { focus(): void; insert(text: string): void };

type Props = {
  readonly room: RoomId;
  /** The message whose thread is written in; without it the room. */
  readonly thread?: Seq;
  readonly handle?: Ref<ComposerHandle>;
  readonly onSent: () => void;
  /** Keys that the box leaves to the room: page up and down, and arrows when it is empty. */
  readonly onKey?: (event: KeyboardEvent<HTMLTextAreaElement>, empty: boolean) => void;
};

/** A room that everyone may enter has its sign before its name, as people write it; a person has none. */
function nameInTalk(room: Room | undefined): string {
  const isOpen = room?.kind === "lobby" || room?.kind === "open";
  return `${isOpen ? "#" : ""}${room?.name ?? ""}`;
}

export function Composer({ room, thread, handle, onSent, onKey }: Props): ReactNode {
  const { attach, post, setDraft, setQuote, typing } = useActions();
  const id: BoxId = thread === undefined ? room : `${room}/t/${thread}`;
  const [alsoInRoom, setAlsoInRoom] = useState(false);
  const tray = useTray(id);
  const missing = tray.filter(({ state }) => state === "waiting" || state === "coming").length;
  const whole = tray.filter(({ state }) => state === "whole").length;
  const name = useStore((state) => nameInTalk(state.rooms.get(room)?.state.room));
  const draft = useStore((state) => state.drafts.get(id) ?? null);
  const limit = useStore((state) => state.limits?.body_bytes_max ?? BYTES_MAX);
  const box = useRef<HTMLTextAreaElement>(null);
  const closed = useStore((state) => whyClosed(state, room));
  const slowS = useStore((state) => slowSeconds(state, room));
  const [refused, setRefused] = useState("");
  const enterBreaks = usePreference("enter") === "breaks";
  const tellsTyping = usePreference("typing") === "told";
  const isChecked = usePreference("spelling") === "checked";
  const complete = useCompletion(box, room);
  const runSlash = useSlash(room, id, setRefused);
  const text = draft?.text ?? "";
  const over = text.length > COUNTED_FROM / 4 ? new TextEncoder().encode(text).length - limit : 0;

  useImperativeHandle(handle, () => ({
    focus: () => box.current?.focus(),
    insert,
  }));

  // The caret comes back with the draft, in the same frame as the room.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each box
  useLayoutEffect(() => {
    const caret = draft?.caret ?? 0;
    box.current?.setSelectionRange(caret, caret);
    // Whoever goes through results in the panel stays there; a thread that is opened is written in.
    const inPanel = thread === undefined && document.activeElement?.closest(".panel") != null;
    if (!isTouch() && !inPanel) box.current?.focus({ preventScroll: true });
  }, [id]);

  // Whoever answers a message writes next.
  const { quote } = draft ?? {};
  const quoted = useRef(quote);
  useEffect(() => {
    if (quote !== undefined && quote !== quoted.current) box.current?.focus({ preventScroll: true });
    quoted.current = quote;
  }, [quote]);

  // Where the style alone cannot grow the box, its height is set.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is what it grows with
  useEffect(() => {
    const element = box.current;
    if (element === null || CSS.supports("field-sizing", "content")) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);

  /** Puts letters where the caret is. */
  function insert(letters: string): void {
    const element = box.current;
    if (element !== null) replaceText(element, element.selectionStart, element.selectionEnd, letters);
  }

  function send(): void {
    if ((text.trim() === "" && whole === 0) || missing > 0 || over > 0 || closed !== null) return;
    setRefused("");
    complete.close();
    const answers = answersOf(thread, draft?.quote, alsoInRoom);
    if (text.startsWith("/")) {
      void runSlash(text, answers);
      return;
    }
    post(room, text, answers, id);
    onSent();
    box.current?.focus({ preventScroll: true });
  }

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    send();
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): void {
    const composing = event.nativeEvent.isComposing || event.keyCode === 229;
    if (!composing && (complete.onKey(event) || formats(event))) return;
    if ((event.ctrlKey || event.metaKey) && event.shiftKey && event.key.toLowerCase() === "e") {
      event.preventDefault();
      event.currentTarget.form?.querySelector<HTMLElement>(".composer-emoji")?.click();
      return;
    }
    if (event.key !== "Enter" || composing) {
      if (composing) return;
      if (event.key === "Escape" && draft?.quote !== undefined) {
        event.preventDefault();
        setQuote(id, null);
      } else onKey?.(event, text === "");
      return;
    }
    const always = event.ctrlKey || event.metaKey;
    const newline = event.shiftKey || (!always && (isTouch() || enterBreaks || inOpenFence(event.currentTarget)));
    if (newline && !always) return;
    event.preventDefault();
    send();
  }

  return (
    <form
      className={closed === null ? "composer" : "composer composer-closed"}
      aria-label={thread === undefined ? strings.writeForm : strings.threadForm}
      onSubmit={onSubmit}
    >
      {tray.length > 0 && (
        <Later>
          <TrayView box={id} />
        </Later>
      )}
      {complete.popup}
      {draft?.quote !== undefined && <QuoteChip room={room} seq={draft.quote} onGone={() => setQuote(id, null)} />}
      <textarea
        ref={box}
        id={thread === undefined ? "box" : "thread-box"}
        rows={1}
        value={text}
        placeholder={closed ?? (thread === undefined ? strings.writeTo(name) : strings.writeInThread)}
        readOnly={closed !== null}
        aria-label={thread === undefined ? strings.messageBox(name) : strings.writeInThread}
        {...complete.attributes}
        onChange={(event) => {
          setDraft(id, event.target.value, event.target.selectionStart);
          if (tellsTyping) typing(room);
          complete.look();
        }}
        onBlur={complete.close}
        onPaste={(event) => {
          const files = [...event.clipboardData.files];
          if (files.length === 0 || closed !== null) return pastes(event);
          event.preventDefault();
          attach(id, files);
        }}
        onSelect={(event) => {
          complete.look();
          const caret = event.currentTarget.selectionStart;
          if (draft !== null && caret !== draft.caret && text === event.currentTarget.value) setDraft(id, text, caret);
        }}
        onKeyDown={onKeyDown}
        spellCheck={isChecked}
        enterKeyHint={isTouch() || enterBreaks ? "enter" : "send"}
      />
      <div className="composer-foot">
        {closed === null && <Attach onFiles={(files) => attach(id, files)} />}
        {thread !== undefined && closed === null && (
          <label className="composer-also">
            <input type="checkbox" checked={alsoInRoom} onChange={(event) => setAlsoInRoom(event.target.checked)} />
            {strings.alsoInRoom}
          </label>
        )}
        {closed === null && <EmojiButton onChoose={insert} />}
        <p
          className={over > 0 || refused !== "" ? "composer-over" : ""}
          role={over > 0 || refused !== "" ? "alert" : undefined}
        >
          {refused || (missing > 0 ? fileStrings.stillComing(missing) : footWords(text, over, closed, slowS))}
        </p>
        {closed === null && (
          <button type="submit" className="button primary" disabled={over > 0}>
            {strings.send}
          </button>
        )}
      </div>
    </form>
  );
}

/** Runs what was typed as a command; what is none is said. Its code comes with the first slash. */
function useSlash(
  room: RoomId,
  box: BoxId,
  onRefused: (why: string) => void,
): (text: string, answers: Answers | undefined) => Promise<void> {
  const app = useApp();
  return async (text, answers) => {
    const { actions, store } = app;
    const { parseSlash, runSlash, unslashed } = await import("./slash");
    const of = store.get().rooms.get(room)?.state.room;
    const command = parseSlash(text);
    if (command === null || of === undefined) {
      actions.post(room, unslashed(text), answers, box);
      return;
    }
    const done = await runSlash(command, of, app, (words) => actions.post(room, words, answers, box));
    if (!done.ok) onRefused(done.message);
    // Whoever wrote on meanwhile keeps what they wrote.
    else if (store.get().drafts.get(box)?.text === text) actions.setDraft(box, "", 0);
  };
}

/** What a message answers; undefined where it stands for itself. */
function answersOf(thread: Seq | undefined, quote: Seq | undefined, alsoInRoom: boolean): Answers | undefined {
  if (thread === undefined) return quote === undefined ? undefined : { quote };
  return {
    thread,
    ...(quote === undefined ? {} : { quote }),
    ...(alsoInRoom ? { also_in_room: true } : {}),
  };
}

/** The message that is answered, above what is written. */
function QuoteChip({ room, seq, onGone }: { room: RoomId; seq: Seq; onGone: () => void }): ReactNode {
  const message = useStore((state) => findMessage(state.rooms.get(room)?.segments ?? [], seq));
  return (
    <p className="composer-quote">
      <span>
        <b>{strings.answering(message?.by.name ?? "…")}</b> {message === null ? "" : inShort(message)}
      </span>
      <button type="button" className="menu-button" aria-label={strings.answerNothing} onClick={onGone}>
        <Icon name="close" />
      </button>
    </p>
  );
}

function EmojiButton({ onChoose }: { onChoose: (sign: string) => void }): ReactNode {
  const open = useCards();
  return (
    <button
      type="button"
      className="menu-button composer-emoji"
      aria-label={strings.emoji}
      title={strings.emoji}
      aria-haspopup="dialog"
      onClick={(event) => open({ type: "emoji", anchor: event.currentTarget, onChoose })}
    >
      <Icon name="smile" />
    </button>
  );
}

/** Why nothing may be written here, for who looks at the box; null where it may. What it holds already stays in it. */
function whyClosed(state: State, id: RoomId): string | null {
  const room = state.rooms.get(id)?.state;
  if (room === undefined) return null;
  if (room.room.archived) return strings.archivedRoom;
  if (!mayInRoom("Post", state.you?.role, room)) return strings.managersRoom;
  const only = room.members <= 2 ? room.with?.[0] : undefined;
  return only !== undefined && state.blocked.has(only.id) ? strings.youBlock(only.name) : null;
}

/** Whether something may be written in a room now. */
export function isOpenTo(state: State, id: RoomId): boolean {
  return whyClosed(state, id) === null;
}

/** How slow the room is for this person. */
function slowSeconds(state: State, id: RoomId): number {
  const room = state.rooms.get(id)?.state;
  return room === undefined || mayInRoom("PostAtOnce", state.you?.role, room) ? 0 : room.room.slow_s;
}

/** The line under the text: what is wrong with it, else why it stays here, else how long it is, else how slow the room is. */
function footWords(text: string, over: number, closed: string | null, slowS: number): string {
  if (closed !== null) return text === "" ? "" : `${closed} ${strings.unsentDraft}`;
  if (over > 0) return strings.tooLong(over);
  if (text.length > COUNTED_FROM) return strings.counter(text.length);
  return slowS > 0 ? strings.slowRoom(slowS) : "";
}

/** Whether the caret stands inside a code fence that is not closed: Enter is a newline there. */
function inOpenFence(box: HTMLTextAreaElement): boolean {
  const fences = box.value.slice(0, box.selectionStart).match(/^```/gm);
  return (fences?.length ?? 0) % 2 === 1;
}
