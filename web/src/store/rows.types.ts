/** The rows of a timeline: what `store/rows.ts` makes of a room's memory, and what `features/room/Timeline` draws. */

import type { Attachment, Author, Event, Mention, Room, Seq, Tree } from "../protocol";
import type { Fact, Pending } from "./state";

/** Drawn inside the row they precede (a feed may own only articles): a date, and the New line. */
export type Before = {
  /** Local midnight of the day that begins with this row; null when the day is the same as the row above. */
  readonly dayMs: number | null;
  readonly newLine: boolean;
};

export type MessageRow = Before & {
  readonly type: "message";
  /** Of one's own from its client id, so that the row stays itself when it is confirmed; of others from the seq alone. */
  readonly key: string;
  readonly seq: Seq | null;
  readonly author: Author;
  readonly own: boolean;
  readonly text: string;
  /** What its markup says; null when it has none, and while it is on its way. */
  readonly tree: Tree | null;
  /** What it carries. */
  readonly files: readonly Attachment[];
  readonly atMs: number;
  /** Shows name and time: first of a group (same author, same day, at most 5 min after the previous message). */
  readonly head: boolean;
  /** After the New line and by somebody else. */
  readonly unread: boolean;
  /** Null when stored. */
  readonly pending: Pending | null;
  /** When it got the words it has; null when it has its first ones. */
  readonly editedAtMs: number | null;
  /** Who deleted it: then it has no words. */
  readonly deletedBy: Author | null;
  /** Whom and what it names. */
  readonly mentions: readonly Mention[];
  /** It calls the reader. */
  readonly called: boolean;
  /** What it quotes: the message, null where the reader may not see that, undefined while it is not known. */
  readonly quote: Seq | null;
  readonly quoted: Event | null | undefined;
  /** The message whose thread it is a reply in. */
  readonly thread: Seq | null;
  /** What there is about it besides; null where there is nothing. */
  readonly fact: Fact | null;
};

export type SystemRow = Before & {
  readonly type: "system";
  readonly key: string;
  readonly atMs: number;
  /** A folded run of comings and goings, or one durable change. Made into words by `ui/strings.ts`. */
  readonly lines:
    | { readonly kind: "people"; readonly joined: readonly Author[]; readonly left: readonly Author[] }
    | { readonly kind: "event"; readonly event: Event; readonly changed: "name" | "topic" | "either" };
};

export type GapRow = Before & {
  readonly type: "gap";
  readonly key: string;
  readonly after: Seq;
  readonly before: Seq;
  /** How many events are missing. */
  readonly missing: number;
  readonly loading: boolean;
};

export type StartRow = Before & {
  readonly type: "start";
  readonly key: string;
  readonly room: Room;
  /** In a direct room the others, by name. */
  readonly others: readonly string[];
  /** How many are in it. */
  readonly people: number;
  readonly madeBy: Author | null;
  readonly madeAtMs: number | null;
  /** The reader came later, and the room shows newcomers nothing of before. */
  readonly fromJoining: boolean;
  /** Nothing was said in it yet. */
  readonly empty: boolean;
};

export type LoadingRow = Before & { readonly type: "loading_older"; readonly key: string };

export type Row = MessageRow | SystemRow | GapRow | StartRow | LoadingRow;
