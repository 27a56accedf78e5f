/** Rooms and events for the unit tests. */

import type { Event, RoomState } from "../protocol";

export const YOU = { id: 1, name: "Ada" };

export function anEvent(seq: number, by: number, at: number, change: object): Event {
  return { room: 1, seq, at, by: { id: by, name: `user ${by}` }, ...change } as Event;
}

export function aMessage(seq: number, by: number, at = 0, text = `message ${seq}`): Event & { kind: "message" } {
  const client_id = `00000000-0000-7000-8000-${String(seq).padStart(12, "0")}`;
  return anEvent(seq, by, at, { kind: "message", client_id, text }) as Event & { kind: "message" };
}

export function aRoomState(change: Partial<RoomState> = {}): RoomState {
  const open = { archived: false, post_by: "everyone" as const, slow_s: 0, history: "all" as const };
  const room = { id: 1, name: "lobby", topic: "", kind: "lobby" as const, ...open };
  const role = "member" as const;
  return { room, head: 0, floor: 0, since: 1, read: 0, unread: 0, mentions: 0, members: 2, online: 2, role, ...change };
}
