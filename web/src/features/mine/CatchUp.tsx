/** All that is unread, by room: what calls the reader first, then replies, then the first of the rest (UX 3.5 I). */

import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import type { Event, RoomId, UserId } from "../../protocol";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import type { Message } from "../../store/messages";
import { roomsInOrder } from "../../store/selectors";
import { calls } from "../../store/unread";
import { countText, strings } from "../../ui/strings";
import { MessageItems } from "../room/MessageItems";
import { Frame } from "./Frame";

/** Of what neither calls nor answers so much is shown. */
const REST_MAX = 3;

export default function CatchUp({ onBack }: { onBack: () => void }): ReactNode {
  const ids = useStore((state) =>
    roomsInOrder(state)
      .filter(({ state: { unread } }) => unread > 0)
      .sort((a, b) => b.state.mentions - a.state.mentions)
      .map(({ state: { room } }) => room.id),
  );
  const groups = useRef<HTMLDivElement>(null);

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { j: 1, k: -1 }[event.key];
    if (step === undefined) return;
    const all = [...(groups.current?.querySelectorAll<HTMLElement>(".mine-group") ?? [])];
    const at = all.findIndex((group) => group.contains(document.activeElement));
    all[Math.max(0, Math.min(all.length - 1, at + step))]?.focus();
    event.preventDefault();
  }

  return (
    <Frame title={strings.catchUp} onBack={onBack}>
      {ids.length === 0 && <p className="mine-none">{strings.upToDate}</p>}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: J and K go between the groups in it */}
      <div ref={groups} onKeyDown={onKeyDown}>
        {ids.map((id) => (
          <Group key={id} room={id} />
        ))}
      </div>
    </Frame>
  );
}

function Group({ room }: { room: RoomId }): ReactNode {
  const { enterRoom, markRead, listUnread } = useActions();
  const you = useStore((state) => state.you?.id ?? 0);
  const [name, unread, mentions] = useStore((state) => {
    const memory = state.rooms.get(room)?.state;
    return [memory?.room.name ?? "", memory?.unread ?? 0, memory?.mentions ?? 0] as const;
  });
  const [events, setEvents] = useState<readonly Event[]>([]);
  const [failed, setFailed] = useState("");
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when there is more
  useEffect(() => {
    let isAsked = true;
    void listUnread(room).then((found) => {
      if (!isAsked) return;
      if (found.ok) setEvents(found.value.events);
      else setFailed(found.message);
    });
    return () => {
      isAsked = false;
    };
  }, [room, unread, listUnread]);
  const shown = chosen(events, you);

  function onKeyDown(event: KeyboardEvent): void {
    if (event.target !== event.currentTarget || event.key !== "e") return;
    markRead(room);
    event.preventDefault();
  }

  return (
    <section className="mine-group" aria-label={name} tabIndex={-1} onKeyDown={onKeyDown}>
      <div className="mine-title">
        <h2>{name}</h2>
        <span>
          {strings.unreadCount(countText(unread))}
          {mentions > 0 && `, ${strings.mentionCount(mentions)}`}
        </span>
        <button type="button" className="link" aria-label={strings.openNamed(name)} onClick={() => enterRoom(room)}>
          {strings.open}
        </button>
        <button type="button" className="link" aria-label={strings.markNamedRead(name)} onClick={() => markRead(room)}>
          {strings.markRead}
        </button>
      </div>
      {failed !== "" && (
        <p className="field-error" role="alert">
          {failed}
        </p>
      )}
      <MessageItems label={strings.unreadIn(name)} events={shown} />
    </section>
  );
}

/** What calls the reader, what answers in a thread, and the first of the rest. */
function chosen(events: readonly Event[], you: UserId): readonly Event[] {
  const messages = events.filter((event): event is Message => event.kind === "message");
  const calling = messages.filter((message) => calls(message, you));
  const replies = messages.filter((message) => !calling.includes(message) && message.answers?.thread !== undefined);
  const rest = messages.filter((message) => !calling.includes(message) && !replies.includes(message));
  return [...calling, ...replies, ...rest.slice(0, REST_MAX)];
}
