/** How a log becomes the rows of a timeline. */

import { expect, test } from "vitest";
import type { Event } from "../protocol";
import { applyEvent, applyPage, newRoom } from "./rooms";
import { makeRows } from "./rows";
import type { MessageRow, Row } from "./rows.types";
import { aMessage, anEvent, aRoomState, YOU } from "./samples";
import type { RoomMemory } from "./state";

const NOON = new Date(2026, 10, 24, 12).getTime();
const MINUTE = 60_000;

function roomWith(...events: Event[]): RoomMemory {
  const head = events.at(-1)?.seq ?? 0;
  const first = events[0]?.seq ?? 1;
  const page = { epoch: "e", room: 1, events, first: 1, head, floor: 0 };
  return applyPage({ ...newRoom(aRoomState({ head, since: first })) }, page as never);
}

function messages(rows: readonly Row[]): MessageRow[] {
  return rows.filter((row) => row.type === "message");
}

test("messages of one author within 5 minutes share a head, and another author or a later one starts a new group", () => {
  const rows = messages(
    makeRows(
      roomWith(
        aMessage(1, 2, NOON),
        aMessage(2, 2, NOON + 4 * MINUTE),
        aMessage(3, 2, NOON + 10 * MINUTE),
        aMessage(4, 3, NOON + 11 * MINUTE),
      ),
      [],
      YOU,
    ),
  );
  expect(rows.map((row) => row.head)).toEqual([true, false, true, true]);
});

test("the day is written once, where it begins, and starts a group", () => {
  const night = new Date(2026, 10, 24, 23, 59).getTime();
  const rows = messages(makeRows(roomWith(aMessage(1, 2, night), aMessage(2, 2, night + 2 * MINUTE)), [], YOU));
  expect(rows.map((row) => row.dayMs !== null)).toEqual([true, true]);
  expect(rows.map((row) => row.head)).toEqual([true, true]);
});

test("where older messages are to come the oldest held has no row, and no row is another when they have come", () => {
  const log = [1, 2, 3, 4, 5, 6].map((seq) => aMessage(seq, seq === 4 ? 3 : 2, NOON + seq));
  const whole = roomWith(...log);
  const part = { ...whole, segments: [log.slice(2)] };
  const before = makeRows(part, [], YOU);
  expect(before.map((row) => row.type)).toEqual(["loading_older", "message", "message", "message"]);
  expect(messages(before)).toEqual(messages(makeRows(whole, [], YOU)).slice(-3));
  const one = makeRows({ ...whole, segments: [log.slice(5)] }, [], YOU);
  expect(messages(one).map((row) => row.seq)).toEqual([6]);
});

test("a hole in the log is a row that says how much is missing", () => {
  const rows = makeRows(roomWith(aMessage(1, 2, NOON), aMessage(5, 2, NOON + MINUTE)), [], YOU);
  expect(rows.find((row) => row.type === "gap")).toMatchObject({ after: 1, before: 5, missing: 3 });
});

test("the New line stands once, above the first unread message of another", () => {
  const room = { ...roomWith(aMessage(1, 2, NOON), aMessage(2, YOU.id, NOON), aMessage(3, 2, NOON)), newLineAfter: 1 };
  const rows = messages(makeRows({ ...room }, [], YOU));
  expect(rows.map((row) => row.newLine)).toEqual([false, false, true]);
});

test("comings and goings beside each other are folded into one line", () => {
  const joined = (seq: number, id: number) => anEvent(seq, id, NOON, { kind: "member_joined" });
  const rows = makeRows(roomWith(aMessage(1, 2, NOON), joined(2, 3), joined(3, 4), aMessage(4, 2, NOON)), [], YOU);
  const lines = rows.filter((row) => row.type === "system");
  expect(lines).toHaveLength(1);
  expect(lines[0]?.lines).toMatchObject({ kind: "people", joined: [{ id: 3 }, { id: 4 }] });
});

test("who joins and leaves within five minutes leaves no line, and the day is still written", () => {
  const event = (seq: number, kind: string, at: number) => anEvent(seq, 3, at, { kind });
  const short = roomWith(event(1, "member_joined", NOON), event(2, "member_left", NOON + MINUTE), aMessage(3, 2, NOON));
  expect(makeRows(short, [], YOU).map((row) => [row.type, row.dayMs !== null])).toEqual([
    ["start", false],
    ["message", true],
  ]);
  const long = roomWith(event(1, "member_joined", NOON), event(2, "member_left", NOON + 6 * MINUTE));
  const lines = makeRows(long, [], YOU).filter((row) => row.type === "system");
  expect(lines).toMatchObject([{ lines: { joined: [{ id: 3 }], left: [{ id: 3 }] } }]);
});

test("a message on its way stands below the stored ones and keeps its key when it is confirmed", () => {
  const stored = aMessage(1, YOU.id, NOON);
  const waiting = {
    clientId: stored.client_id,
    room: 1,
    text: stored.text,
    madeAtMs: NOON,
    state: "sending",
    reason: null,
    seq: null,
  } as const;
  const before = messages(makeRows(roomWith(), [waiting], YOU));
  const after = messages(makeRows(roomWith(stored), [], YOU));
  expect(before[0]?.key).toBe(after[0]?.key);
  expect(before[0]?.pending).not.toBeNull();
  expect(after[0]?.pending).toBeNull();
});

test("copied client ids give no two rows one key, and the row on its way keeps its own", () => {
  const MALLORY = 66;
  const mine = aMessage(2, YOU.id, NOON);
  const copy = (seq: number, by: number) => ({ ...aMessage(seq, by, NOON), client_id: mine.client_id });
  const waiting = {
    clientId: mine.client_id,
    room: 1,
    text: mine.text,
    madeAtMs: NOON,
    state: "sending",
    reason: null,
    seq: null,
  } as const;
  const keys = (rows: readonly Row[]) => messages(rows).map((row) => row.key);
  const own = `own-${mine.client_id}`;
  expect(keys(makeRows(roomWith(copy(1, MALLORY)), [waiting], YOU))).toEqual(["seq-1", own]);
  const stored = roomWith(copy(1, MALLORY), mine, copy(3, MALLORY), copy(4, YOU.id), aMessage(5, 2, NOON));
  expect(keys(makeRows(stored, [waiting], YOU))).toEqual([
    "seq-1",
    own,
    "seq-3",
    "seq-4",
    "seq-5",
    `pending-${mine.client_id}`,
  ]);
});

test("a change of topic alone is told as one, and what is not known is not claimed", () => {
  const named = (seq: number, name: string, topic: string) =>
    anEvent(seq, 2, NOON, { kind: "room_renamed", name, topic });
  const said = (room: RoomMemory) =>
    makeRows(room, [], YOU).flatMap((row) =>
      row.type === "system" && row.lines.kind === "event" ? [row.lines.changed] : [],
    );
  const unknown = roomWith(aMessage(1, 2, NOON), named(2, "a", ""), named(3, "a", "topic"), named(4, "b", "topic"));
  expect(said(unknown)).toEqual(["either", "topic", "name"]);
  expect(said(roomWith(named(1, "a", ""), named(5, "a", "topic")))).toEqual(["either", "either"]);
  const live = applyEvent(roomWith(aMessage(1, 2, NOON)), named(2, "lobby", "topic"), YOU.id);
  expect(live === "gap" ? live : said(live)).toEqual(["topic"]);
});

test("a room says that it is empty until something is said in it", () => {
  const isEmpty = (room: RoomMemory) => makeRows(room, [], YOU).map((row) => row.type === "start" && row.empty);
  expect(isEmpty(roomWith())).toEqual([true]);
  expect(isEmpty(roomWith(aMessage(1, 2, NOON)))).toEqual([false, false]);
});

test("a message's files are in its row, while it is on its way too, and a row without any stays the same row", () => {
  const file = { id: "f", name: "a.png", type: "image/png", bytes: 1, width: 2, height: 1 };
  const carried = { ...aMessage(2, 2, NOON), files: [file] };
  const waiting = {
    clientId: "c",
    room: 1,
    text: "",
    files: [file],
    madeAtMs: NOON,
    state: "queued",
    reason: null,
    seq: null,
  } as const;
  const room = roomWith(aMessage(1, 2, NOON), carried);
  const [plain, said, own] = messages(makeRows(room, [waiting], YOU));
  expect([plain?.files.length, said?.files, own?.files]).toEqual([0, [file], [file]]);
  expect(messages(makeRows(room, [], YOU))[0]?.files).toBe(plain?.files);
});
