/** What an event does to the counts of a room (UNR-1, UNR-3). The house's numbers come before what is told here. Pure. */

import type { Event, NotifyLevel, UserId } from "../protocol";
import { isTold } from "./facts";
import { findMessage, type Message, standsInRoom } from "./messages";
import type { RoomMemory } from "./state";

export type Counts = { readonly unread: number; readonly mentions: number };

const NOTHING: Counts = { unread: 0, mentions: 0 };

/** Whether a message calls this person. Who is here to hear `@here` is one of those it calls. */
export function calls({ mentions }: Pick<Message, "mentions">, you: UserId): boolean {
  return (mentions ?? []).some(
    ({ of }) => of === "everyone" || of === "here" || (typeof of === "object" && "person" in of && of.person === you),
  );
}

/** How much an event adds to what is unread; null where only the house can say. */
export function countOf(room: RoomMemory, event: Event, you: UserId): Counts | null {
  if (event.kind === "message") return countOfMessage(room, event, you);
  if (event.kind !== "edited" && event.kind !== "deleted") return NOTHING;
  // What is read was counted nowhere, nor was one's own; a reply in a thread alone has a position of its own.
  const message = findMessage(room.segments, event.target);
  if (message === null) return room.state.unread === 0 && event.kind === "deleted" ? NOTHING : null;
  const isRead = standsInRoom(message) && message.seq <= room.state.read;
  return isRead || message.by.id === you ? NOTHING : null;
}

function countOfMessage(room: RoomMemory, event: Message, you: UserId): Counts | null {
  if (event.by.id === you || event.deleted !== undefined) return NOTHING;
  const mentioned = calls(event, you);
  const level: NotifyLevel = room.state.notify ?? "all";
  if (level === "nothing" || (level === "mentions" && !mentioned)) return NOTHING;
  const counted = { unread: 1, mentions: mentioned ? 1 : 0 };
  if (standsInRoom(event)) return event.seq > room.state.read ? counted : null;
  const thread = room.facts.get(event.answers?.thread ?? 0)?.thread;
  // Who follows a thread that has just begun, and whether a mention makes one follow, is the house's to say.
  if (mentioned || thread == null || !isTold(thread)) return null;
  return thread.following ? counted : NOTHING;
}
