/** Messages in a list that is not the timeline: who, when, what, and a press that goes there. */

import type { ReactNode } from "react";
import { nowMs } from "../../platform/clock";
import type { Event } from "../../protocol";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import type { Message } from "../../store/messages";
import { strings } from "../../ui/strings";
import { momentText, wholeText } from "../../ui/time";
import { inShort } from "./MessageBody";
import "./MessageItems.css";

type Props = { readonly label: string; readonly events: readonly Event[]; readonly showsRoom?: boolean };

export function MessageItems({ label, events, showsRoom = false }: Props): ReactNode {
  const messages = events.filter((event): event is Message => event.kind === "message");
  return (
    <ul className="items" aria-label={label}>
      {messages.map((message) => (
        <li key={`${message.room}-${message.seq}`}>
          <Item message={message} showsRoom={showsRoom} />
        </li>
      ))}
    </ul>
  );
}

function Item({ message, showsRoom }: { message: Message; showsRoom: boolean }): ReactNode {
  const { goToMessage, openThread } = useActions();
  const { room, seq, by, at, answers } = message;
  const name = useStore((state) => state.rooms.get(room)?.state.room.name ?? "");
  const blocked = useStore((state) => state.blocked.has(by.id));
  const thread = answers?.thread;
  const isInThread = thread !== undefined && answers?.also_in_room !== true;
  const go = () => (isInThread ? openThread({ room, seq: thread }) : goToMessage({ room, seq }));
  return (
    <button type="button" className="item" onClick={go}>
      <span className="item-about">
        <b>{by.name}</b>
        {showsRoom && <span>{name}</span>}
        {isInThread && <i>{strings.inThread}</i>}
        <time dateTime={new Date(at).toISOString()} title={wholeText(at)}>
          {momentText(at, nowMs())}
        </time>
      </span>
      <span className="item-words" dir="auto">
        {blocked ? strings.blockedMessage : inShort(message)}
      </span>
    </button>
  );
}
