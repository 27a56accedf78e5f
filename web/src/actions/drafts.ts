/** What was typed and not sent (UX 3.7.7): in memory at once, in this browser soon after, in the other tabs too. */

import { after, nowMs } from "../platform/clock";
import { onLocalChange, readLargeAll, readLocalAll, writeLarge, writeLocal } from "../platform/storage";
import type { Seq, UserId } from "../protocol";
import type { BoxId, Draft, State } from "../store/state";
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
  set(box: BoxId, text: string, caret: number): void;
  /** What is written there quotes a message; null for none. */
  quote(box: BoxId, seq: Seq | null): void;
  /** Empties a box that was sent; the copy on disk goes once `kept` says that the message is kept. */
  sent(box: BoxId, kept: Promise<void>): void;
};

/** Makes the drafts of a page. */
export function createDrafts(store: Subscribable<State>): Drafts {
  const unwritten = new Map<BoxId, () => void>();
  /** A draft is its writer's alone, so whose it is stands in its key. */
  let prefix = "draft:";
  /** They signed out in another tab: what goes from this browser then does not go from a box that is open here. */
  let left = false;

  function keep(box: BoxId, draft: Draft | null): void {
    store.set((state) => {
      const drafts = new Map(state.drafts);
      if (draft === null) drafts.delete(box);
      else drafts.set(box, draft);
      return { ...state, drafts };
    });
  }

  function write(box: BoxId): void {
    unwritten.get(box)?.();
    unwritten.delete(box);
    const draft = store.get().drafts.get(box);
    const text = draft === undefined ? null : JSON.stringify(draft);
    const isTaken = writeLocal(prefix + box, text);
    void writeLarge(prefix + box, isTaken ? null : text);
  }

  function read(box: BoxId, text: string | null): void {
    try {
      const draft = text === null ? null : (JSON.parse(text) as Draft);
      const here = store.get().drafts.get(box);
      if (draft !== null && here !== undefined && here.changedAtMs >= draft.changedAtMs) return;
      keep(box, draft);
    } catch {
      // Not ours, or cut short: as if there were none.
    }
  }

  function readAt(key: string, text: string): void {
    const box = boxFrom(key);
    if (box !== null) read(box, text);
  }

  function writeAll(): void {
    for (const box of [...unwritten.keys()]) write(box);
  }
  window.addEventListener("pagehide", writeAll);
  document.addEventListener("visibilitychange", writeAll);
  onLocalChange((key, value) => {
    if (key === LEAVING && value === prefix) left = true;
    const box = boxFrom(key.slice(prefix.length));
    if (left || !key.startsWith(prefix) || box === null) return;
    // A tab that is being typed in keeps its own text (UX 3.7.7).
    if (!unwritten.has(box)) read(box, value);
  });

  function change(box: BoxId, text: string, caret: number, quote: Seq | undefined): void {
    const draft = { text, caret, changedAtMs: nowMs(), ...(quote === undefined ? {} : { quote }) };
    keep(box, text === "" && quote === undefined ? null : draft);
    if (unwritten.has(box)) return;
    unwritten.set(
      box,
      after(WRITE_AFTER_MS, () => write(box)),
    );
  }

  return {
    async open(owner) {
      const mine = `draft:${owner}:`;
      left = false;
      if (mine === prefix) return;
      prefix = mine;
      const held = [...store.get().drafts.keys()];
      for (const [key, text] of readLocalAll(mine)) readAt(key, text);
      // What is in the boxes is this person's from now on, also after a reload.
      const asked = readLargeAll(mine);
      for (const box of held) write(box);
      const large = await asked;
      if (mine !== prefix) return;
      for (const [key, text] of large) readAt(key, text);
    },
    async forget() {
      for (const stop of unwritten.values()) stop();
      unwritten.clear();
      writeLocal(LEAVING, prefix);
      for (const [box] of readLocalAll(prefix)) writeLocal(prefix + box, null);
      for (const [box] of await readLargeAll(prefix)) await writeLarge(prefix + box, null);
      writeLocal(LEAVING, null);
    },
    set(box, text, caret) {
      const quote = store.get().drafts.get(box)?.quote;
      change(box, text, caret, quote);
    },
    quote(box, seq) {
      const { text = "", caret = 0 } = store.get().drafts.get(box) ?? {};
      change(box, text, caret, seq ?? undefined);
    },
    sent(box, kept) {
      unwritten.get(box)?.();
      unwritten.delete(box);
      keep(box, null);
      void kept.then(() => write(box));
    },
  };
}

/** The box that a key names; null where it names none. */
function boxFrom(key: string): BoxId | null {
  if (/^\d+$/.test(key)) return Number(key);
  const [, room, kind, seq] = /^(\d+)\/([te])\/(\d+)$/.exec(key) ?? [];
  return kind === "t" || kind === "e" ? `${Number(room)}/${kind}/${Number(seq)}` : null;
}
