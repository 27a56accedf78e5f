/**
 * What survives a reload. The outbox is in IndexedDB, since a message must be kept before it is shown; small things of
 * this browser (drafts, theme) are in localStorage, which tabs hear of by themselves. Without either, memory has to do.
 */

import { createStore, del, entries, set, type UseStore } from "idb-keyval";
import type { Pending } from "../store/state";

let outbox: UseStore | null = null;

function outboxStore(): UseStore | null {
  if (outbox === null && typeof indexedDB !== "undefined") outbox = createStore("parlour", "outbox");
  return outbox;
}

/** Keeps a message until it is sent. Resolves when it is kept, or cannot be. */
export async function keepPending(owner: number, pending: Pending): Promise<void> {
  const store = outboxStore();
  if (store !== null) await set(`${owner}:${pending.clientId}`, pending, store).catch(() => undefined);
}

/** Forgets a message that was sent or given up. */
export async function forgetPending(owner: number, clientId: string): Promise<void> {
  const store = outboxStore();
  if (store !== null) await del(`${owner}:${clientId}`, store).catch(() => undefined);
}

/** Everything of one person that waits, in the order it was written. */
export async function loadPending(owner: number): Promise<readonly Pending[]> {
  const store = outboxStore();
  if (store === null) return [];
  const all = await entries<string, Pending>(store).catch(() => []);
  const mine = all.filter(([key]) => key.startsWith(`${owner}:`)).map(([, pending]) => pending);
  return mine.sort((a, b) => (a.clientId < b.clientId ? -1 : 1));
}

/** Reads a small value; null when there is none or no storage. */
export function readLocal(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Every small value whose key begins so, by the rest of its key. */
export function readLocalAll(prefix: string): readonly (readonly [string, string])[] {
  try {
    const mine = Object.entries(localStorage).filter(([key]) => key.startsWith(prefix));
    return mine.map(([key, value]) => [key.slice(prefix.length), String(value)]);
  } catch {
    return [];
  }
}

/** Writes a small value, or removes it. */
export function writeLocal(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // A full or forbidden storage costs the copy, never the typing.
  }
}

/** Hears of small values that other tabs write. */
export function onLocalChange(call: (key: string, value: string | null) => void): void {
  window.addEventListener("storage", (event) => {
    if (event.key !== null) call(event.key, event.newValue);
  });
}
