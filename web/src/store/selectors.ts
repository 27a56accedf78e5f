/** Answers drawn from the state, each by one function, so that every component asks the same question alike. */

import type { Event, RoomId } from "../protocol";
import { mayInHouse, mayInRoom } from "./access";
import type { RoomMemory, State } from "./state";

const ORDER = { lobby: 0, open: 1, closed: 1, direct: 2 } as const;

/** The rooms in the rail's order: the lobby, the others by name, the direct ones by name. */
export function roomsInOrder(state: Pick<State, "rooms">): readonly RoomMemory[] {
  return [...state.rooms.values()].sort((a, b) => {
    const kind = ORDER[a.state.room.kind] - ORDER[b.state.room.kind];
    return kind !== 0 ? kind : a.state.room.name.localeCompare(b.state.room.name);
  });
}

/** What is meant for the reader: what mentions them, and all that waits in direct rooms. */
export function meantUnread(state: State): number {
  const meant = [...state.rooms.values()].map(({ state: { room, unread, mentions } }) =>
    room.kind === "direct" ? unread : mentions,
  );
  return meant.reduce((sum, count) => sum + count, 0);
}

/** Whether this person may make rooms: the table allows it, and the house has not kept it for its administrators (DOOR-6). */
export function mayMakeRooms({ you, house }: State): boolean {
  const office = you?.role === "administrator" || you?.role === "owner";
  return mayInHouse("CreateRoom", you?.role) && (office || house.limits.rooms_by === "everyone");
}

/** Rooms that are not this person's any more, and hold something they wrote and never sent. */
export function strandedRooms(state: State): readonly RoomId[] {
  const written = [...state.drafts].flatMap(([box, { text }]) =>
    typeof box === "number" && text.trim() !== "" ? [box] : [],
  );
  const waiting = state.pending.map(({ room }) => room);
  return [...new Set([...written, ...waiting])].filter((room) => !state.rooms.has(room)).sort((a, b) => a - b);
}

/** Until when a slow room takes nothing from this person; null when it takes it now, as far as is known here. */
export function slowUntilMs(state: State, id: RoomId): number | null {
  const memory = state.rooms.get(id);
  const seconds = memory?.state.room.slow_s ?? 0;
  if (memory === undefined || seconds === 0 || mayInRoom("PostAtOnce", state.you?.role, memory.state)) return null;
  const own = (event: Event) => event.kind === "message" && event.by.id === state.you?.id;
  const last = memory.segments.findLast((segment) => segment.some(own))?.findLast(own);
  const afterLast = last === undefined ? 0 : last.at - state.aheadMs + seconds * 1_000;
  return Math.max(afterLast, state.heldUntil.get(id) ?? 0) || null;
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
