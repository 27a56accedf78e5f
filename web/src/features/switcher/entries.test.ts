/** What the switcher offers, and in which order (T27). */

import { expect, test } from "vitest";
import type { ListedRoom, RoomState } from "../../protocol";
import { newRoom } from "../../store/rooms";
import { aRoomState } from "../../store/samples";
import type { Person, RoomMemory } from "../../store/state";
import { entriesFor, type Known, nameOf } from "./entries";

function aRoom(
  id: number,
  name: string,
  change: Partial<RoomState> = {},
  kind: "open" | "direct" = "open",
): RoomMemory {
  const base = aRoomState(change);
  return newRoom({ ...base, room: { ...base.room, id, name, kind } });
}

function person(id: number, name: string, role: Person["role"] = "member"): [number, Person] {
  return [id, { id, name, online: true, role }];
}

function knowing(rooms: readonly RoomMemory[], change: Partial<Known> = {}): Known {
  return {
    rooms: new Map(rooms.map((room) => [room.state.room.id, room])),
    current: null,
    you: { id: 1, name: "Ada", role: "member", kind: "person" } as unknown as Known["you"],
    people: null,
    visited: [],
    listed: [],
    commands: [],
    ...change,
  };
}

function names(text: string, known: Known): readonly string[] {
  return entriesFor(text, known).map(nameOf);
}

const [LOBBY, ENGINEERING, RELAY] = [aRoom(1, "lobby"), aRoom(2, "engineering"), aRoom(3, "relay")];

test("T27: nothing typed offers the room before this one first, and never the room on screen", () => {
  const known = knowing([LOBBY, ENGINEERING, RELAY], { current: 2, visited: [2, 3, 1] });
  expect(names("", known)).toEqual(["relay", "lobby"]);
});

test("T27: what waits in a direct room is offered before the room before", () => {
  const grace = { id: 7, name: "Grace" };
  const direct = aRoom(9, "", { unread: 1, members: 2, with: [grace] }, "direct");
  expect(names("", knowing([LOBBY, ENGINEERING, direct], { current: 1, visited: [1, 2] }))).toEqual([
    "Grace",
    "engineering",
  ]);
});

test("T27: among equals what is unread comes first, then what was seen last, then the alphabet", () => {
  const rooms = ["rain", "rail", "rack", "radar"].map((name, at) => aRoom(at + 1, name, { unread: at === 3 ? 2 : 0 }));
  expect(names("ra", knowing(rooms, { visited: [1] }))).toEqual(["radar", "rain", "rack", "rail"]);
});

test("T27: @ asks for people, and nobody is offered twice where rooms are offered too", () => {
  const grace = { id: 7, name: "Grace" };
  const direct = aRoom(9, "", { members: 2, with: [grace] }, "direct");
  const people = new Map([person(1, "Ada"), person(7, "Grace"), person(8, "Greta"), person(6, "Gus", "guest")]);
  const known = knowing([aRoom(4, "great hall"), direct], { people });
  expect(entriesFor("@gr", known).map((entry) => [entry.type, nameOf(entry)])).toEqual([
    ["person", "Grace"],
    ["person", "Greta"],
  ]);
  expect(entriesFor("gr", known).map((entry) => [entry.type, nameOf(entry)])).toEqual([
    ["room", "Grace"],
    ["room", "great hall"],
    ["person", "Greta"],
  ]);
});

test("T27: an open room one is not in is offered once it is known, and one that one is in is not offered twice", () => {
  const listed = [2, 5].map(
    (id) =>
      ({ room: { ...RELAY.state.room, id, name: id === 2 ? "engineering" : "english" }, members: 1 }) as ListedRoom,
  );
  expect(names("eng", knowing([LOBBY, ENGINEERING], { listed }))).toEqual(["engineering", "english"]);
});

test("T27: > offers what can be done, and rooms are none of it", () => {
  const commands = ["Theme: Dark", "Sign out"].map((label) => ({ label, keys: "", run: () => undefined }));
  expect(names(">dark", knowing([aRoom(4, "dark room")], { commands }))).toEqual(["Theme: Dark"]);
});

test("T27: a name that nothing has offers to make a room of it, to those who may", () => {
  expect(entriesFor("#rel", knowing([LOBBY])).map(({ type }) => type)).toEqual(["make"]);
  const guest = knowing([LOBBY], { you: { id: 1, name: "Gus", role: "guest" } as Known["you"] });
  expect(entriesFor("rel", guest)).toEqual([]);
});
