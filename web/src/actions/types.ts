/** The verbs of the interface. Components call these and nothing else; each is safe to call at any time. */

import type { Page, Somewhere } from "../platform/location";
import type { Answers, Command, RoomId, SearchPlace, Seq } from "../protocol";
import type { BoxId, Found, Mark, Position } from "../store/state";
import type { MessageActs } from "./messages";
import type { Outcome } from "./outcome";
import type { PeopleActs } from "./people";
import type { RoomActs } from "./rooms";
import type { ThreadActs } from "./threads";

/** The ways to ask the house for something, for the verbs that have files of their own. */
export type Asks = {
  /** What is done or refused. */
  done(command: Command): Promise<Outcome<null>>;
  /** What is answered with a room, which is gone to. */
  enterBy(command: Command): Promise<Outcome<RoomId>>;
  /** Says a word in the shelf. */
  flash(text: string): void;
};

/** What is looked for: in all rooms where none is named, and older than a place. */
export type Asked = {
  readonly q: string;
  readonly best: boolean;
  readonly room: RoomId | null;
  readonly before: SearchPlace | null;
};
export type Answered = Pick<Found, "hits" | "next" | "behind" | "complete">;

export type Actions = RoomActs &
  MessageActs &
  ThreadActs &
  PeopleActs & {
    /**
     * Does what gives this browser another session; on success goes in with it: a room is entered and the socket opened. That the
     * session from before ends by it is not news.
     */
    comeIn<T>(ask: () => Promise<Outcome<T>>): Promise<Outcome<T>>;
    signOut(): Promise<void>;
    /** Goes to a page that is no room, or away from it. */
    goTo(place: Somewhere): void;
    /** Shows a room: from memory at once, then from the server. Fixes its New line. Null leaves for the list. */
    enterRoom(room: RoomId | null): void;
    /** Shows the list of all rooms. */
    browse(): void;
    /** Shows a page that is neither a room nor settings. */
    showPage(page: Page): void;
    /** Goes to the first message at a moment or after it. */
    jumpToMoment(room: RoomId, atMs: number): Promise<Outcome<null>>;
    /** Goes to a message, wherever it is, and outlines it. */
    goToMessage(at: Mark): void;
    /** Shows exactly the messages that a room's count counts, beside the room; by that none of them is read. */
    showUnread(room: RoomId): void;
    /** Takes the outline off the message that an address named. */
    forgetTarget(): void;
    /** Says something with what is attached and whole: shown at once, kept through reload, sent when it can be. Empties the box it was written in. */
    post(room: RoomId, text: string, answers?: Answers, box?: BoxId): void;
    retry(clientId: string): void;
    discard(clientId: string): void;
    /** Takes a refused message back into the box. */
    editPending(clientId: string): void;
    loadOlder(room: RoomId): void;
    loadGap(room: RoomId, after: Seq): void;
    /** Tries a failed load again. */
    reload(room: RoomId): void;
    /** Shows what the address `/` shows: the last room, or the list where that has a screen of its own. */
    home(): void;
    /** Lets go of old rows of a room that is followed at its end. */
    letGo(room: RoomId): void;
    /** Reports that everything up to a seq has been on screen. Idempotent, cheap, and not what somebody marked unread. */
    seen(room: RoomId, seq: Seq): void;
    /** The reader acts in the room on screen: what they look at counts as read again, though a result or an address led there. */
    attend(): void;
    /** Looks for messages in the rooms of the reader. */
    search(asked: Asked, dropped: AbortSignal | null): Promise<Outcome<Answered>>;
    /** Keeps what was found while the panel is closed or a result is looked at. */
    keepFound(found: Found | null): void;
    /** Marks a room read because its reader says so. */
    markRead(room: RoomId): void;
    /** Marks unread; it holds until the room is left. */
    markUnreadFrom(room: RoomId, seq: Seq): void;
    /** Marks every room read; the shelf offers to undo it. */
    markAllRead(): void;
    undoRead(marks: readonly Mark[]): void;
    /** Removes the New line (Esc, or sending). */
    clearNewLine(room: RoomId): void;
    setDraft(box: BoxId, text: string, caret: number): void;
    /** What is written in a box quotes a message; null for none. */
    setQuote(box: BoxId, seq: Seq | null): void;
    /** The box was typed in: sends a typing notice at most every 3 s. */
    typing(room: RoomId): void;
    /** Attaches files: they come to the house at once, and are said with the next message of the room. */
    attach(box: BoxId, files: readonly File[]): void;
    /** Takes one back. */
    detach(box: BoxId, key: string): void;
    retryFile(box: BoxId, key: string): void;
    savePosition(room: RoomId, position: Position): void;
    joinRoom(room: RoomId): Promise<Outcome<null>>;
    leaveRoom(room: RoomId): Promise<Outcome<null>>;
    /** Reconnects now instead of when the back-off ends. */
    tryNow(): void;
    /** Says a word in the shelf, for a few seconds. */
    flash(text: string): void;
  };
