/** What the client holds of a room as events, pages and counts arrive. */

import { expect, test } from "vitest";
import { applyEvent, applyPage, applyRead, applyReset, applySignal, applyWelcome, newRoom } from "./rooms";
import { aMessage, anEvent, aRoomState, YOU } from "./samples";
import type { RoomMemory } from "./state";

function applied(room: RoomMemory, ...seqs: number[]): RoomMemory {
  return seqs.reduce((before, seq) => {
    const after = applyEvent(before, aMessage(seq, 2), YOU.id);
    if (after === "gap") throw new Error(`gap before ${seq}`);
    return after;
  }, room);
}

test("SYN-5: only last + 1 is applied; what is not above is dropped; a hole changes nothing", () => {
  const room = applied(newRoom(aRoomState()), 1, 2);
  expect(applyEvent(room, aMessage(2, 2), YOU.id)).toBe(room);
  expect(applyEvent(room, aMessage(4, 2), YOU.id)).toBe("gap");
  expect(applied(room, 3).cursor).toBe(3);
});

test("READ-2: messages of others are counted, one's own and those the server counted are not", () => {
  const room = newRoom(aRoomState({ head: 2, read: 0, unread: 2 }));
  expect(applied({ ...room, cursor: 0 }, 1, 2).state.unread).toBe(2);
  expect(applied(room, 3).state.unread).toBe(3);
  const own = applyEvent(room, aMessage(3, YOU.id), YOU.id);
  expect(own === "gap" ? null : own.state.unread).toBe(2);
});

test("READ-2: the count stops at 100", () => {
  const room = newRoom(aRoomState({ head: 0, unread: 100 }));
  expect(applied(room, 1).state.unread).toBe(100);
});

test("READ-1: the server's numbers hold, and what came after it counted is counted on top", () => {
  const room = applied(newRoom(aRoomState()), 1, 2, 3, 4);
  expect(applyRead(room, { seq: 3, unread: 0, mentions: 0, head: 3 }, YOU.id).state.unread).toBe(1);
  expect(applyRead(room, { seq: 4, unread: 0, mentions: 0, head: 4 }, YOU.id).state.unread).toBe(0);
});

test("SYN-2: after a reset what is held stays, and the live events go on after the head it names", () => {
  const room = applyReset(applied(newRoom(aRoomState()), 1, 2), 900, 0);
  expect(room.segments.flat()).toHaveLength(2);
  const next = applied(room, 901);
  expect(next.segments).toHaveLength(2);
});

test("LOG-1: a page that overlaps what is held is held once and in order", () => {
  const room = applied(newRoom(aRoomState({ head: 2 })), 3, 4);
  const events = [aMessage(1, 2), aMessage(2, 2), aMessage(3, 2)];
  const page = { epoch: "e", room: 1, events, first: 1, head: 4, floor: 0 };
  const held = applyPage(room, page as never).segments;
  expect(held.map((segment) => segment.map((event) => event.seq))).toEqual([[1, 2, 3, 4]]);
});

test("SIG-1: one's own writing is not shown, and it ends with the message", () => {
  const by = { id: 2, name: "user 2" };
  const room = newRoom(aRoomState());
  expect(applySignal(room, { kind: "typing", room: 1, by: YOU }, YOU.id, 0)).toBe(room);
  const writing = applySignal(room, { kind: "typing", room: 1, by }, YOU.id, 0);
  expect(writing.typing).toHaveLength(1);
  expect(applied(writing, 1).typing).toHaveLength(0);
});

test("SIG-2: who comes and goes within minutes leaves no line", () => {
  const by = { id: 2, name: "user 2" };
  const presence = (joined: (typeof by)[], left: (typeof by)[], at: number) =>
    ({ kind: "presence", room: 1, joined, left, online: 2, at }) as never;
  const came = applySignal(newRoom(aRoomState()), presence([by], [], 1_000), YOU.id, 0);
  expect(came.presence).toHaveLength(1);
  expect(applySignal(came, presence([], [by], 60_000), YOU.id, 0).presence).toHaveLength(0);
});

test("ROOM-5: a closed or direct room is heard of like any other, and a direct one is called by the others in it", () => {
  const closed = { ...aRoomState().room, id: 7, name: "cellar", kind: "closed" as const };
  expect(newRoom(aRoomState({ room: closed })).state.room.name).toBe("cellar");
  const direct = { ...closed, name: "", kind: "direct" as const };
  const others = [
    { id: 3, name: "Bea" },
    { id: 4, name: "Carl" },
  ];
  const room = newRoom(aRoomState({ room: direct, with: others }));
  expect(room.state.room.name).toBe("Bea, Carl");
  expect(applyWelcome(room, aRoomState({ room: direct, with: others })).state.room.name).toBe("Bea, Carl");
});

test("ROOM-6 to ROOM-10 and ROOM-13: what changes a room by an event changes what is known of it", () => {
  const who = { id: YOU.id, name: YOU.name };
  const changes = [
    [{ kind: "member_added", who }, { members: 3 }],
    [{ kind: "member_removed", who: { id: 9, name: "Bea" } }, { members: 1 }],
    [{ kind: "role_changed", who, role: "manager" }, { role: "manager" }],
    [{ kind: "role_changed", who: { id: 9, name: "Bea" }, role: "manager" }, { role: "member" }],
    [{ kind: "room_archived" }, { room: { archived: true } }],
    [{ kind: "room_restored" }, { room: { archived: false } }],
    [{ kind: "history_changed", history: "since_joining" }, { room: { history: "since_joining" } }],
    [{ kind: "posting_changed", post_by: "managers", slow_s: 30 }, { room: { post_by: "managers", slow_s: 30 } }],
  ] as const;
  for (const [change, expected] of changes) {
    const room = applyEvent(newRoom(aRoomState()), anEvent(1, 2, 0, change), YOU.id);
    expect((room as RoomMemory).state).toMatchObject(expected);
  }
});
