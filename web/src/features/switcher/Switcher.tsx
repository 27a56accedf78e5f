/** Goes anywhere from the keyboard: rooms, people, and under `>` what can be done (UX 3.5 H). A combobox over its list. */

import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useId, useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { ListedRoom } from "../../protocol";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import { mayInHouse } from "../../store/access";
import { anyoneHere } from "../../store/people";
import { rememberFocus } from "../../ui/focusBack";
import { Icon } from "../../ui/Icon";
import { Presence } from "../../ui/Presence";
import { countText, strings } from "../../ui/strings";
import { switcher } from "../../ui/strings/switcher";
import { useOverlays } from "../overlays/Overlays";
import { useCommands } from "./commands";
import { type Entry, entriesFor, nameOf } from "./entries";
import "./Switcher.css";

type Props = {
  /** What was typed before this was here. */
  readonly typed: RefObject<string>;
  readonly onClose: () => void;
};

export function Switcher({ typed, onClose }: Props): ReactNode {
  const { enterRoom, joinRoom, openDirect } = useActions();
  const open = useOverlays();
  const [text, setText] = useState(() => typed.current);
  const [at, setAt] = useState(0);
  const [refused, setRefused] = useState("");
  const { dialog, field } = useModal();
  const listed = useListed();
  const commands = useCommands();
  const [rooms, current, you, people, visited] = useStore(
    (state) => [state.rooms, state.current, state.you, state.people, state.visited] as const,
  );
  const entries = entriesFor(text, { rooms, current, you, people, visited, listed, commands });
  const chosen = Math.min(at, entries.length - 1);
  const id = useId();

  async function choose(entry: Entry | undefined): Promise<void> {
    if (entry === undefined) return;
    if (entry.type === "listed" || entry.type === "person") {
      const went = await (entry.type === "listed" ? joinRoom(entry.listed.room.id) : openDirect([entry.person.id]));
      if (!went.ok) setRefused(went.message);
      else onClose();
      return;
    }
    // Whatever takes the focus next must not find the page behind a dialog.
    flushSync(onClose);
    if (entry.type === "room") enterRoom(entry.room.state.room.id);
    else if (entry.type === "make") open({ type: "new_room", name: entry.name });
    else entry.command.run();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && entries.length > 0) setAt((chosen + step + entries.length) % entries.length);
    else if (event.key === "Enter") void choose(entries[chosen]);
    else return;
    event.preventDefault();
  }

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc does what a press beside it does
    <dialog ref={dialog} className="switcher" aria-label={switcher.title} onClose={onClose} onClick={closeOutside}>
      <input
        ref={field}
        type="text"
        role="combobox"
        aria-label={switcher.title}
        aria-expanded={entries.length > 0}
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={entries.length > 0 ? `${id}-${chosen}` : undefined}
        placeholder={strings.jumpTo}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
          setRefused("");
        }}
        onKeyDown={onKeyDown}
      />
      <div id={id} role="listbox" aria-label={switcher.title} className="switcher-list">
        {entries.map((entry, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field, which keeps the focus
          <div
            key={entry.key}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            className="switcher-entry"
            onPointerMove={() => setAt(index)}
            onClick={() => void choose(entry)}
          >
            <Row entry={entry} />
          </div>
        ))}
      </div>
      {entries.length === 0 && text.trim() !== "" && (
        <p className="switcher-none">{switcher.nobodyOrNothing(text.trim())}</p>
      )}
      {refused !== "" && (
        <p className="field-error switcher-none" role="alert">
          {refused}
        </p>
      )}
      <p className="switcher-hint">{switcher.hint}</p>
      <p className="hidden" role="status">
        {text === "" ? "" : switcher.count(entries.length)}
      </p>
    </dialog>
  );

  /** A press beside it closes it: the dialog itself is hit only where nothing of it stands. */
  function closeOutside(event: { readonly target: EventTarget; readonly currentTarget: EventTarget }): void {
    if (event.target === event.currentTarget) onClose();
  }
}

/** A native modal whose field has the focus from the start; it goes back where it was. */
function useModal() {
  const dialog = useRef<HTMLDialogElement>(null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const giveBack = rememberFocus();
    dialog.current?.showModal();
    field.current?.focus();
    return giveBack;
  }, []);
  return { dialog, field };
}

/** The open rooms of the house, and its people, asked for once while it is open: what is known shows at once. */
function useListed(): readonly ListedRoom[] {
  const { listRooms, loadPeople } = useActions();
  const role = useStore((state) => state.you?.role);
  const [listed, setListed] = useState<readonly ListedRoom[]>([]);
  useEffect(() => {
    if (mayInHouse("OpenDirect", role)) void loadPeople();
    if (mayInHouse("ListRooms", role)) void listRooms().then((found) => found.ok && setListed(found.value));
  }, [role, loadPeople, listRooms]);
  return listed;
}

function Row({ entry }: { entry: Entry }): ReactNode {
  return (
    <>
      <span className="switcher-glyph" aria-hidden="true">
        <Glyph entry={entry} />
      </span>
      <span className="switcher-name">{entry.type === "make" ? switcher.make(entry.name) : nameOf(entry)}</span>
      <Note entry={entry} />
    </>
  );
}

function Glyph({ entry }: { entry: Entry }): ReactNode {
  const id = entry.type === "room" ? entry.room.state.room.id : null;
  const here = useStore((state) => {
    const room = id === null ? undefined : state.rooms.get(id);
    return room !== undefined && anyoneHere(state, room);
  });
  if (entry.type === "person") return <Presence here={entry.person.online} quiet />;
  if (entry.type === "command") return ">";
  if (entry.type === "make") return "+";
  const { kind } = entry.type === "room" ? entry.room.state.room : entry.listed.room;
  if (kind === "direct") return <Presence here={here} quiet />;
  return kind === "closed" ? <Icon name="lock" /> : "#";
}

function Note({ entry }: { entry: Entry }): ReactNode {
  if (entry.type === "listed") return <span className="switcher-note">{switcher.notJoined}</span>;
  if (entry.type === "person") return <span className="switcher-note">{strings.roles[entry.person.role]}</span>;
  if (entry.type === "command") return <kbd className="switcher-note">{entry.command.keys}</kbd>;
  const unread = entry.type === "room" ? entry.room.state.unread : 0;
  return unread > 0 ? <span className="switcher-unread">{strings.unreadCount(countText(unread))}</span> : null;
}
