/** Files of this machine: kept in this browser until they are sent, and brought to the house piece by piece. */

import { createStore, del, delMany, entries, set, type UseStore } from "idb-keyval";
import type { Attachment, FileId, Problem, RoomId, Upload } from "../protocol";
import type { BoxId } from "../store/state";

/** What is kept of a file in a tray, so that it is there after a reload. */
export type KeptFile = {
  readonly room: RoomId;
  /** The box that it is attached in. */
  readonly box: BoxId;
  readonly key: string;
  readonly blob: File;
  /** What the house calls it, once it was announced. */
  readonly id: FileId | null;
  readonly file: Attachment | null;
};

let kept: UseStore | null = null;

/** A database of its own: one made by this library holds one store. */
function keptStore(): UseStore | null {
  if (kept === null && typeof indexedDB !== "undefined") kept = createStore("parlour-files", "values");
  return kept;
}

/** Keeps a file as it stands. A browser that has no room for it keeps it in memory alone. */
export async function keepFile(owner: number, file: KeptFile): Promise<void> {
  const store = keptStore();
  if (store !== null) await set(`${owner}:${file.key}`, file, store).catch(() => undefined);
}

export async function forgetFile(owner: number, key: string): Promise<void> {
  const store = keptStore();
  if (store !== null) await del(`${owner}:${key}`, store).catch(() => undefined);
}

/** Everything that one person has not sent, in the order it was attached. */
export async function loadFiles(owner: number): Promise<readonly KeptFile[]> {
  const store = keptStore();
  if (store === null) return [];
  const all = await entries<string, KeptFile>(store).catch(() => []);
  const mine = all.filter(([key]) => key.startsWith(`${owner}:`)).map(([, file]) => file);
  return mine.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Forgets everything of one person: they sign out. */
export async function forgetFiles(owner: number): Promise<void> {
  const store = keptStore();
  if (store === null) return;
  const all = await entries<string, KeptFile>(store).catch(() => []);
  const keys = all.map(([key]) => key).filter((key) => key.startsWith(`${owner}:`));
  await delMany(keys, store).catch(() => undefined);
}

/** What the house says to a part: how far the file has come, why not, or nothing at all. */
export type PartAnswer = { readonly upload: Upload } | { readonly problem: Problem } | null;

/** Brings a part, and says how much of it is on its way. Only this way of asking tells of that. */
export function bringPart(
  id: FileId,
  at: number,
  part: Blob,
  onProgress: (bytes: number) => void,
): { readonly answer: Promise<PartAnswer>; cancel(): void } {
  const request = new XMLHttpRequest();
  const answer = new Promise<PartAnswer>((resolve) => {
    request.open("POST", `/api/v1/files/${id}/part?at=${at}`);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.responseType = "json";
    request.upload.onprogress = (event) => onProgress(event.loaded);
    request.onload = () => {
      const said: unknown = request.response;
      if (said === null || typeof said !== "object") resolve(null);
      else resolve(request.status === 200 ? { upload: said as Upload } : { problem: said as Problem });
    };
    request.onerror = () => resolve(null);
    request.onabort = () => resolve(null);
    request.send(part);
  });
  return { answer, cancel: () => request.abort() };
}
