/** The box: plain text, kept as it is typed, sent with Enter (UX 3.7.6, 3.7.7). Never disabled. */

import {
  type FormEvent,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
} from "react";
import { isTouch } from "../../platform/attention";
import type { Room, RoomId } from "../../protocol";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import { mayInRoom } from "../../store/access";
import type { State } from "../../store/state";
import { Icon } from "../../ui/Icon";
import { strings } from "../../ui/strings";
import { fileStrings } from "../../ui/strings/files";
import { TrayView, useTray } from "../files/TrayView";
import "./Composer.css";

/** From here on the length is shown. */
const COUNTED_FROM = 4_000;
const BYTES_MAX = 16 * 1024;

export type ComposerHandle = { focus(): void; insert(text: string): void };

type Props = {
  readonly room: RoomId;
  readonly handle: Ref<ComposerHandle>;
  readonly onSent: () => void;
  /** Keys that the box leaves to the room: page up and down, and Ctrl+Up when it is empty. */
  readonly onKey: (event: KeyboardEvent<HTMLTextAreaElement>, empty: boolean) => void;
};

/** A room that everyone may enter has its sign before its name, as people write it; a person has none. */
function nameInTalk(room: Room | undefined): string {
  const isOpen = room?.kind === "lobby" || room?.kind === "open";
  return `${isOpen ? "#" : ""}${room?.name ?? ""}`;
}

export function Composer({ room, handle, onSent, onKey }: Props): ReactNode {
  const { attach, post, setDraft, typing } = useActions();
  const tray = useTray(room);
  const missing = tray.filter(({ state }) => state === "waiting" || state === "coming").length;
  const whole = tray.filter(({ state }) => state === "whole").length;
  const name = useStore((state) => nameInTalk(state.rooms.get(room)?.state.room));
  const draft = useStore((state) => state.drafts.get(room) ?? null);
  const limit = useStore((state) => state.limits?.body_bytes_max ?? BYTES_MAX);
  const box = useRef<HTMLTextAreaElement>(null);
  const closed = useStore((state) => whyClosed(state, room));
  const slowS = useStore((state) => slowSeconds(state, room));
  const text = draft?.text ?? "";
  const over = text.length > COUNTED_FROM / 4 ? new TextEncoder().encode(text).length - limit : 0;

  useImperativeHandle(handle, () => ({
    focus: () => box.current?.focus(),
    insert: (letters) => {
      box.current?.focus();
      setDraft(room, text + letters, text.length + letters.length);
    },
  }));

  // The caret comes back with the draft, in the same frame as the room.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each room
  useLayoutEffect(() => {
    const caret = draft?.caret ?? 0;
    box.current?.setSelectionRange(caret, caret);
    if (!isTouch()) box.current?.focus({ preventScroll: true });
  }, [room]);

  // Where the style alone cannot grow the box, its height is set.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is what it grows with
  useEffect(() => {
    const element = box.current;
    if (element === null || CSS.supports("field-sizing", "content")) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);

  function send(): void {
    if ((text.trim() === "" && whole === 0) || missing > 0 || over > 0 || closed !== null) return;
    post(room, text);
    onSent();
    box.current?.focus({ preventScroll: true });
  }

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    send();
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): void {
    const composing = event.nativeEvent.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || composing) {
      if (!composing) onKey(event, text === "");
      return;
    }
    const always = event.ctrlKey || event.metaKey;
    const newline = event.shiftKey || (!always && (isTouch() || inOpenFence(event.currentTarget)));
    if (newline && !always) return;
    event.preventDefault();
    send();
  }

  return (
    <form
      className={closed === null ? "composer" : "composer composer-closed"}
      aria-label={strings.writeForm}
      onSubmit={onSubmit}
    >
      <TrayView room={room} />
      <textarea
        ref={box}
        id="box"
        rows={1}
        value={text}
        placeholder={closed ?? strings.writeTo(name)}
        readOnly={closed !== null}
        aria-label={strings.messageBox(name)}
        onChange={(event) => {
          setDraft(room, event.target.value, event.target.selectionStart);
          typing(room);
        }}
        onSelect={(event) => {
          const caret = event.currentTarget.selectionStart;
          if (draft !== null && caret !== draft.caret && text === event.currentTarget.value)
            setDraft(room, text, caret);
        }}
        onKeyDown={onKeyDown}
        onPaste={(event) => {
          const files = [...event.clipboardData.files];
          if (files.length === 0 || closed !== null) return;
          event.preventDefault();
          attach(room, files);
        }}
        enterKeyHint={isTouch() ? "enter" : "send"}
      />
      <div className="composer-foot">
        {closed === null && <Attach onFiles={(files) => attach(room, files)} />}
        <p className={over > 0 ? "composer-over" : ""} role={over > 0 ? "alert" : undefined}>
          {missing > 0 ? fileStrings.stillComing(missing) : footWords(text, over, closed, slowS)}
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

/** Picks files of this machine. */
function Attach({ onFiles }: { onFiles: (files: readonly File[]) => void }): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        className="composer-attach"
        aria-label={fileStrings.attach}
        title={fileStrings.attach}
        onClick={() => input.current?.click()}
      >
        <Icon name="attach" />
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          // The same file can be picked again.
          event.currentTarget.value = "";
        }}
      />
    </>
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
