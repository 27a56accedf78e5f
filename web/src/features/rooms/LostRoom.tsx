/**
 * What stands where a room was that its reader may not read any more, or that an address names and is not theirs. What was
 * said there is gone from this page; what they wrote themselves and could not send is still theirs.
 */

import { type ReactNode, useEffect, useRef, useState } from "react";
import type { ListedRoom, RoomId } from "../../protocol";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import { Icon } from "../../ui/Icon";
import { strings } from "../../ui/strings";
import "./LostRoom.css";

type Props = { readonly room: RoomId; readonly name: string | null; readonly onBack: () => void };

export function LostRoom({ room, name, onBack }: Props): ReactNode {
  const { enterRoom, joinRoom, listRooms } = useActions();
  const lobby = useStore((state) => [...state.rooms.values()].find(({ state: { room } }) => room.kind === "lobby"));
  const [open, setOpen] = useState<ListedRoom | null>(null);
  const [refused, setRefused] = useState("");
  const title = useRef<HTMLHeadingElement>(null);
  // The box that had the focus is gone.
  useEffect(() => {
    if (document.activeElement === document.body) title.current?.focus();
  }, []);
  useEffect(() => {
    if (name !== null) return;
    void listRooms().then(
      (found) => found.ok && setOpen(found.value.find((listed) => listed.room.id === room) ?? null),
    );
  }, [room, name, listRooms]);

  async function join(): Promise<void> {
    const joined = await joinRoom(room);
    if (!joined.ok) setRefused(joined.message);
  }

  const called = name ?? open?.room.name ?? strings.noRoom;
  return (
    <main className="lost" aria-label={called}>
      <header className="room-header">
        <button type="button" className="menu-button room-back" aria-label={strings.backToRooms} onClick={onBack}>
          <Icon name="back" />
        </button>
        <h1 ref={title} tabIndex={-1}>
          {called}
        </h1>
      </header>
      <div className="lost-words">
        <div role="alert">
          <p>
            {name !== null ? strings.lostRoom : open !== null ? strings.roomToJoin(open.room.name) : strings.noRoomHere}
          </p>
          {name !== null && <p className="lost-how">{strings.lostRoomHow}</p>}
          {refused !== "" && <p className="field-error">{refused}</p>}
        </div>
        <p className="lost-acts">
          {open !== null && (
            <button type="button" className="button primary" onClick={() => void join()}>
              {strings.join}
            </button>
          )}
          {lobby !== undefined && (
            <button type="button" className="button quiet" onClick={() => enterRoom(lobby.state.room.id)}>
              {strings.toLobby}
            </button>
          )}
        </p>
        <Unsent room={room} />
      </div>
    </main>
  );
}

/** One's own words that never went out: to be copied, or to be let go of. */
function Unsent({ room }: { room: RoomId }): ReactNode {
  const { setDraft, discard } = useActions();
  const draft = useStore((state) => state.drafts.get(room)?.text ?? "");
  const waiting = useStore((state) => state.pending.filter((message) => message.room === room));
  const [copied, setCopied] = useState("");
  const texts = waiting.map(({ clientId, text }) => ({ key: clientId, text, onDelete: () => discard(clientId) }));
  if (draft.trim() !== "") texts.push({ key: "draft", text: draft, onDelete: () => setDraft(room, "", 0) });
  if (texts.length === 0) return null;
  return (
    <section className="lost-unsent" aria-label={strings.stillYours}>
      <h2>{strings.stillYours}</h2>
      <ul>
        {texts.map(({ key, text, onDelete }) => (
          <li key={key}>
            <p dir="auto">{text}</p>
            <button
              type="button"
              className="link"
              onClick={() => void navigator.clipboard?.writeText(text).then(() => setCopied(key))}
            >
              {copied === key ? strings.copied : strings.copy}
            </button>
            <button type="button" className="link" onClick={onDelete}>
              {strings.delete}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
