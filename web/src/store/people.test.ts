/** Who is in the house, and what their rooms are called. */

import { expect, test } from "vitest";
import { applyPeople, askingPeople, nameOfDirect } from "./people";
import { newRoom } from "./rooms";
import { makeRows } from "./rows";
import { aMessage, anEvent, aRoomState, YOU } from "./samples";
import { slowUntilMs, strandedRooms } from "./selectors";
import type { RoomMemory, State } from "./state";
import { applyFrames, emptyState } from "./store";

function aDirect(names: readonly string[], members = names.length + 1): RoomMemory {
  const others = names.map((name, index) => ({ id: index + 2, name }));
  const state = aRoomState({ members, with: others });
  return newRoom({ ...state, room: { ...state.room, kind: "direct", name: "" } });
}

test("DIR-1: a direct room is called by the other, a group by first names, and by whole ones where those are alike", () => {
  const called = (names: readonly string[], members?: number) => nameOfDirect(aDirect(names, members).state);
  expect(called(["Grace Hopper"])).toBe("Grace Hopper");
  expect(called(["Alan Turing", "Grace Hopper"])).toBe("Alan, Grace");
  expect(called(["Alan Kay", "Alan Turing", "Grace Hopper"])).toBe("Alan Kay, Alan Turing, Grace");
  expect(called(["Alan Turing", "Grace Hopper"], 9)).toBe("Alan, Grace +6");
});

test("DIR-1: a direct room has no lines of adding, coming and going, and names those who can read it", () => {
  const added = anEvent(2, YOU.id, 0, { kind: "member_added", who: { id: 2, name: "Grace" } });
  const made = anEvent(1, YOU.id, 0, { kind: "room_created", name: "", topic: "" });
  const presence = { key: "p", afterSeq: 3, atMs: 0, joined: [{ id: 2, name: "Grace" }], left: [] };
  const room = { ...aDirect(["Grace"]), segments: [[made, added, aMessage(3, 2)]], loaded: true, presence: [presence] };
  const rows = makeRows(room, [], YOU);
  expect(rows.map(({ type }) => type)).toEqual(["start", "message"]);
  expect(rows[0]).toMatchObject({ others: ["Grace"], people: 2 });
});

test("SIG-2: who comes to the lobby is here and who goes is away; somebody new is asked for and not guessed", () => {
  const lobby = new Map([[1, newRoom(aRoomState({ online: 0 }))]]);
  const member = { id: 2, name: "Grace", online: false, role: "member", house_role: "owner" } as const;
  const before = applyPeople({ ...emptyState(), rooms: lobby }, [member]);
  const signal = (joined: object[], left: object[]) =>
    ({ t: "signal", signal: { kind: "presence", room: 1, joined, left, online: 1, at: 0 } }) as never;
  const [came, none] = applyFrames(before, [signal([{ id: 2, name: "Grace" }], [])], 0);
  expect(came.people?.get(2)).toEqual({ id: 2, name: "Grace", online: true, role: "owner" });
  expect(none).toEqual([]);
  const [went, wishes] = applyFrames(came, [signal([{ id: 3, name: "Eve" }], [{ id: 2, name: "Grace" }])], 0);
  expect([went.people?.get(2)?.online, went.people?.has(3), wishes]).toEqual([false, false, [{ type: "load_people" }]]);
});

test("SIG-2: who came while the list was asked for is here, whatever the list says; who is back without a word is asked for", () => {
  const lobby = new Map([[1, newRoom(aRoomState({ online: 1 }))]]);
  const grace = { id: 2, name: "Grace" };
  const listed = { ...grace, online: false, role: "member", house_role: "member" } as const;
  const signal = (joined: object[], left: object[], online: number) =>
    ({ t: "signal", signal: { kind: "presence", room: 1, joined, left, online, at: 0 } }) as never;
  const [asking] = applyFrames(askingPeople({ ...emptyState(), rooms: lobby }), [signal([grace], [], 2)], 0);
  const here = applyPeople(asking, [listed]);
  expect([here.people?.get(2)?.online, here.comings]).toEqual([true, null]);
  expect(applyPeople(here, [listed]).people?.get(2)?.online).toBe(false);
  const [away, none] = applyFrames(here, [signal([], [grace], 1)], 0);
  expect([away.people?.get(2)?.online, none]).toEqual([false, []]);
  const [, wishes] = applyFrames(away, [signal([], [], 2)], 0);
  expect(wishes).toEqual([{ type: "load_people" }]);
});

test("SIG-4: who is away is not here and who is back is, oneself too, without a line about it", () => {
  const lobby = new Map([[1, newRoom(aRoomState({ online: 2 }))]]);
  const [you, grace] = [YOU, { id: 2, name: "Grace" }];
  const listed = [you, grace].map(({ id, name }) => ({ id, name, online: true, role: "member", house_role: "member" }));
  const before = applyPeople(
    { ...emptyState(), you: { ...YOU, guest: false, role: "member" }, rooms: lobby } as State,
    listed as never,
  );
  const signal = (away: object[], back: object[], online: number) =>
    ({ t: "signal", signal: { kind: "presence", room: 1, joined: [], left: [], away, back, online, at: 0 } }) as never;
  const [gone, none] = applyFrames(before, [signal([you, grace], [], 0)], 0);
  expect([gone.away, gone.people?.get(2)?.online, gone.rooms.get(1)?.state.online, none]).toEqual([true, false, 0, []]);
  const [back] = applyFrames(gone, [signal([], [you, grace], 2)], 0);
  expect([back.away, back.people?.get(2)?.online, back.rooms.get(1)?.presence]).toEqual([false, true, []]);
});

test("SIG-2: the lobby counts whom nobody announced: those who came, also when they have gone, and those in the list", () => {
  const lobby = new Map([[1, newRoom(aRoomState({ members: 1, online: 1 }))]]);
  const here = (online: number) =>
    ({ t: "signal", signal: { kind: "presence", room: 1, joined: [], left: [], online, at: 0 } }) as never;
  const [after] = applyFrames({ ...emptyState(), rooms: lobby }, [here(3), here(1)], 0);
  expect([after.rooms.get(1)?.state.members, after.rooms.get(1)?.state.online]).toEqual([3, 1]);
  const member = (id: number) =>
    ({ id, name: `user ${id}`, online: false, role: "member", house_role: "member" }) as const;
  expect(applyPeople(after, [member(1), member(2), member(3), member(4)]).rooms.get(1)?.state.members).toBe(4);
});

test("ROOM-11: a slow room waits from one's own last message by the house's clock, and for no manager", () => {
  const state = aRoomState({ role: "member" });
  const slow = { ...state, room: { ...state.room, kind: "open" as const, slow_s: 30 } };
  const room = { ...newRoom(slow), segments: [[aMessage(1, YOU.id, 100_000), aMessage(2, 2, 200_000)]] };
  const whole: State = { ...emptyState(), you: { ...YOU, guest: false, role: "member" }, rooms: new Map([[1, room]]) };
  expect(slowUntilMs({ ...whole, aheadMs: 5_000 }, 1)).toBe(125_000);
  expect(slowUntilMs({ ...whole, heldUntil: new Map([[1, 150_000]]) }, 1)).toBe(150_000);
  const manager = { ...room, state: { ...slow, role: "manager" as const } };
  expect(slowUntilMs({ ...whole, rooms: new Map([[1, manager]]) }, 1)).toBeNull();
});

test("ROOM-7: what was written for a room that is gone is found again, and an empty draft is nothing", () => {
  const draft = (text: string) => ({ text, caret: 0, changedAtMs: 0 });
  const drafts = new Map([
    [1, draft("here")],
    [7, draft("lost")],
    [8, draft(" ")],
  ]);
  expect(strandedRooms({ ...emptyState(), rooms: new Map([[1, newRoom(aRoomState())]]), drafts })).toEqual([7]);
});
