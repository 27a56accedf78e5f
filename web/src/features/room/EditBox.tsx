/** An own message, open in its row for other words: Enter saves, Esc leaves it and keeps what was typed (T21). */

import {
  type FormEvent,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import type { RoomId, Seq } from "../../protocol";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import type { BoxId } from "../../store/state";
import { strings } from "../../ui/strings";
import { useCompletion } from "./complete/useCompletion";
import { formats, pastes } from "./format";

type Props = { readonly room: RoomId; readonly seq: Seq; readonly text: string };

export default function EditBox({ room, seq, text: said }: Props): ReactNode {
  const { edit, startEdit, setDraft, deleteMessage } = useActions();
  const id: BoxId = `${room}/e/${seq}`;
  const draft = useStore((state) => state.drafts.get(id) ?? null);
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);
  const complete = useCompletion(box, room);
  const text = draft?.text ?? said;

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, as it is opened
  useLayoutEffect(() => {
    const caret = draft?.caret ?? said.length;
    box.current?.focus({ preventScroll: true });
    box.current?.setSelectionRange(caret, caret);
  }, []);
  useEffect(() => {
    const element = box.current;
    if (element === null || CSS.supports("field-sizing", "content")) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  });

  function close(): void {
    startEdit(null);
    document.getElementById("box")?.focus({ preventScroll: true });
  }

  async function save(): Promise<void> {
    if (busy) return;
    if (text.trim() === "") {
      // Nothing left of it is what deleting is for; that can be undone.
      setDraft(id, "", 0);
      close();
      deleteMessage({ room, seq });
      return;
    }
    if (text === said) {
      setDraft(id, "", 0);
      close();
      return;
    }
    setBusy(true);
    const done = await edit({ room, seq }, text);
    setBusy(false);
    setRefused(done.ok ? "" : done.message);
    if (!done.ok) return;
    setDraft(id, "", 0);
    close();
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): void {
    // The keys of the row are not those of what is typed in it.
    event.stopPropagation();
    if (event.nativeEvent.isComposing || event.keyCode === 229 || complete.onKey(event) || formats(event)) return;
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && !event.shiftKey) void save();
    else return;
    event.preventDefault();
  }

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    void save();
  }

  return (
    <form className="edit-box" aria-label={strings.editForm} onSubmit={onSubmit}>
      {complete.popup}
      <textarea
        ref={box}
        rows={1}
        value={text}
        aria-label={strings.editForm}
        {...complete.attributes}
        onChange={(event) => {
          setDraft(id, event.target.value, event.target.selectionStart);
          complete.look();
        }}
        onSelect={complete.look}
        onPaste={pastes}
        onBlur={complete.close}
        onKeyDown={onKeyDown}
      />
      {refused === "" ? (
        <p>
          {strings.editHow}{" "}
          <button type="button" className="link" onClick={close}>
            {strings.cancel}
          </button>{" "}
          <button type="submit" className="link">
            {strings.save}
          </button>
        </p>
      ) : (
        <p className="field-error" role="alert">
          {refused}
        </p>
      )}
    </form>
  );
}
