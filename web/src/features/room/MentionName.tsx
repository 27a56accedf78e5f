/** Whom a message names: a press shows them, or goes to the room that it names. */

import type { ReactNode } from "react";
import type { Mention } from "../../protocol";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import { useCards } from "../people/Cards";

export function MentionName({ mention }: { mention: Mention }): ReactNode {
  const { enterRoom, joinRoom } = useActions();
  const open = useCards();
  const { of, words } = mention;
  const isYou = useStore(({ you }) => of === "everyone" || of === "here" || ("person" in of && of.person === you?.id));
  const room = typeof of === "object" && "room" in of ? of.room : null;
  const isMine = useStore((state) => room !== null && state.rooms.has(room));
  const className = isYou ? "mention you" : "mention";
  if (of === "everyone" || of === "here") return <span className={className}>{words}</span>;
  if ("person" in of) {
    const who = { id: of.person, name: words.replace(/^@/, "") };
    return (
      <button
        type="button"
        className={className}
        tabIndex={-1}
        onClick={(event) => open({ type: "person", who, anchor: event.currentTarget })}
      >
        {words}
      </button>
    );
  }
  const enter = () => (isMine ? enterRoom(of.room) : void joinRoom(of.room));
  return (
    <button type="button" className={className} tabIndex={-1} onClick={enter}>
      {words}
    </button>
  );
}

/** For `DrawMention`. */
export function drawMention(mention: Mention): ReactNode {
  return <MentionName mention={mention} />;
}
