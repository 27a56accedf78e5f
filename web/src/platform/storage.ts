/**
 * What survives a reload. The outbox is in IndexedDB, since a message must be kept before it is shown; small things of
 * this browser (drafts, theme) are in localStorage, which tabs hear of by themselves; a draft that it refuses is in
 * IndexedDB too. Without either, memory has to do.
 */

import { createStore, del, entries, set, type UseStore } from "idb-keyval";
import type { Pending } from "../store/state";

let outbox: UseStore | null = null;
let large: UseStore | null = null;

function outboxStore(): UseStore | null {
  if (outbox === null && typeof indexedDB !== "undefined") outbox = createStore("parlour", "outbox");
  return outbox;
}

/** A database of its own: one made by this library holds one store. */
function largeStore(): UseStore | null {
  if (large === null && typeof indexedDB !== "undefined") large = createStore("parlour-large", "values");
  return large;
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

/** Writes a small value, or removes it. False when it is refused: then no older value is left in its place. */
export function writeLocal(key: string, value: string | null): boolean {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
    return true;
  } catch {
    if (value !== null) writeLocal(key, null);
    return false;
  }
}

/** Keeps, or with null forgets, a value that is too large for the small ones. */
export async function writeLarge(key: string, value: string | null): Promise<void> {
  const store = largeStore();
  if (store === null) return;
  await (value === null ? del(key, store) : set(key, value, store)).catch(() => undefined);
}

/** Every large value whose key begins so, by the rest of its key. */
export async function readLargeAll(prefix: string): Promise<readonly (readonly [string, string])[]> {
  const store = largeStore();
  if (store === null) return [];
  const all = await entries<string, string>(store).catch(() => []);
  return all.filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value]);
}

/** Hears of small values that other tabs write. */
export function onLocalChange(call: (key: string, value: string | null) => void): void {
  window.addEventListener("storage", (event) => {
    if (event.key !== null) call(event.key, event.newValue);
  });
}
