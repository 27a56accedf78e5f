/** From a room's memory to the rows of its timeline: grouped, dated, folded (UX 3.7.1 to 3.7.3). Pure. */

import type { Answers, Attachment, Author, Event, Mention, UserId } from "../protocol";
import { findMessage, type Message, standsInRoom } from "./messages";
import type { Before, GapRow, MessageRow, Row, StartRow, SystemRow } from "./rows.types";
import type { Fact, Named, Pending, PresenceLine, RoomMemory } from "./state";
import { lastSeq } from "./timeline";
import { calls } from "./unread";

/** Messages of one author this close together share a head. */
const GROUP_MS = 5 * 60_000;
/** Who comes and goes within this time was hardly there (UX 3.7.3). */
const FLICKER_MS = 5 * 60_000;

type People = SystemRow["lines"] & { kind: "people" };

/** The local midnight before a moment. */
export function dayOf(atMs: number): number {
  const date = new Date(atMs);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** Makes the rows. `pending` are the room's own, oldest first. */
export function makeRows(
  room: RoomMemory,
  pending: readonly Pending[],
  you: { id: UserId; name: string },
): readonly Row[] {
  // A room of which only the latest was heard is not shown before its page is here; one's own words always are.
  if (!room.loaded && pending.length === 0) return [];
  const maker = new RowMaker(room, you);
  const unseen = maker.beginning();
  if (unseen !== null) maker.behind(unseen);
  room.segments.forEach((segment, index) => {
    const before = room.segments[index - 1]?.at(-1)?.seq;
    if (before !== undefined) maker.gap(before, segment[0]?.seq ?? before);
    for (const event of segment) if (event !== unseen) maker.event(event);
  });
  if (isBehind(room) && room.loading !== "newest") maker.gap(lastSeq(room.segments), room.cursor + 1);
  maker.presence(Number.POSITIVE_INFINITY);
  for (const message of pending) if (standsInRoom(message)) maker.pending(message);
  maker.end();
  return maker.rows;
}

/** The rows of a thread: its root, its replies, one's own that wait. Holes there are none. */
export function makeThreadRows(
  room: RoomMemory,
  replies: readonly Message[],
  pending: readonly Pending[],
  you: { id: UserId; name: string },
): readonly MessageRow[] {
  const maker = new RowMaker({ ...room, presence: [], newLineAfter: null }, you);
  for (const message of replies) maker.message(message);
  for (const message of pending) maker.pending(message);
  // Where all are replies of one thread, neither they nor their root say so.
  const bare = (fact: Fact | null) => (fact === null || fact.thread === null ? fact : { ...fact, thread: null });
  const messages = maker.rows.filter((row) => row.type === "message");
  return messages.map((row) => ({ ...row, thread: null, fact: bare(row.fact) }));
}

/** Whether the newest events are missing: the house said that there are more than it replays, and they did not come. */
export function isBehind(room: RoomMemory): boolean {
  return room.loaded && lastSeq(room.segments) < room.cursor && lastSeq(room.segments) > 0;
}

/** Two runs of comings and goings as one. Who came and went, or went and came, within minutes did neither. */
function fold(a: People, b: People, isNear: boolean): People {
  const without = (those: readonly Author[], others: readonly Author[]) =>
    isNear ? those.filter(({ id }) => !others.some((other) => other.id === id)) : those;
  return {
    kind: "people",
    joined: [...without(a.joined, b.left), ...without(b.joined, a.left)],
    left: [...without(a.left, b.joined), ...without(b.left, a.joined)],
  };
}

const namesByState = new WeakMap<object, readonly string[]>();

/** The names of the others: the same array as long as they are the same, so that the first row is the same. */
function namesOf({ with: others }: RoomMemory["state"]): readonly string[] {
  if (others === undefined) return NOBODY;
  const known = namesByState.get(others) ?? others.map(({ name }) => name);
  namesByState.set(others, known);
  return known;
}

const NOBODY: readonly string[] = [];
const NO_MENTIONS: readonly Mention[] = [];
const SILENT: readonly Event["kind"][] = ["edited", "carded", "deleted", "reacted", "unreacted", "unpinned"];

/** What has no line of its own. */
function isSilent({ kind }: Event): boolean {
  return SILENT.includes(kind);
}
/** The same list each time, so that a row without files stays the same row. */
const NO_FILES: readonly Attachment[] = [];

function whatChanged(event: Event, named: Named | null): "name" | "topic" | "either" {
  if (event.kind !== "room_renamed" || named === null) return "either";
  return event.name === named.name ? "topic" : "name";
}

class RowMaker {
  readonly rows: Row[] = [];
  private readonly room: RoomMemory;
  private readonly you: { id: UserId; name: string };
  private readonly lines: readonly PresenceLine[];
  private nextLine = 0;
  private dayMs: number | null = null;
  private previous: { author: UserId; atMs: number } | null = null;
  private newLineDrawn = false;
  /** What the room was called before the next event; null when that is not known. */
  private named: Named | null = null;
  private readonly ownIds = new Set<string>();
  /** In a direct room who is there is said above it, and who was there from the start is no news. */
  private readonly isDirect: boolean;
  private readonly others: readonly string[];

  constructor(room: RoomMemory, you: { id: UserId; name: string }) {
    this.room = room;
    this.you = you;
    this.isDirect = room.state.room.kind === "direct";
    this.lines = this.isDirect ? [] : room.presence;
    this.others = namesOf(room.state);
  }

  /**
   * What stands above the first event. Where older ones are to come, the oldest held is returned: it has no row yet.
   * Whether it begins a group or a day is not known before they are here, and no row changes its height by their coming.
   */
  beginning(): Event | null {
    const { room } = this;
    if (!room.loaded) return null;
    const first = room.segments[0]?.[0];
    const start = Math.max(room.state.since, room.state.floor + 1);
    if (first !== undefined && first.seq > start) {
      this.rows.push({ type: "loading_older", key: "older", dayMs: null, newLine: false });
      return room.segments[0]?.length === 1 ? null : first;
    }
    const made = first?.kind === "room_created" ? first : null;
    const row: StartRow = {
      type: "start",
      key: "start",
      room: room.state.room,
      others: this.others,
      // Told only of those who are always the same: how many are in another room is no part of its beginning.
      people: this.isDirect ? room.state.members : 0,
      madeBy: made?.by ?? null,
      madeAtMs: made?.at ?? null,
      fromJoining: start > room.state.floor + 1,
      empty: false,
      dayMs: null,
      newLine: false,
    };
    this.rows.push(row);
    return null;
  }

  /** Goes on behind an event that has no row. */
  behind(event: Event): void {
    this.before(event.at);
    if (event.kind === "message") this.previous = { author: event.by.id, atMs: event.at };
    while ((this.lines[this.nextLine]?.afterSeq ?? event.seq) < event.seq) this.nextLine += 1;
  }

  gap(after: number, before: number): void {
    const loading = typeof this.room.loading === "object" && this.room.loading?.gapAfter === after;
    const row: GapRow = {
      type: "gap",
      key: `gap-${after}`,
      after,
      before,
      missing: before - after - 1,
      loading,
      dayMs: null,
      newLine: false,
    };
    this.previous = null;
    // What the room was called on the other side is not known.
    this.named = null;
    this.rows.push(row);
  }

  event(event: Event): void {
    this.presence(event.seq);
    const named = this.room.named.get(event.seq) ?? this.named;
    if (event.kind === "room_created" || event.kind === "room_renamed") this.named = event;
    // The start row says it already.
    if (event.kind === "room_created" || (this.isDirect && event.kind === "member_added")) return;
    // What changes a message is seen at the message.
    if (event.kind === "message") {
      if (standsInRoom(event)) this.message(event);
    } else if (!isSilent(event)) this.system(`event-${event.seq}`, event.at, event, named);
  }

  /** Draws the comings and goings that were seen before the event at `seq`. */
  presence(seq: number): void {
    for (
      let line = this.lines[this.nextLine];
      line !== undefined && line.afterSeq < seq;
      line = this.lines[this.nextLine]
    ) {
      this.nextLine += 1;
      this.people(line.key, line.atMs, { kind: "people", joined: line.joined, left: line.left });
    }
  }

  pending(message: Pending): void {
    const row = this.messageRow(
      this.ownKey(message.clientId) ?? `pending-${message.clientId}`,
      { id: this.you.id, name: this.you.name },
      message.text,
      message.madeAtMs,
      false,
      message.answers,
    );
    this.rows.push({ ...row, seq: null, pending: message, files: message.files ?? NO_FILES });
  }

  /** A room in which nothing was said yet says so where it begins. */
  end(): void {
    const first = this.rows[0];
    if (first?.type === "start" && !this.rows.some((row) => row.type === "message" || row.type === "gap"))
      this.rows[0] = { ...first, empty: true };
  }

  message(event: Message): void {
    const { newLineAfter, facts } = this.room;
    const own = event.by.id === this.you.id;
    const unread = newLineAfter !== null && event.seq > newLineAfter && !own;
    const newLine = unread && !this.newLineDrawn;
    this.newLineDrawn ||= newLine;
    const key = (own ? this.ownKey(event.client_id) : null) ?? `seq-${event.seq}`;
    const row = this.messageRow(key, event.by, event.text, event.at, newLine, event.answers);
    const { tree = null, mentions = NO_MENTIONS, files = NO_FILES, edited, deleted } = event;
    this.rows.push({
      ...row,
      seq: event.seq,
      unread,
      tree,
      editedAtMs: edited?.at ?? null,
      deletedBy: deleted?.by ?? null,
      mentions,
      files,
      called: !own && calls(event, this.you.id),
      fact: facts.get(event.seq) ?? null,
    });
  }

  /** The key that a message of one's own keeps from being written to being stored; null when another row has it. */
  private ownKey(clientId: string): string | null {
    if (this.ownIds.has(clientId)) return null;
    this.ownIds.add(clientId);
    return `own-${clientId}`;
  }

  private messageRow(
    key: string,
    author: { id: UserId; name: string },
    text: string,
    atMs: number,
    newLine: boolean,
    answers: Answers | undefined,
  ): MessageRow {
    const { dayMs } = this.before(atMs);
    const { previous, room } = this;
    const quote = answers?.quote ?? null;
    const isNear = previous !== null && previous.author === author.id && atMs - previous.atMs <= GROUP_MS;
    const grouped = isNear && quote === null;
    this.previous = { author: author.id, atMs };
    return {
      type: "message",
      key,
      seq: null,
      author,
      own: author.id === this.you.id,
      text,
      tree: null,
      files: NO_FILES,
      atMs,
      head: !grouped || dayMs !== null || newLine,
      unread: false,
      pending: null,
      editedAtMs: null,
      deletedBy: null,
      mentions: NO_MENTIONS,
      called: false,
      quote,
      quoted: quote === null ? null : (findMessage(room.segments, quote) ?? room.quoted.get(quote)),
      thread: answers?.thread ?? null,
      fact: null,
      dayMs,
      newLine,
    };
  }

  private system(key: string, atMs: number, event: Event, named: Named | null): void {
    if (event.kind === "member_joined" || event.kind === "member_left") {
      const [joined, left] = event.kind === "member_joined" ? [[event.by], []] : [[], [event.by]];
      this.people(key, atMs, { kind: "people", joined, left });
      return;
    }
    this.rows.push({
      type: "system",
      key,
      atMs,
      lines: { kind: "event", event, changed: whatChanged(event, named) },
      ...this.before(atMs),
      newLine: false,
    });
    this.previous = null;
  }

  /** Neighbouring comings and goings of a day are one line. */
  private people(key: string, atMs: number, lines: People): void {
    const last = this.rows.at(-1);
    const dayMs = this.before(atMs).dayMs;
    if (last?.type === "system" && last.lines.kind === "people" && dayMs === null) {
      const folded = fold(last.lines, lines, atMs - last.atMs <= FLICKER_MS);
      this.rows.pop();
      if (folded.joined.length + folded.left.length > 0) this.rows.push({ ...last, atMs, lines: folded });
      // The row that is gone may have borne the day; then the next one does.
      else if (last.dayMs !== null) this.dayMs = null;
      return;
    }
    this.rows.push({ type: "system", key, atMs, lines, dayMs, newLine: false });
    this.previous = null;
  }

  private before(atMs: number): Pick<Before, "dayMs"> {
    const day = dayOf(atMs);
    if (day === this.dayMs) return { dayMs: null };
    this.dayMs = day;
    return { dayMs: day };
  }
}
