/** The list above the box, fetched with the first word that asks. The focus stays in the box, and so do the keys (T26). */

import { type KeyboardEvent, type ReactNode, type Ref, useEffect, useImperativeHandle, useState } from "react";
import { isLow } from "../../../platform/attention";
import { readTone } from "../../../platform/emojiUse";
import type { Member, RoomId, UserId } from "../../../protocol";
import { useActions } from "../../../react/useActions";
import { useStore } from "../../../react/useStore";
import { mayInRoom } from "../../../store/access";
import type { RoomMemory } from "../../../store/state";
import { Presence } from "../../../ui/Presence";
import { slash } from "../../../ui/strings/slash";
import { maySlash, SLASHES } from "../slash";
import { type Known, optionsFor, type Somebody } from "./options";
import type { Word } from "./word";
import "./Popup.css";

/** As many as are offered at once, without scrolling: where there is little height, fewer. */
const [OPTIONS_MAX, OPTIONS_LOW_MAX] = [8, 4];
/** How far back is looked for who spoke. */
const SPOKE_IN = 100;

export type PopupHandle = {
  /** Takes a key that is for the list: true when it was. */
  onKey(event: KeyboardEvent): boolean;
};

type Props = {
  readonly id: string;
  readonly word: Word;
  readonly room: RoomId;
  readonly handle: Ref<PopupHandle>;
  readonly onChoose: (insert: string) => void;
  /** Which option stands for the choice now; null where none is offered. */
  readonly onActive: (option: string | null) => void;
};

export default function Popup({ id, word, room, handle, onChoose, onActive }: Props): ReactNode {
  const options = optionsFor(word, useKnown(room, word));
  const [at, setAt] = useState(0);
  const chosen = Math.min(at, options.length - 1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other letters begin at the first again
  useEffect(() => setAt(0), [word.typed, word.from]);
  const active = options.length === 0 ? null : `${id}-${chosen}`;
  useEffect(() => onActive(active), [active, onActive]);
  useEffect(() => () => onActive(null), [onActive]);

  useImperativeHandle(handle, () => ({
    onKey: (event) => {
      if (options.length === 0) return false;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step !== undefined) setAt((chosen + step + options.length) % options.length);
      else if ((event.key === "Enter" && !event.shiftKey) || (event.key === "Tab" && !event.shiftKey))
        onChoose(options[chosen]?.insert ?? "");
      else return false;
      return true;
    },
  }));

  if (options.length === 0) return null;
  const what = slash.offered[word.sign];
  return (
    <>
      <div id={id} role="listbox" aria-label={what} className="complete">
        {options.map((option, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the box, which keeps the focus
          <div
            key={option.key}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            className="complete-option"
            onPointerMove={() => setAt(index)}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onChoose(option.insert)}
          >
            <span className="complete-glyph" aria-hidden="true">
              {typeof option.glyph === "string" ? option.glyph : <Presence here={option.glyph.here} quiet />}
            </span>
            <span className="complete-label">{option.label}</span>
            <span className="complete-note">{option.note}</span>
          </div>
        ))}
      </div>
      <p className="hidden" role="status">
        {slash.count(options.length, what)}
      </p>
    </>
  );
}

/** Who is in each room, as last asked: the list is there at once the next time. */
const membersOf = new Map<RoomId, readonly Member[]>();

function useKnown(room: RoomId, { sign }: Word): Known {
  const you = useStore((state) => state.you);
  const memory = useStore((state) => state.rooms.get(room));
  const rooms = useStore((state) =>
    [...state.rooms.values()].map((one) => one.state.room).filter(({ kind }) => kind === "lobby" || kind === "open"),
  );
  const members = useMembers(room, sign === "@");
  return {
    you: you?.id ?? 0,
    people: members ?? heard(memory),
    spoke: spokeLast(memory),
    rooms,
    slashes: memory === undefined ? [] : SLASHES.filter((name) => maySlash(name, { you }, memory.state)),
    mayCallAll: memory !== undefined && mayInRoom("MentionAll", you?.role, memory.state),
    tone: readTone(),
    most: isLow() ? OPTIONS_LOW_MAX : OPTIONS_MAX,
  };
}

function useMembers(room: RoomId, wanted: boolean): readonly Member[] | null {
  const { listMembers } = useActions();
  const [members, setMembers] = useState(membersOf.get(room) ?? null);
  useEffect(() => {
    if (!wanted) return;
    void listMembers(room).then((found) => {
      if (!found.ok) return;
      membersOf.set(room, found.value);
      setMembers(found.value);
    });
  }, [room, wanted, listMembers]);
  return members;
}

function spokeLast(memory: RoomMemory | undefined): readonly UserId[] {
  const last = (memory?.segments.at(-1) ?? []).slice(-SPOKE_IN).reverse();
  return [...new Set(last.filter(({ kind }) => kind === "message").map(({ by }) => by.id))];
}

/** Before it is known who is in the room: those who were heard in it. */
function heard(memory: RoomMemory | undefined): readonly Somebody[] {
  const last = (memory?.segments.at(-1) ?? []).slice(-SPOKE_IN);
  return [...new Map(last.map(({ by }) => [by.id, { ...by, online: false }])).values()];
}
