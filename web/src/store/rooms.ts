/** One room's memory: events applied, pages put in, read positions taken from the server. */

import type { Author, Event, HistoryPage, Room, RoomState, Seq, Signal, Timestamp, UserId } from "../protocol";
import { nameOfDirect } from "./people";
import { admit } from "./sequence";
import type { PresenceLine, RoomMemory } from "./state";
import { firstSeq, insertEvents, lastSeq, trim } from "./timeline";

/** Unread counts stop here, as the server's do; shown as 99+. */
const UNREAD_MAX = 100;
const TYPING_MS = 6_000;
/** A coming and a going of the same person this close together vanish (UX 3.7.3). */
const FLICKER_MS = 5 * 60_000;
const PRESENCE_LINES_MAX = 50;

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
    presence: [],
    peopleSeq: 0,
    named: new Map(),
    typing: [],
    newLineAfter: null,
  };
}

function isOthersMessage(event: Event, you: UserId): boolean {
  return event.kind === "message" && event.by.id !== you;
}

/** Applies a live event. `"gap"` when something before it is missing: nothing was changed. */
export function applyEvent(room: RoomMemory, event: Event, you: UserId): RoomMemory | "gap" {
  const verdict = admit(room.cursor, event.seq);
  if (verdict === "gap") return "gap";
  if (verdict === "duplicate") return room;
  const { state } = room;
  // What the server counted already (up to its head then) is not counted again.
  const counts = event.seq > state.head && event.seq > state.read && isOthersMessage(event, you);
  const next: RoomState = {
    ...state,
    head: Math.max(state.head, event.seq),
    unread: counts ? Math.min(UNREAD_MAX, state.unread + 1) : state.unread,
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
    segments: insertEvents(room.segments, [event]),
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

/** Puts in a page of history. */
export function applyPage(room: RoomMemory, page: HistoryPage): RoomMemory {
  const state = { ...room.state, since: Math.max(room.state.since, page.first) };
  return {
    ...room,
    state,
    segments: insertEvents(room.segments, page.events),
    loaded: true,
    loading: null,
    failed: false,
  };
}

/** The cursor was too old: what is held stays true, what is missing becomes a gap (UX 3.6). */
export function applyReset(room: RoomMemory, head: Seq, floor: Seq): RoomMemory {
  return { ...room, cursor: head, state: { ...room.state, head: Math.max(room.state.head, head), floor } };
}

/** What the server says on a new connection about a room we know. */
export function applyWelcome(room: RoomMemory, state: RoomState): RoomMemory {
  return { ...room, state: called(state) };
}

/** The server's numbers about what was read; what came after it counted is counted on top. */
export function applyRead(room: RoomMemory, seq: Seq, unread: number, head: Seq, you: UserId): RoomMemory {
  const later = room.segments.flat().filter((event) => event.seq > Math.max(head, seq) && isOthersMessage(event, you));
  const state = { ...room.state, read: seq, unread: Math.min(UNREAD_MAX, unread + later.length) };
  state.head = Math.max(state.head, head);
  return { ...room, state };
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
  return { ...room, segments, newLineAfter: isCut ? null : room.newLineAfter };
}

/** Keeps a room that is not shown small. */
export function setAside(room: RoomMemory): RoomMemory {
  const segments = trim(room.segments, false);
  return segments === room.segments && room.newLineAfter === null ? room : { ...room, segments, newLineAfter: null };
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
