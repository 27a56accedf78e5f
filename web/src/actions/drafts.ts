/** What was typed and not sent (UX 3.7.7): in memory at once, in this browser soon after, in the other tabs too. */

import { after, nowMs } from "../platform/clock";
import { onLocalChange, readLargeAll, readLocalAll, writeLarge, writeLocal } from "../platform/storage";
import type { RoomId, UserId } from "../protocol";
import type { Draft, State } from "../store/state";
import type { Subscribable } from "../store/subscribable";

/** A draft is written this long after the last key. */
const WRITE_AFTER_MS = 300;
/** Says to the other tabs whose drafts are about to go, because they sign out. */
const LEAVING = "leaving";

export type Drafts = {
  /** Takes out what this person left in this browser. What is in the boxes already stays. */
  open(owner: UserId): Promise<void>;
  /** Removes everything of this person from this browser: they have signed out. */
  forget(): Promise<void>;
  set(room: RoomId, text: string, caret: number): void;
  /** Empties the box of a room that was sent; the copy on disk goes once `kept` says that the message is kept. */
  sent(room: RoomId, kept: Promise<void>): void;
};

/** Makes the drafts of a page. */
export function createDrafts(store: Subscribable<State>): Drafts {
  const unwritten = new Map<RoomId, () => void>();
  /** A draft is its writer's alone, so whose it is stands in its key. */
  let prefix = "draft:";
  /** They signed out in another tab: what goes from this browser then does not go from a box that is open here. */
  let left = false;

  function keep(room: RoomId, draft: Draft | null): void {
    store.set((state) => {
      const drafts = new Map(state.drafts);
      if (draft === null) drafts.delete(room);
      else drafts.set(room, draft);
      return { ...state, drafts };
    });
  }

  function write(room: RoomId): void {
    unwritten.get(room)?.();
    unwritten.delete(room);
    const draft = store.get().drafts.get(room);
    const text = draft === undefined ? null : JSON.stringify(draft);
    const isTaken = writeLocal(prefix + room, text);
    void writeLarge(prefix + room, isTaken ? null : text);
  }

  function read(room: RoomId, text: string | null): void {
    try {
      const draft = text === null ? null : (JSON.parse(text) as Draft);
      const here = store.get().drafts.get(room);
      if (draft !== null && here !== undefined && here.changedAtMs >= draft.changedAtMs) return;
      keep(room, draft);
    } catch {
      // Not ours, or cut short: as if there were none.
    }
  }

  function writeAll(): void {
    for (const room of [...unwritten.keys()]) write(room);
  }
  window.addEventListener("pagehide", writeAll);
  document.addEventListener("visibilitychange", writeAll);
  onLocalChange((key, value) => {
    if (key === LEAVING && value === prefix) left = true;
    const room = Number(key.slice(prefix.length));
    if (left || !key.startsWith(prefix) || !Number.isInteger(room)) return;
    // A tab that is being typed in keeps its own text (UX 3.7.7).
    if (!unwritten.has(room)) read(room, value);
  });

  return {
    async open(owner) {
      const mine = `draft:${owner}:`;
      left = false;
      if (mine === prefix) return;
      prefix = mine;
      const held = [...store.get().drafts.keys()];
      for (const [room, text] of readLocalAll(mine)) read(Number(room), text);
      // What is in the boxes is this person's from now on, also after a reload.
      const asked = readLargeAll(mine);
      for (const room of held) write(room);
      const large = await asked;
      if (mine !== prefix) return;
      for (const [room, text] of large) read(Number(room), text);
    },
    async forget() {
      for (const stop of unwritten.values()) stop();
      unwritten.clear();
      writeLocal(LEAVING, prefix);
      for (const [room] of readLocalAll(prefix)) writeLocal(prefix + room, null);
      for (const [room] of await readLargeAll(prefix)) await writeLarge(prefix + room, null);
      writeLocal(LEAVING, null);
    },
    set(room, text, caret) {
      keep(room, text === "" ? null : { text, caret, changedAtMs: nowMs() });
      if (unwritten.has(room)) return;
      unwritten.set(
        room,
        after(WRITE_AFTER_MS, () => write(room)),
      );
    },
    sent(room, kept) {
      unwritten.get(room)?.();
      unwritten.delete(room);
      keep(room, null);
      void kept.then(() => write(room));
    },
  };
}
