/** What frames, pages and pending messages make of the state. */

import { expect, test } from "vitest";
import { applyPage, letGo, newRoom } from "./rooms";
import { makeRows } from "./rows";
import { aMessage, aRoomState, YOU } from "./samples";
import type { Pending, RoomMemory, State } from "./state";
import { applyFrames, drawNewLine, emptyState, settle } from "./store";

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
