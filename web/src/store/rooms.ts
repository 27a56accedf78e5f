/** One room's memory: events applied, pages put in, read positions taken from the server. */

import type { Author, Event, HistoryPage, Notice, Room, RoomState, Seq, Signal, Timestamp, UserId } from "../protocol";
import { applyToFacts, pruned, takeStates } from "./facts";
import { changedMessage, changeMessage, targetOf } from "./messages";
import { nameOfDirect } from "./people";
import { admit } from "./sequence";
import type { PresenceLine, RoomMemory, Segment } from "./state";
import { firstSeq, insertEvents, lastSeq, trim } from "./timeline";
import { countOf } from "./unread";

/** Unread counts stop here, as the server's do; shown as 99+. */
const UNREAD_MAX = 100;
const TYPING_MS = 6_000;
/** A coming and a going of the same person this close together vanish (UX 3.7.3). */
const FLICKER_MS = 5 * 60_000;
const PRESENCE_LINES_MAX = 50;
/** Quoted messages kept of a room. */
const QUOTED_MAX = 100;

/** A direct room is called by the others in it. */
function called(state: RoomState): RoomState {
  if (state.room.kind !== "direct") return state;
  return { ...state, room: { ...state.room, name: nameOfDirect(state) } };
}

/** A room just heard of: nothing held, live from its head. */
export function newRoom(state: RoomState): RoomMemory {
  return {
    state: called(state),
    segments: [],
    cursor: state.head,
    loaded: false,
    loading: null,
    failed: false,
    facts: new Map(),
    quoted: new Map(),
    presence: [],
    peopleSeq: 0,
    named: new Map(),
    typing: [],
    newLineAfter: null,
  };
}

/** Applies a live event. `"gap"` when something before it is missing: nothing was changed. */
export function applyEvent(room: RoomMemory, event: Event, you: UserId): RoomMemory | "gap" {
  const verdict = admit(room.cursor, event.seq);
  if (verdict === "gap") return "gap";
  if (verdict === "duplicate") return room;
  const { state } = room;
  // What the server counted already (up to its head then) is not counted again.
  const counts = event.seq > state.head ? countOf(room, event, you) : null;
  const target = targetOf(event);
  const segments = insertEvents(room.segments, [event]);
  const next: RoomState = {
    ...state,
    head: Math.max(state.head, event.seq),
    unread: Math.min(UNREAD_MAX, state.unread + (counts?.unread ?? 0)),
    mentions: Math.min(UNREAD_MAX, state.mentions + (counts?.mentions ?? 0)),
    members: state.members + (event.seq > state.head ? memberChange(event) : 0),
    room: changedRoom(state.room, event),
    role: event.kind === "role_changed" && event.who.id === you ? event.role : state.role,
  };
  return {
    ...room,
    state: next,
    cursor: event.seq,
    peopleSeq: memberChange(event) !== 0 || event.kind === "role_changed" ? event.seq : room.peopleSeq,
    named:
      event.kind === "room_renamed" && event.seq > state.head
        ? new Map(room.named).set(event.seq, state.room)
        : room.named,
    segments: target === null ? segments : changeMessage(segments, target, (message) => changedMessage(message, event)),
    facts: applyToFacts(room.facts, event, you),
    quoted: requoted(room.quoted, event),
    typing: room.typing.filter((typing) => typing.by.id !== event.by.id),
  };
}

function memberChange(event: Event): number {
  if (event.kind === "member_joined" || event.kind === "member_added") return 1;
  return event.kind === "member_left" || event.kind === "member_removed" ? -1 : 0;
}

function changedRoom(room: Room, event: Event): Room {
  if (event.kind === "room_renamed") return { ...room, name: event.name, topic: event.topic };
  if (event.kind === "room_archived" || event.kind === "room_restored")
    return { ...room, archived: event.kind === "room_archived" };
  if (event.kind === "posting_changed") return { ...room, post_by: event.post_by, slow_s: event.slow_s };
  if (event.kind === "history_changed") return { ...room, history: event.history };
  return room;
}

/** A quoted message is edited and deleted like any. */
function requoted(quoted: RoomMemory["quoted"], event: Event): RoomMemory["quoted"] {
  const message = quoted.get(targetOf(event) ?? 0);
  if (message?.kind !== "message") return quoted;
  const next = changedMessage(message, event);
  return next === message ? quoted : new Map(quoted).set(message.seq, next);
}

/** Puts in a page of history. Its messages are as they are by now; so become those held already that its events change. */
export function applyPage(room: RoomMemory, page: HistoryPage, you: UserId = 0): RoomMemory {
  const state = { ...room.state, since: Math.max(room.state.since, page.first) };
  return {
    ...room,
    state,
    segments: caughtUp(insertEvents(room.segments, page.events), page.events),
    facts: takeStates(room, page.events, page.states ?? [], page.head, you),
    quoted: withQuoted(room.quoted, page.quoted ?? []),
    loaded: true,
    loading: null,
    failed: false,
  };
}

function caughtUp(segments: readonly Segment[], events: readonly Event[]): readonly Segment[] {
  let next = segments;
  for (const event of events) {
    const target = targetOf(event);
    if (target !== null) next = changeMessage(next, target, (message) => changedMessage(message, event));
  }
  return next;
}

/** Messages that are quoted, by what the house says of them; the oldest known are let go. */
export function withQuoted(quoted: RoomMemory["quoted"], events: readonly Event[]): RoomMemory["quoted"] {
  if (events.length === 0) return quoted;
  const next = new Map(quoted);
  for (const event of events) next.set(event.seq, event);
  for (const seq of [...next.keys()].slice(0, Math.max(0, next.size - QUOTED_MAX))) next.delete(seq);
  return next;
}

/** The cursor was too old: what is held stays true, what is missing becomes a gap (UX 3.6). */
export function applyReset(room: RoomMemory, head: Seq, floor: Seq): RoomMemory {
  return { ...room, cursor: head, state: { ...room.state, head: Math.max(room.state.head, head), floor } };
}

/** A position and its counts, as the house says them. */
export type Read = Pick<Notice & { kind: "read" }, "seq" | "unread" | "mentions" | "head">;

/** What the server says on a new connection about a room we know. */
export function applyWelcome(room: RoomMemory, state: RoomState): RoomMemory {
  return { ...room, state: called(state) };
}

/** The server's numbers about what was read; what came after it counted is counted on top. */
export function applyRead(room: RoomMemory, said: Read, you: UserId): RoomMemory {
  const { seq, head } = said;
  let { unread, mentions } = said;
  const at = { ...room, state: { ...room.state, read: seq, head: Math.max(room.state.head, head) } };
  for (const event of room.segments.flat()) {
    if (event.seq <= Math.max(head, seq)) continue;
    const counts = countOf(at, event, you);
    unread += counts?.unread ?? 0;
    mentions += counts?.mentions ?? 0;
  }
  const counted = { unread: Math.min(UNREAD_MAX, unread), mentions: Math.min(UNREAD_MAX, mentions) };
  return { ...at, state: { ...at.state, ...counted } };
}

/** Who came, went or writes. */
export function applySignal(room: RoomMemory, signal: Signal, you: UserId, nowMs: number): RoomMemory {
  if (signal.kind === "typing") {
    if (signal.by.id === you) return room;
    const others = room.typing.filter((typing) => typing.by.id !== signal.by.id);
    return { ...room, typing: [...others, { by: signal.by, untilMs: nowMs + TYPING_MS }] };
  }
  // Who came to the house for the first time is in the lobby without an event; that they went again makes it no smaller.
  const members = Math.max(room.state.members, room.state.room.kind === "lobby" ? signal.online : 0);
  const state = { ...room.state, online: signal.online, members };
  const joined = signal.joined.filter((author) => author.id !== you);
  const left = signal.left.filter((author) => author.id !== you);
  if (joined.length + left.length === 0) return { ...room, state };
  const line = { joined, left, atMs: signal.at, afterSeq: Math.max(room.cursor, lastSeq(room.segments)) };
  return { ...room, state, presence: addPresence(room.presence, line) };
}

/** Forgets notices of writing whose time is over. */
export function expireTyping(room: RoomMemory, nowMs: number): RoomMemory {
  const typing = room.typing.filter((entry) => entry.untilMs > nowMs);
  return typing.length === room.typing.length ? room : { ...room, typing };
}

/** Keeps a room that is followed at its end from growing all day. A New line that would be cut off goes with it. */
export function letGo(room: RoomMemory): RoomMemory {
  const segments = trim(room.segments, true);
  if (segments === room.segments) return room;
  const isCut = room.newLineAfter !== null && (firstSeq(segments) ?? 0) > room.newLineAfter + 1;
  const kept = { ...room, segments, newLineAfter: isCut ? null : room.newLineAfter };
  return { ...kept, facts: pruned(kept) };
}

/** Keeps a room that is not shown small. */
export function setAside(room: RoomMemory): RoomMemory {
  const segments = trim(room.segments, false);
  if (segments === room.segments && room.newLineAfter === null) return room;
  const kept = { ...room, segments, newLineAfter: null };
  return { ...kept, facts: pruned(kept) };
}

let presenceLines = 0;

function addPresence(
  lines: readonly PresenceLine[],
  line: { joined: readonly Author[]; left: readonly Author[]; atMs: Timestamp; afterSeq: Seq },
): readonly PresenceLine[] {
  let joined = [...line.joined];
  let left = [...line.left];
  const kept: PresenceLine[] = [];
  for (const before of lines) {
    const recent = line.atMs - before.atMs <= FLICKER_MS;
    const cancelled = (here: Author[], there: readonly Author[]) =>
      recent ? there.filter((author) => !here.some((other) => other.id === author.id)) : there;
    const [wereJoined, wereLeft] = [before.joined, before.left];
    const stillJoined = cancelled(left, wereJoined);
    const stillLeft = cancelled(joined, wereLeft);
    if (recent) {
      left = left.filter((author) => !wereJoined.some((other) => other.id === author.id));
      joined = joined.filter((author) => !wereLeft.some((other) => other.id === author.id));
    }
    if (stillJoined.length + stillLeft.length > 0) kept.push({ ...before, joined: stillJoined, left: stillLeft });
  }
  if (joined.length + left.length > 0) {
    presenceLines += 1;
    kept.push({ key: `presence-${presenceLines}`, afterSeq: line.afterSeq, atMs: line.atMs, joined, left });
  }
  return kept.slice(-PRESENCE_LINES_MAX);
}
