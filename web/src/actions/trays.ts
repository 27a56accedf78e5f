/**
 * What is attached and not sent (T14, T24): in memory at once, in this browser as far as it lets, at the house as soon as it
 * comes. Nothing is said before its writer says it. A chunk of its own, fetched with the first file.
 */

import { forgetFile, forgetFiles, type KeptFile, keepFile, loadFiles } from "../platform/files";
import { readLocal, writeLocal } from "../platform/storage";
import { uuidv7 } from "../platform/uuid";
import type { RoomId } from "../protocol";
import type { BoxId, State, TrayFile } from "../store/state";
import type { Subscribable } from "../store/subscribable";
import { fileStrings } from "../ui/strings/files";
import type { Bringer } from "./bringing";
import type { Tray } from "./tray";

/** As the house has them (docs/LIMITS.md). */
const FILE_BYTES_MAX = 256 * 1024 * 1024;
const FILES_PER_MESSAGE_MAX = 10;

/** Makes the trays of a page. */
export function createTrays(store: Subscribable<State>, say: (text: string) => void): Tray {
  let owner = 0;
  const kept = new Map<string, KeptFile>();
  let bringer: Promise<Bringer> | null = null;

  function rows(box: BoxId): readonly TrayFile[] {
    return store.get().trays.get(box) ?? [];
  }

  function put(box: BoxId, files: readonly TrayFile[]): void {
    store.set((state) => {
      const trays = new Map(state.trays);
      if (files.length === 0) trays.delete(box);
      else trays.set(box, files);
      return { ...state, trays };
    });
    // Whether the next page of this browser has to look for files at all.
    writeLocal(`files:${owner}`, store.get().trays.size > 0 ? "1" : null);
  }

  function change(box: BoxId, key: string, to: Partial<TrayFile>): void {
    if (!rows(box).some((file) => file.key === key)) return;
    put(
      box,
      rows(box).map((file) => (file.key === key ? { ...file, ...to } : file)),
    );
  }

  function remove(box: BoxId, key: string): void {
    const preview = rows(box).find((file) => file.key === key)?.preview;
    if (preview) URL.revokeObjectURL(preview);
    put(
      box,
      rows(box).filter((file) => file.key !== key),
    );
    kept.delete(key);
    void forgetFile(owner, key);
  }

  function keep(file: KeptFile): void {
    kept.set(file.key, file);
    void keepFile(owner, file);
  }

  function bring(key: string): void {
    bringer ??= import("./bringing").then(({ createBringer }) =>
      createBringer({
        find: (wanted) => kept.get(wanted) ?? null,
        keep,
        change: (wanted, to) => {
          const file = kept.get(wanted);
          if (file !== undefined) change(file.box, wanted, to);
        },
      }),
    );
    const box = kept.get(key)?.box;
    bringer.then(
      (ready) => ready.bring(key),
      () => {
        // It is asked for again with the next file, or by hand.
        bringer = null;
        if (box !== undefined) change(box, key, { state: "failed", reason: fileStrings.notFetched, again: true });
      },
    );
  }

  function row(file: KeptFile): TrayFile {
    const { key, blob } = file;
    const preview = blob.type.startsWith("image/") ? URL.createObjectURL(blob) : null;
    const shown = { key, name: blob.name, bytes: blob.size, sent: 0, preview, file: file.file };
    return { ...shown, state: "waiting", reason: null, again: false };
  }

  /** Why the house would not take a file, said before a byte is sent. */
  function fault(file: File): string | null {
    if (file.size === 0) return fileStrings.empty;
    return file.size > FILE_BYTES_MAX ? fileStrings.tooLarge : null;
  }

  return {
    async open(who) {
      if (who === owner) return;
      for (const file of kept.values()) void bringer?.then((ready) => ready.leave(file.key));
      kept.clear();
      owner = who;
      store.set((state) => ({ ...state, trays: new Map() }));
      if (readLocal(`files:${who}`) === null) return;
      const files = await loadFiles(who);
      if (owner !== who) return;
      for (const file of files) {
        kept.set(file.key, file);
        put(file.box, [...rows(file.box), row(file)]);
        // Also one that was whole: the house lets go of what is not sent for a day.
        bring(file.key);
      }
    },
    async forget() {
      writeLocal(`files:${owner}`, null);
      await forgetFiles(owner);
    },
    attach(box, files) {
      const free = FILES_PER_MESSAGE_MAX - rows(box).filter((file) => file.state !== "failed").length;
      if (files.length > free) say(fileStrings.tooMany(FILES_PER_MESSAGE_MAX));
      for (const blob of files.slice(0, Math.max(0, free))) {
        const file: KeptFile = { room: roomOf(box), box, key: uuidv7(), blob, id: null, file: null };
        const reason = fault(blob);
        if (reason !== null) {
          put(box, [...rows(box), { ...row(file), state: "failed", reason }]);
          continue;
        }
        put(box, [...rows(box), row(file)]);
        keep(file);
        bring(file.key);
      }
    },
    cancel(box, key) {
      const id = kept.get(key)?.id ?? null;
      if (bringer !== null) void bringer.then((ready) => ready.cancel(key, id));
      // It came whole in an earlier page, and nothing was brought in this one.
      else if (id !== null) void import("./bringing").then(({ letGo }) => letGo(id));
      remove(box, key);
    },
    retry(box, key) {
      change(box, key, { state: "waiting", reason: null, again: false });
      bring(key);
    },
    take(box) {
      const whole = rows(box).filter((file) => file.state === "whole");
      for (const { key } of whole) remove(box, key);
      return whole.flatMap(({ file }) => (file === null ? [] : [file]));
    },
    putBack(box, files) {
      const back = files.map((file): TrayFile => {
        const { id: key, name, bytes } = file;
        return { key, name, bytes, sent: bytes, state: "whole", reason: null, again: false, preview: null, file };
      });
      put(box, [...back, ...rows(box)]);
    },
  };
}

/** The room that a box is in. */
function roomOf(box: BoxId): RoomId {
  return typeof box === "number" ? box : Number(box.split("/")[0]);
}
