/** What frames, pages and pending messages make of the state. */

import { expect, test } from "vitest";
import { applyPage, letGo, newRoom } from "./rooms";
import { makeRows } from "./rows";
import { aMessage, anEvent, aRoomState, YOU } from "./samples";
import type { Pending, RoomMemory, State } from "./state";
import { applyFrames, drawNewLine, emptyState, settle, welcome } from "./store";

function page(first: number, last: number) {
  const events = Array.from({ length: last - first + 1 }, (_, n) => aMessage(first + n, 2));
  return { epoch: "e", room: 1, events, first: 1, head: last, floor: 0 } as never;
}

function inRoom(room: RoomMemory, change: Partial<State> = {}): State {
  return { ...emptyState(), you: YOU as never, rooms: new Map([[1, room]]), current: 1, ...change };
}

function heard(state: State, ...seqs: number[]): State {
  return applyFrames(state, seqs.map((seq) => ({ t: "event", ...aMessage(seq, 2) })) as never, 0)[0];
}

test("MSG-1: a message that was stored behind the cursor waits for nothing, and one before it for its event", () => {
  const pending = (seq: number | null): Pending => {
    return { clientId: `${seq}`, room: 1, text: "", madeAtMs: 0, state: "sending", reason: null, seq };
  };
  const state = inRoom(newRoom(aRoomState({ head: 5 })), { pending: [pending(5), pending(6), pending(null)] });
  expect(settle(state).pending.map(({ seq }) => seq)).toEqual([6, null]);
});

test("what comes into the room on screen while nobody looks has one New line, above the first of it", () => {
  const read = inRoom(applyPage(newRoom(aRoomState({ head: 3, read: 3 })), page(1, 3)));
  const first = drawNewLine(read, heard(read, 4));
  const second = drawNewLine(first, heard(first, 5));
  expect(second.rooms.get(1)?.newLineAfter).toBe(3);
  const rows = makeRows(second.rooms.get(1) as RoomMemory, [], YOU);
  expect(rows.map((row) => row.newLine)).toEqual([false, false, false, false, true, false]);
});

test("a room that is followed keeps its newest rows, and a New line that would be cut off goes", () => {
  const full = applyPage(newRoom(aRoomState({ head: 700 })), page(1, 700));
  const kept = letGo({ ...full, newLineAfter: 10 });
  expect(kept.segments.flat().map(({ seq }) => seq)).toEqual(Array.from({ length: 420 }, (_, n) => 281 + n));
  expect(kept.newLineAfter).toBeNull();
  expect(letGo({ ...full, newLineAfter: 500 }).newLineAfter).toBe(500);
});

test("a room in the background does not grow for ever", () => {
  const elsewhere = inRoom(newRoom(aRoomState()), { current: null });
  const after = heard(elsewhere, ...Array.from({ length: 500 }, (_, n) => n + 1)).rooms.get(1);
  expect(after?.segments.flat().length).toBeLessThanOrEqual(201);
  expect(after?.cursor).toBe(500);
});

test("SYN-2: newest messages that were not replayed are a gap at the end until they are here", () => {
  const reset = { t: "reset", room: 1, head: 600, floor: 0 } as never;
  const [state] = applyFrames(inRoom(applyPage(newRoom(aRoomState({ head: 3 })), page(1, 3))), [reset], 0);
  const room = state.rooms.get(1) as RoomMemory;
  expect(makeRows(room, [], YOU).at(-1)).toMatchObject({ type: "gap", after: 3, before: 601, missing: 597 });
  expect(makeRows({ ...room, loading: "newest" }, [], YOU).at(-1)?.type).toBe("message");
  expect(
    makeRows(applyPage(room, page(551, 600)), [], YOU)
      .map(({ type }) => type)
      .indexOf("gap"),
  ).toBe(4);
});

test("a room of which only the latest was heard is not shown before its page, and one's own words always are", () => {
  const room = heard(inRoom(newRoom(aRoomState())), 1).rooms.get(1) as RoomMemory;
  expect(makeRows(room, [], YOU)).toEqual([]);
  const own: Pending = { clientId: "a", room: 1, text: "hi", madeAtMs: 0, state: "queued", reason: null, seq: null };
  expect(makeRows(room, [own], YOU).at(-1)).toMatchObject({ text: "hi", pending: own });
});

test("ROOM-7: of a room that was taken away nothing is kept but what was never sent, and it says so where it stood", () => {
  const own = (clientId: string, seq: number | null): Pending => {
    return { clientId, room: 1, text: "mine", madeAtMs: 0, state: "queued", reason: null, seq };
  };
  const held = applyPage(newRoom(aRoomState({ head: 2 })), page(1, 2));
  const before = inRoom(held, {
    pending: [own("sent", 3), own("unsent", null)],
    positions: new Map([[1, { type: "end" }]]),
    target: { room: 1, seq: 2 },
  });
  const [after] = applyFrames(before, [{ t: "notice", notice: { kind: "room_removed", room: 1 } }], 0);
  expect(JSON.stringify([...after.rooms])).toBe("[]");
  expect(after.pending.map(({ clientId }) => clientId)).toEqual(["unsent"]);
  expect([after.positions.size, after.target, after.current]).toEqual([0, null, null]);
  expect(after.screen).toEqual({ type: "lost", room: 1, name: "lobby" });
});

test("ROOM-3: a room that its reader left themselves, in whichever tab, is not said to be lost", () => {
  const left = { t: "event", ...anEvent(1, YOU.id, 0, { kind: "member_left" }) } as never;
  const gone = { t: "notice", notice: { kind: "room_removed", room: 1 } } as const;
  const [after] = applyFrames(inRoom(newRoom(aRoomState())), [left, gone], 0);
  expect([after.current, after.screen]).toEqual([null, null]);
});

test("ROOM-7: what was removed while there was no connection is lost too, and a stranger hears of no room of another's", () => {
  const before = inRoom(newRoom(aRoomState()));
  const said = { you: YOU, house: before.house, limits: null, rooms: [] } as never;
  expect(welcome(before, said, true).screen).toEqual({ type: "lost", room: 1, name: "lobby" });
  const another = { you: { id: 9, name: "Bob" }, house: before.house, limits: null, rooms: [] } as never;
  expect(welcome(before, another, true).screen).toBeNull();
});
