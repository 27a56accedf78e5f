/** The box's side of the list that offers: when there is a word, which keys are the list's, and what is put into the text. */

import { type KeyboardEvent, lazy, type ReactNode, type RefObject, Suspense, useId, useRef, useState } from "react";
import type { RoomId } from "../../../protocol";
import type { PopupHandle } from "./Popup";
import { isSameWord, type Word, wordAt } from "./word";

const Popup = lazy(() => import("./Popup"));

export type Completion = {
  /** To be called whenever text or caret may have moved. */
  look(): void;
  close(): void;
  /** Takes a key for the list: true when it was for it. */
  onKey(event: KeyboardEvent): boolean;
  readonly attributes: Readonly<Record<string, string | undefined>>;
  readonly popup: ReactNode;
};

export function useCompletion(box: RefObject<HTMLTextAreaElement | null>, room: RoomId): Completion {
  const [word, setWord] = useState<Word | null>(null);
  const [active, setActive] = useState<string | null>(null);
  /** The word in which Esc was pressed or something was chosen: it is left alone from then on. */
  const dismissed = useRef<Word | null>(null);
  const handle = useRef<PopupHandle>(null);
  const id = useId();

  function look(): void {
    const element = box.current;
    const isPoint = element !== null && element.selectionStart === element.selectionEnd;
    const found = isPoint ? wordAt(element.value, element.selectionStart) : null;
    if (!isSameWord(found, dismissed.current)) dismissed.current = null;
    const shown = dismissed.current === null ? found : null;
    setWord((before) => (isSameWord(before, shown) && before?.typed === shown?.typed ? before : shown));
  }

  function choose(insert: string): void {
    const element = box.current;
    if (element === null || word === null) return;
    const end = word.from + 1 + word.typed.length;
    // What stands behind it already is not put there twice.
    const text = element.value[end] === " " ? insert.trimEnd() : insert;
    // What was chosen asks for nothing more, although a name may go on behind a space.
    dismissed.current = word;
    setWord(null);
    replaceText(element, word.from, end, text);
  }

  return {
    look,
    close: () => setWord(null),
    onKey: (event) => {
      if (word === null || active === null) return false;
      if (event.key === "Escape") {
        dismissed.current = word;
        setWord(null);
      } else if (handle.current?.onKey(event) !== true) {
        return false;
      }
      event.preventDefault();
      event.stopPropagation();
      return true;
    },
    attributes: {
      "aria-autocomplete": "list",
      "aria-controls": active === null ? undefined : id,
      "aria-activedescendant": active ?? undefined,
    },
    popup: word !== null && (
      <Suspense fallback={null}>
        <Popup id={id} word={word} room={room} handle={handle} onChoose={choose} onActive={setActive} />
      </Suspense>
    ),
  };
}

/** Puts a text in the place of another as if it had been typed, so that the box can take it back. */
export function replaceText(element: HTMLTextAreaElement, from: number, to: number, text: string): void {
  element.focus();
  element.setSelectionRange(from, to);
  if (document.execCommand("insertText", false, text)) return;
  element.setRangeText(text, from, to, "end");
  element.dispatchEvent(new Event("input", { bubbles: true }));
}
