/**
 * The shape of the client's memory. Immutable: a change makes a new object along the path it touches, so that a
 * selector's result is equal by reference when nothing it reads has changed.
 */

import type {
  Answers,
  Attachment,
  Author,
  Card,
  Event,
  Hit,
  House,
  Provider,
  PublicLimits,
  Reaction,
  Role,
  RoomId,
  RoomState,
  SearchPlace,
  Seq,
  ThreadState,
  User,
  UserId,
} from "../protocol";

/** What stands between us and the house. Lost since a moment; `offline` when the browser says that it has no network. */
export type Connection =
  | { readonly type: "connecting" }
  | { readonly type: "online" }
  | { readonly type: "waiting"; readonly sinceMs: number }
  | { readonly type: "offline"; readonly sinceMs: number }
  | { readonly type: "signed_out" };

/** One message on its way. It keeps its place below the stored ones until its event arrives. */
export type Pending = {
  readonly clientId: string;
  readonly room: RoomId;
  readonly text: string;
  /** What it carries; absent in what an earlier client kept. */
  readonly files?: readonly Attachment[];
  /** What it answers; absent where it stands for itself. */
  readonly answers?: Answers;
  readonly madeAtMs: number;
  readonly state: "queued" | "sending" | "refused";
  /** Why it was refused, as the server said it. */
  readonly reason: string | null;
  /** Where it was stored, once the house has said so; it then waits only for its event. */
  readonly seq: Seq | null;
};

/** A piece of the log held without holes, in order of seq. Never empty. */
export type Segment = readonly Event[];

/** Somebody came or went; kept in memory only, placed after the seq that was newest then. */
export type PresenceLine = {
  readonly key: string;
  readonly afterSeq: Seq;
  readonly atMs: number;
  readonly joined: readonly Author[];
  readonly left: readonly Author[];
};

/** What there is about a message besides its words. Events up to `asOf` are in it. */
export type Fact = {
  readonly asOf: Seq;
  /** In the order in which each was used first. */
  readonly reactions: readonly Reaction[];
  /** What is behind its links. */
  readonly cards: readonly Card[];
  /** Null where nobody replied. */
  readonly thread: ThreadState | null;
  readonly pinned: boolean;
  readonly saved: boolean;
};

/** By the message; one about which there is nothing may be left out. */
export type Facts = ReadonlyMap<Seq, Fact>;

/** What a room is called, and what it is about. */
export type Named = { readonly name: string; readonly topic: string };

/** What we hold of one room. */
export type RoomMemory = {
  readonly state: RoomState;
  /** Ascending, with holes between them. The last one reaches `state.head` when we are up to date. */
  readonly segments: readonly Segment[];
  /** The last seq applied from the socket; the cursor of the next hello. */
  readonly cursor: Seq;
  /** True once the first page is here, from cache or server. */
  readonly loaded: boolean;
  /** What is being fetched, so that nothing is fetched twice: `older`, `newest`, or the gap after a seq. */
  readonly loading: "older" | "newest" | "around" | { readonly gapAfter: Seq } | null;
  /** The last fetch failed. */
  readonly failed: boolean;
  readonly facts: Facts;
  /** Messages that others quote and that are not among those held; null where the reader may not see one. */
  readonly quoted: ReadonlyMap<Seq, Event | null>;
  readonly presence: readonly PresenceLine[];
  /** The last event that changed who is in it, or as what. */
  readonly peopleSeq: Seq;
  /** What the room was called before each change of it that came while we listened. */
  readonly named: ReadonlyMap<Seq, Named>;
  /** Who is writing, with the moment to forget it. */
  readonly typing: readonly { readonly by: Author; readonly untilMs: number }[];
  /** Where the New line stands since this room was entered; null when there is none. Unread rows are those after it. */
  readonly newLineAfter: Seq | null;
};

/** Something to write in: the box of a room, of a thread in it (`12/t/5`), or the one in which a message is edited (`12/e/7`). */
export type BoxId = RoomId | `${number}/${"t" | "e"}/${number}`;

/** A draft: what the box holds, where the caret is, and which message it quotes. */
export type Draft = {
  readonly text: string;
  readonly caret: number;
  readonly changedAtMs: number;
  readonly quote?: Seq;
};

/** A file that is attached and not sent. */
export type TrayFile = {
  readonly key: string;
  readonly name: string;
  readonly bytes: number;
  /** How much of it is at the house, or on its way. */
  readonly sent: number;
  readonly state: "waiting" | "coming" | "whole" | "failed";
  /** Why it waits or failed. */
  readonly reason: string | null;
  /** Whether trying again may help. */
  readonly again: boolean;
  /** The address of a picture of it in this page; null for what is none. */
  readonly preview: string | null;
  /** What the house made of it, once it is whole. */
  readonly file: Attachment | null;
};

/** Where a room was left, to return to. */
export type Position =
  | { readonly type: "end" }
  | { readonly type: "anchor"; readonly key: string; readonly topPx: number; readonly leftAtMs: number };

/** The thread that is open beside its room. */
export type OpenThread = {
  readonly room: RoomId;
  readonly root: Seq;
  /** Null where the reader may not see it, and while it is not here. */
  readonly message: (Event & { kind: "message" }) | null;
  /** In order, none between them left out. */
  readonly replies: readonly (Event & { kind: "message" })[];
  /** Whether there are replies before these. */
  readonly more: boolean;
  readonly loading: boolean;
  readonly failed: boolean;
  readonly state: ThreadState | null;
};

/** One event of one room. */
export type Mark = { readonly room: RoomId; readonly seq: Seq };

/** One line of the shelf that goes by itself, with what its Undo would mark unread again. */
export type Flash = { readonly text: string; readonly untilMs: number; readonly undo: readonly Mark[] };

/** Somebody of the house. */
export type Person = { readonly id: UserId; readonly name: string; readonly online: boolean; readonly role: Role };

/** What is on screen instead of a room or the list of all rooms. */
export type Screen =
  | { readonly type: "people" | "catch_up" | "threads" | "saved" }
  /** A room that is not this person's: its name where it was on screen until now, null where an address named it. */
  | { readonly type: "lost"; readonly room: RoomId; readonly name: string | null }
  /** An address that is none. */
  | { readonly type: "nowhere" };

/** What was found, kept while one looks at it in its rooms. */
export type Found = {
  /** What was typed, in which order, and in which room alone; null for all. */
  readonly typed: string;
  readonly best: boolean;
  readonly room: RoomId | null;
  readonly hits: readonly Hit[];
  readonly next: SearchPlace | null;
  readonly behind: boolean;
  /** An answer: false for words that an address brought and that nobody asked for yet. */
  readonly complete: boolean;
};

/** Everything. */
export type State = {
  readonly house: House;
  /** The providers of identities by which one may come in. */
  readonly providers: readonly Provider[];
  readonly you: User | null;
  readonly limits: PublicLimits | null;
  readonly connection: Connection;
  readonly rooms: ReadonlyMap<RoomId, RoomMemory>;
  /** The room on screen; null on the first visit and on the list screen of a narrow window. */
  readonly current: RoomId | null;
  /** The rooms that were on screen before it, the last one first. */
  readonly visited: readonly RoomId[];
  /** The list of all rooms is on screen instead of a room. */
  readonly browsing: boolean;
  readonly screen: Screen | null;
  /** Everybody of the house; null while nobody asked who they are. */
  readonly people: ReadonlyMap<UserId, Person> | null;
  /** Who came (true) and went while that list is being asked for; null while nobody asks. */
  readonly comings: ReadonlyMap<UserId, boolean> | null;
  /** One said that one is away, on any of one's devices, and did nothing since. */
  readonly away: boolean;
  /** Whose messages are folded away. */
  readonly blocked: ReadonlySet<UserId>;
  /** Rooms that take nothing more from this person before a moment, as the house last said. */
  readonly heldUntil: ReadonlyMap<RoomId, number>;
  /** How far the house's clock is ahead of this machine's. */
  readonly aheadMs: number;
  readonly drafts: ReadonlyMap<BoxId, Draft>;
  /** What is attached in each box and not sent. */
  readonly trays: ReadonlyMap<BoxId, readonly TrayFile[]>;
  readonly thread: OpenThread | null;
  /** The message that is being edited in its row. */
  readonly editing: Mark | null;
  /** Messages that are about to be deleted, by room and seq: until then it can be undone. */
  readonly deleting: ReadonlySet<string>;
  readonly pending: readonly Pending[];
  readonly positions: ReadonlyMap<RoomId, Position>;
  /** A message that an address named: gone to, and outlined until the next key or click. */
  readonly target: Mark | null;
  readonly flash: Flash | null;
  readonly found: Found | null;
  /** The link that the owner of a new house is shown above the box, to give to whom they like. */
  readonly firstInvitation: string | null;
  /** A newer server answers: the page should be reloaded when the reader likes. */
  readonly newVersion: boolean;
};
