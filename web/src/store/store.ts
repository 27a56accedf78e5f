/** The client's memory and the one switch that changes it by what the server says. */

import type { Boot, Event, House, RoomId, Seq, ServerFrame, Welcome } from "../protocol";
import { applySaved, applyThread } from "./facts";
import { findMessage } from "./messages";
import { applyComing, applyOwnAway, isNews } from "./people";
import { applyEvent, applyPage, applyRead, applyReset, applySignal, applyWelcome, newRoom, setAside } from "./rooms";
import { currentRoom } from "./selectors";
import type { RoomMemory, Screen, State } from "./state";
import { applyToThread } from "./threads";
import { countOf } from "./unread";

/** What must be asked of the server because of what it said. */
export type Wish =
  | { readonly type: "catch_up"; readonly room: RoomId; readonly after: Seq }
  | { readonly type: "load_newest"; readonly room: RoomId }
  /** What an event did to the counts only the house can say. */
  | { readonly type: "count"; readonly room: RoomId }
  /** An edit came without its words: they are asked for (TALK-9). */
  | { readonly type: "load_messages"; readonly room: RoomId; readonly seqs: readonly Seq[] }
  /** Somebody came who is not in the list of people. */
  | { readonly type: "load_people" };

/** Events of a room in the background before it is made smaller. */
const ASIDE_MAX = 200;
/** As many messages as the house tells of at once. */
const REFRESHED_MAX = 100;

const NOWHERE: House = {
  name: "Parlour",
  door: "open",
  people: 0,
  here: 0,
  limits: { posts_per_second: 5, rooms_by: "everyone", link_cards: true },
};

/** Nothing known yet. */
export function emptyState(): State {
  return {
    house: NOWHERE,
    providers: [],
    you: null,
    limits: null,
    connection: { type: "connecting" },
    rooms: new Map(),
    current: null,
    visited: [],
    browsing: false,
    screen: null,
    people: null,
    comings: null,
    away: false,
    blocked: new Set(),
    heldUntil: new Map(),
    aheadMs: 0,
    drafts: new Map(),
    trays: new Map(),
    thread: null,
    editing: null,
    deleting: new Set(),
    pending: [],
    positions: new Map(),
    target: null,
    flash: null,
    found: null,
    firstInvitation: null,
    newVersion: false,
  };
}

/** The state a page begins with. */
export function fromBoot(before: State, boot: Boot): State {
  const rooms = new Map<RoomId, RoomMemory>(boot.rooms.map((state) => [state.room.id, newRoom(state)]));
  if (boot.page !== undefined) {
    const room = rooms.get(boot.page.room);
    // The page may be newer than the list read before it: the cursor is what is held.
    if (room !== undefined) {
      const loaded = applyPage(room, boot.page, boot.you?.id);
      rooms.set(boot.page.room, { ...loaded, cursor: Math.min(room.cursor, boot.page.head) });
    }
  }
  return { ...before, house: boot.house, providers: boot.providers ?? [], you: boot.you ?? null, rooms };
}

/** Changes one room, if it is known. */
export function changeRoom(state: State, id: RoomId, change: (room: RoomMemory) => RoomMemory): State {
  const room = state.rooms.get(id);
  if (room === undefined) return state;
  const next = change(room);
  return next === room ? state : { ...state, rooms: new Map(state.rooms).set(id, next) };
}

/** Takes what a new connection is told. With another epoch everything held of the rooms is void. */
export function welcome(state: State, said: Welcome, sameEpoch: boolean): State {
  const rooms = new Map<RoomId, RoomMemory>();
  for (const room of said.rooms) {
    const known = sameEpoch ? state.rooms.get(room.room.id) : undefined;
    rooms.set(room.room.id, known === undefined ? newRoom(room) : applyWelcome(known, room));
  }
  const kept = { ...state, house: said.house, you: said.you, limits: said.limits, away: said.away ?? false, rooms };
  if (state.current === null || rooms.has(state.current)) return kept;
  // Of somebody else's rooms nothing is said to who is here now.
  const mine = state.you?.id === said.you.id ? state.rooms.get(state.current) : undefined;
  return { ...kept, current: null, screen: mine === undefined ? null : lost(mine) };
}

/** Takes frames in order and says what to ask for because of them. */
export function applyFrames(before: State, frames: readonly ServerFrame[], nowMs: number): [State, readonly Wish[]] {
  const wishes: Wish[] = [];
  let state = before;
  for (const frame of frames) state = applyFrame(state, frame, nowMs, wishes);
  return [settle(state), wishes];
}

function applyFrame(state: State, frame: ServerFrame, nowMs: number, wishes: Wish[]): State {
  const you = state.you?.id ?? 0;
  switch (frame.t) {
    case "event": {
      const room = state.rooms.get(frame.room);
      if (room === undefined) return state;
      const next = applyEvent(room, frame, you);
      if (next !== "gap") {
        wishes.push(...wishesFor(room, next, frame, you));
        const kept = frame.room === state.current ? next : keptAside(next);
        const thread = state.thread === null || next === room ? state.thread : applyToThread(state.thread, frame);
        return { ...state, rooms: new Map(state.rooms).set(frame.room, kept), thread };
      }
      if (!wishes.some((wish) => wish.type === "catch_up" && wish.room === frame.room)) {
        wishes.push({ type: "catch_up", room: frame.room, after: room.cursor });
      }
      return state;
    }
    case "reset":
      wishes.push({ type: "load_newest", room: frame.room });
      wishes.push(...refresh(state.rooms.get(frame.room)));
      return changeRoom(state, frame.room, (room) => applyReset(room, frame.head, frame.floor));
    case "signal": {
      const { signal } = frame;
      const told = changeRoom(state, signal.room, (room) => applySignal(room, signal, you, nowMs));
      if (signal.kind !== "presence") return told;
      const own = applyOwnAway(told, signal);
      if (told.rooms.get(signal.room)?.state.room.kind !== "lobby") return own;
      if (isNews(state, signal)) wishes.push({ type: "load_people" });
      return applyComing(own, signal);
    }
    case "notice":
      // A thread's standing is part of its room's.
      if (frame.notice.kind === "thread") wishes.push({ type: "count", room: frame.notice.state.room });
      return applyNotice(state, frame.notice, you);
    default:
      // Replies and refusals were taken by those who asked; frames of a newer server are not ours to understand.
      return state;
  }
}

/** What is held may have been changed by events that will not come: the newest of it is asked for as it is by now. */
function refresh(room: RoomMemory | undefined): readonly Wish[] {
  const held = (room?.segments.flat() ?? []).filter(({ kind }) => kind === "message");
  const seqs = held.slice(-REFRESHED_MAX).map(({ seq }) => seq);
  return room === undefined || seqs.length === 0 ? [] : [{ type: "load_messages", room: room.state.room.id, seqs }];
}

/** What is asked because of one event of a room. */
function wishesFor(before: RoomMemory, after: RoomMemory, event: Event, you: number): Wish[] {
  if (before === after) return [];
  const room = event.room;
  const wishes: Wish[] = [];
  if (event.seq > before.state.head && countOf(before, event, you) === null) wishes.push({ type: "count", room });
  const missing: Seq[] = [];
  const isWithheld =
    (event.kind === "edited" && event.text === undefined) || (event.kind === "carded" && event.cards === undefined);
  if (isWithheld && findMessage(after.segments, event.target) !== null) missing.push(event.target);
  const quote = event.kind === "message" ? event.answers?.quote : undefined;
  if (quote !== undefined && after.loaded && findMessage(after.segments, quote) === null && !after.quoted.has(quote))
    missing.push(quote);
  // Whether its reader follows a thread that has just begun is the house's to say.
  const thread = event.kind === "message" ? event.answers?.thread : undefined;
  if (thread !== undefined && (before.facts.get(thread)?.thread ?? null) === null) missing.push(thread);
  if (missing.length > 0) wishes.push({ type: "load_messages", room, seqs: missing });
  return wishes;
}

/** A room that nobody looks at is made smaller from time to time. */
function keptAside(room: RoomMemory): RoomMemory {
  return (room.segments.at(-1)?.length ?? 0) > ASIDE_MAX ? setAside(room) : room;
}

/** What came into the room on screen while nobody looked has a New line above it, as if it had been entered after. */
export function drawNewLine(before: State, after: State): State {
  const [was, is] = [currentRoom(before), currentRoom(after)];
  if (was === null || is === null || before.current !== after.current) return after;
  if (is.newLineAfter !== null || was.state.unread > 0 || is.state.unread === 0) return after;
  return changeRoom(after, is.state.room.id, (room) => ({ ...room, newLineAfter: room.state.read }));
}

function applyNotice(state: State, notice: (ServerFrame & { t: "notice" })["notice"], you: number): State {
  switch (notice.kind) {
    case "read":
      return changeRoom(state, notice.room, (room) => applyRead(room, notice, you));
    case "notify":
      return changeRoom(state, notice.room, (room) => ({ ...room, state: { ...room.state, notify: notice.level } }));
    case "thread":
      return changeRoom(state, notice.state.room, (room) => applyThread(room, notice.state));
    case "saved":
      return changeRoom(state, notice.room, (room) => applySaved(room, notice.seq, notice.saved));
    case "room_added":
      return addRoom(state, newRoom(notice.state));
    case "room_removed":
      return removeRoom(state, notice.room);
    case "you":
      return { ...state, you: notice.you };
    default:
      return state;
  }
}

/** Adds a room unless it is known. */
export function addRoom(state: State, room: RoomMemory): State {
  const id = room.state.room.id;
  return state.rooms.has(id) ? state : { ...state, rooms: new Map(state.rooms).set(id, room) };
}

/** Forgets a room and all that was said there. What its reader wrote themselves and has not sent stays theirs. */
export function removeRoom(state: State, id: RoomId): State {
  const room = state.rooms.get(id);
  if (room === undefined) return state;
  const without = <T>(held: ReadonlyMap<RoomId, T>) => new Map([...held].filter(([other]) => other !== id));
  const left: State = {
    ...state,
    rooms: without(state.rooms),
    positions: without(state.positions),
    heldUntil: without(state.heldUntil),
    pending: state.pending.filter((message) => message.room !== id || message.seq === null),
    target: state.target?.room === id ? null : state.target,
    thread: state.thread?.room === id ? null : state.thread,
  };
  if (state.current !== id) return left;
  const last = room.segments.at(-1)?.at(-1);
  const byOwnHand = last?.kind === "member_left" && last.by.id === state.you?.id;
  return { ...left, current: null, screen: byOwnHand ? null : lost(room) };
}

function lost({ state: { room } }: RoomMemory): Screen {
  return { type: "lost", room: room.id, name: room.name };
}

/**
 * Lets go of waiting messages whose events are here, or are behind the cursor and will not come any more: a message is
 * never shown twice, and never vanishes between.
 */
export function settle(state: State): State {
  const you = state.you?.id;
  const left = state.pending.filter((pending) => {
    const room = state.rooms.get(pending.room);
    if (room === undefined) return true;
    if (pending.seq !== null && pending.seq <= room.cursor) return false;
    return !room.segments.some((segment) =>
      segment.some((event) => event.kind === "message" && event.by.id === you && event.client_id === pending.clientId),
    );
  });
  return left.length === state.pending.length ? state : { ...state, pending: left };
}
