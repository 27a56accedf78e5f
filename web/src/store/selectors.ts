/** Answers drawn from the state, each by one function, so that every component asks the same question alike. */

import type { RoomId } from "../protocol";
import type { RoomMemory, State } from "./state";

/** The rooms in the rail's order: the lobby, then by name. */
export function roomsInOrder(state: State): readonly RoomMemory[] {
  return [...state.rooms.values()].sort((a, b) => {
    const lobby = Number(b.state.room.kind === "lobby") - Number(a.state.room.kind === "lobby");
    return lobby !== 0 ? lobby : a.state.room.name.localeCompare(b.state.room.name);
  });
}

/** The room on screen. */
export function currentRoom(state: State): RoomMemory | null {
  return state.current === null ? null : (state.rooms.get(state.current) ?? null);
}

/** How many messages wait to be sent; those that were refused wait for a person and do not count. */
export function waitingCount(state: State): number {
  return state.pending.filter((pending) => pending.state !== "refused").length;
}

/** Whether any room holds something unread. */
export function anyUnread(state: State): boolean {
  return [...state.rooms.values()].some((room) => room.state.unread > 0);
}

/** The cursor of every room, for a hello. A room of which nothing was loaded starts at its head, as the server has it. */
export function cursors(state: State): [RoomId, number][] {
  return [...state.rooms.values()].map((room) => [room.state.room.id, room.cursor]);
}
