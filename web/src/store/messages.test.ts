/** What later events make of messages: edits, deletion, reactions, threads, counts (TALK, THR, UNR). */

import { expect, test } from "vitest";
import type { Event, MessageState } from "../protocol";
import { NO_FACT } from "./facts";
import { applyEvent, applyPage, newRoom } from "./rooms";
import { makeRows, makeThreadRows } from "./rows";
import type { MessageRow } from "./rows.types";
import { aMessage, anEvent, aRoomState, YOU } from "./samples";
import type { RoomMemory } from "./state";
import { applyFrames, emptyState, type Wish } from "./store";
import { applyToThread, newThread, takeThreadPage } from "./threads";

const GRACE = 2;
const ALAN = 3;

function roomWith(...events: Event[]): RoomMemory {
  const head = events.at(-1)?.seq ?? 0;
  const page = { epoch: "e", room: 1, events, first: 1, head, floor: 0 };
  return applyPage(newRoom(aRoomState({ head })), page as never, YOU.id);
}

function after(room: RoomMemory, ...events: Event[]): RoomMemory {
  return events.reduce((memory, event) => {
    const next = applyEvent(memory, event, YOU.id);
    if (next === "gap") throw new Error(`gap before ${event.seq}`);
    return next;
  }, room);
}

function messages(room: RoomMemory): MessageRow[] {
  return makeRows(room, [], YOU).filter((row) => row.type === "message");
}

function answering(seq: number, by: number, answers: object): Event {
  return { ...aMessage(seq, by), answers } as Event;
}

test("T21, TALK-1: an edit changes the words in place, an older one that comes late does not, and no row is added", () => {
  const before = roomWith(aMessage(1, GRACE), aMessage(2, GRACE));
  const edited = after(before, anEvent(3, GRACE, 30, { kind: "edited", target: 1, text: "other words" }));
  expect(messages(edited).map(({ text, editedAtMs }) => [text, editedAtMs])).toEqual([
    ["other words", 30],
    ["message 2", null],
  ]);
  const late = applyPage(edited, {
    epoch: "e",
    room: 1,
    events: [anEvent(2, GRACE, 5, { kind: "edited", target: 1, text: "the words between" })],
    first: 1,
    head: 3,
    floor: 0,
  } as never);
  expect(messages(late)[0]?.text).toBe("other words");
});

test("CARD-1, CARD-5: cards stand below their message, change with it, go with it, and an earlier page takes none back", () => {
  const card = { to: "https://a.example/", site: "a.example", title: "Tea" };
  const carded = (seq: number, cards?: readonly object[]) =>
    anEvent(seq, GRACE, seq, { kind: "carded", target: 1, ...(cards === undefined ? {} : { cards }) } as never);
  const below = (room: RoomMemory) => messages(room)[0]?.fact?.cards.map(({ title }) => title) ?? [];
  const before = roomWith(aMessage(1, GRACE), aMessage(2, GRACE));
  const shown = after(before, carded(3, [card]));
  expect(below(shown)).toEqual(["Tea"]);
  expect(messages(shown)).toHaveLength(2);
  expect(messages(shown)[1]).toEqual(messages(before)[1]);
  const others = after(shown, carded(4, [{ ...card, title: "More" }, card]));
  expect(below(others)).toEqual(["More", "Tea"]);
  expect(below(after(others, carded(5, [])))).toEqual([]);
  expect(below(after(others, carded(5)))).toEqual(["More", "Tea"]);
  expect(below(after(others, anEvent(5, GRACE, 5, { kind: "deleted", target: 1 })))).toEqual([]);
  const page = {
    epoch: "e",
    room: 1,
    events: [aMessage(1, GRACE)],
    first: 1,
    head: 3,
    states: [{ room: 1, seq: 1, cards: [card] }],
  };
  expect(below(applyPage(others, page as never, YOU.id))).toEqual(["More", "Tea"]);
});

test("S44, CARD-5: cards that are not said are asked for where their message is held", () => {
  const state = { ...emptyState(), you: YOU as never, rooms: new Map([[1, roomWith(aMessage(1, GRACE))]]) };
  const hear = (target: number) => {
    const frame = { t: "event", ...anEvent(2, GRACE, 2, { kind: "carded", target }) };
    return applyFrames(state, [frame as never], 0)[1];
  };
  expect(hear(1)).toContainEqual({ type: "load_messages", room: 1, seqs: [1] });
  expect(hear(7).filter(({ type }: Wish) => type === "load_messages")).toEqual([]);
});

test("T21: an edit leaves the keys and the objects of the other rows as they are, so that nothing else is drawn", () => {
  const before = roomWith(aMessage(1, GRACE), aMessage(2, ALAN));
  const edited = after(before, anEvent(3, GRACE, 30, { kind: "edited", target: 1, text: "other words" }));
  const [was, is] = [messages(before), messages(edited)];
  expect(is.map(({ key }) => key)).toEqual(was.map(({ key }) => key));
  expect(is[1]).toEqual(was[1]);
});

test("T22, TALK-3: what is deleted has no words, no reactions and no mentions, and an edit does not bring them back", () => {
  const calling = { ...aMessage(1, GRACE), mentions: [{ words: "@Ada", of: { person: YOU.id } }] } as Event;
  const room = after(
    roomWith(calling),
    anEvent(2, ALAN, 20, { kind: "reacted", target: 1, emoji: "👏" }),
    anEvent(3, ALAN, 30, { kind: "deleted", target: 1 }),
    anEvent(4, GRACE, 40, { kind: "edited", target: 1, text: "back again" }),
  );
  const [row] = messages(room);
  expect(row).toMatchObject({ text: "", deletedBy: { id: ALAN }, called: false });
  expect(row?.fact?.reactions).toEqual([]);
});

test("T23, TALK-5: reactions are counted by kind in the order of their first use, twice is once, and the last one takes the kind away", () => {
  const react = (seq: number, by: number, emoji: string, kind = "reacted") =>
    anEvent(seq, by, seq, { kind, target: 1, emoji });
  const room = after(
    roomWith(aMessage(1, GRACE)),
    react(2, GRACE, "👏"),
    react(3, ALAN, "🎉"),
    react(4, YOU.id, "👏"),
    react(5, ALAN, "👏"),
    react(6, GRACE, "👏"),
  );
  const chips = (memory: RoomMemory) =>
    messages(memory)[0]?.fact?.reactions.map(({ emoji, count, mine }) => [emoji, count, mine]);
  expect(chips(room)).toEqual([
    ["👏", 3, true],
    ["🎉", 1, false],
  ]);
  const less = after(room, react(7, YOU.id, "👏", "unreacted"), react(8, ALAN, "🎉", "unreacted"));
  expect(chips(less)).toEqual([["👏", 2, false]]);
});

test("TALK-8: what a page has in it is not applied once more, and what happened since is", () => {
  const who = Array.from({ length: 20 }, (_, n) => ({ id: 100 + n, name: `user ${n}` }));
  const state: MessageState = { room: 1, seq: 1, reactions: [{ emoji: "👏", count: 30, mine: false, who }] };
  const live = after(
    { ...newRoom(aRoomState({ head: 1 })), cursor: 1 },
    anEvent(2, GRACE, 2, { kind: "reacted", target: 1, emoji: "👏" }),
    anEvent(3, ALAN, 3, { kind: "reacted", target: 1, emoji: "👏" }),
  );
  const page = { epoch: "e", room: 1, events: [aMessage(1, GRACE)], states: [state], first: 1, head: 2, floor: 0 };
  const room = applyPage(live, page as never, YOU.id);
  expect(room.facts.get(1)?.reactions[0]?.count).toBe(31);

  // A page that is ahead of the socket: what comes after it by the socket is in it already, up to its head.
  const behind = { ...newRoom(aRoomState({ head: 1 })), cursor: 1 };
  const ahead = applyPage(behind, page as never, YOU.id);
  const counted = after(
    ahead,
    anEvent(2, GRACE, 2, { kind: "reacted", target: 1, emoji: "👏" }),
    anEvent(3, ALAN, 3, { kind: "reacted", target: 1, emoji: "👏" }),
  );
  expect(counted.facts.get(1)?.reactions[0]?.count).toBe(31);
});

test("THR-1: a reply stands in its thread alone, unless it stands in the room as well", () => {
  const room = after(
    roomWith(aMessage(1, GRACE)),
    answering(2, ALAN, { thread: 1 }),
    answering(3, ALAN, { thread: 1, also_in_room: true }),
  );
  expect(messages(room).map(({ seq }) => seq)).toEqual([1, 3]);
  expect(room.facts.get(1)?.thread).toMatchObject({ replies: 2, last: { seq: 3 }, following: false });
});

test("T25, UNR-1: a reply counts for who follows its thread and for nobody else, and what only the house knows is asked", () => {
  const following = (is: boolean): RoomMemory => {
    const room = roomWith(aMessage(1, GRACE));
    const thread = {
      room: 1,
      thread: 1,
      replies: 1,
      people: [],
      following: is,
      read: 1,
      unread: 0,
      mentions: 0,
      head: 1,
    };
    return { ...room, facts: new Map([[1, { ...NO_FACT, asOf: 1, thread }]]) };
  };
  const reply = answering(2, ALAN, { thread: 1 });
  const heard = (room: RoomMemory): [number | undefined, readonly Wish[]] => {
    const state = { ...emptyState(), you: YOU as never, rooms: new Map([[1, room]]) };
    const [next, wishes] = applyFrames(state, [{ t: "event", ...reply } as never], 0);
    return [next.rooms.get(1)?.state.unread, wishes];
  };
  expect(heard(following(true))).toEqual([1, []]);
  expect(heard(following(false))).toEqual([0, []]);
  const [unread, wishes] = heard({ ...roomWith(aMessage(1, GRACE)), facts: new Map() });
  expect(unread).toBe(0);
  expect(wishes).toEqual([
    { type: "count", room: 1 },
    { type: "load_messages", room: 1, seqs: [1] },
  ]);
  // As long as it has not said so, every reply is asked about.
  const begun = after(roomWith(aMessage(1, GRACE)), reply);
  const state = { ...emptyState(), you: YOU as never, rooms: new Map([[1, begun]]) };
  const next = { t: "event", ...answering(3, ALAN, { thread: 1 }) };
  expect(applyFrames(state, [next as never], 0)[1]).toEqual([{ type: "count", room: 1 }]);
});

test("T26, UNR-3: the level of a room says what counts, and a mention is told apart", () => {
  const calling = { ...aMessage(2, ALAN), mentions: [{ words: "@Ada", of: { person: YOU.id } }] } as Event;
  const counts = (notify: "all" | "mentions" | "nothing", ...events: Event[]) => {
    const room = roomWith(aMessage(1, GRACE));
    const { state } = after({ ...room, state: { ...room.state, notify } }, ...events);
    return [state.unread, state.mentions];
  };
  expect(counts("all", calling, aMessage(3, ALAN))).toEqual([2, 1]);
  expect(counts("mentions", calling, aMessage(3, ALAN))).toEqual([1, 1]);
  expect(counts("nothing", calling, aMessage(3, ALAN))).toEqual([0, 0]);
});

test("T22: what is deleted while it is unread makes the client ask for the count, and what was read does not", () => {
  const wishes = (read: number): readonly Wish[] => {
    const room = roomWith(aMessage(1, GRACE));
    const state = { ...room.state, read, unread: 1 - read };
    const whole = { ...emptyState(), you: YOU as never, rooms: new Map([[1, { ...room, state }]]) };
    const deleted = { t: "event", ...anEvent(2, GRACE, 2, { kind: "deleted", target: 1 }) };
    return applyFrames(whole, [deleted as never], 0)[1];
  };
  expect(wishes(0)).toEqual([{ type: "count", room: 1 }]);
  expect(wishes(1)).toEqual([]);
});

test("TALK-9: an edit without its words makes the client ask for the message", () => {
  const state = { ...emptyState(), you: YOU as never, rooms: new Map([[1, roomWith(aMessage(1, GRACE))]]) };
  const edited = { t: "event", ...anEvent(2, GRACE, 2, { kind: "edited", target: 1 }) };
  const [next, wishes] = applyFrames(state, [edited as never], 0);
  expect(wishes).toContainEqual({ type: "load_messages", room: 1, seqs: [1] });
  expect(next.rooms.get(1)?.segments.flat()[0]).toMatchObject({ text: "message 1" });
});

test("TALK-4: a quote shows the message as it is by now, and is asked for where it is not held", () => {
  const room = after(
    roomWith(aMessage(1, GRACE)),
    answering(2, ALAN, { quote: 1 }),
    anEvent(3, GRACE, 3, { kind: "edited", target: 1, text: "other words" }),
  );
  expect(messages(room)[1]).toMatchObject({ quote: 1, quoted: { text: "other words" }, head: true });
  const state = { ...emptyState(), you: YOU as never, rooms: new Map([[1, roomWith(aMessage(5, GRACE))]]) };
  const [, wishes] = applyFrames(state, [{ t: "event", ...answering(6, ALAN, { quote: 2 }) } as never], 0);
  expect(wishes).toContainEqual({ type: "load_messages", room: 1, seqs: [2] });
});

test("THR-2: an open thread takes its pages and its new replies once each, and changes like the room", () => {
  const root = aMessage(1, GRACE);
  const open = newThread({ room: 1, seq: 1 }, root, null);
  const live = applyToThread(open, answering(9, ALAN, { thread: 1 }));
  const state = {
    room: 1,
    thread: 1,
    replies: 3,
    people: [],
    following: true,
    read: 0,
    unread: 0,
    mentions: 0,
    head: 9,
  };
  const page = {
    epoch: "e",
    root,
    replies: [answering(5, ALAN, { thread: 1 }), answering(9, ALAN, { thread: 1 })],
    more: true,
    states: [],
    quoted: [],
    state,
  };
  const thread = takeThreadPage(live, page as never);
  expect(thread.replies.map(({ seq }) => seq)).toEqual([5, 9]);
  expect(thread.more).toBe(true);
  const more = applyToThread(thread, answering(10, GRACE, { thread: 1 }));
  const twice = applyToThread(more, answering(10, GRACE, { thread: 1 }));
  expect(twice.replies.map(({ seq }) => seq)).toEqual([5, 9, 10]);
  expect(applyToThread(twice, answering(11, GRACE, { thread: 2 }))).toBe(twice);
  const gone = applyToThread(twice, anEvent(12, GRACE, 12, { kind: "deleted", target: 9 }));
  const rows = makeThreadRows(roomWith(root), gone.replies, [], YOU);
  expect(rows.map(({ deletedBy }) => deletedBy?.id ?? null)).toEqual([null, GRACE, null]);
});
