/** Where drafts are kept, and whose they are. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { emptyState } from "../store/store";
import { createSubscribable } from "../store/subscribable";
import { createDrafts } from "./drafts";

const [ADA, BOB] = [1, 2];
const LOBBY = 1;

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

async function aPage(owner: number) {
  const store = createSubscribable(emptyState());
  const drafts = createDrafts(store);
  await drafts.open(owner);
  return { store, drafts };
}

async function textAfterReload(owner: number): Promise<string | undefined> {
  return (await aPage(owner)).store.get().drafts.get(LOBBY)?.text;
}

test("a draft that the small storage refuses leaves no older one in its place", async () => {
  const { drafts } = await aPage(ADA);
  drafts.set(LOBBY, "an older thought", 0);
  vi.advanceTimersByTime(400);
  expect(await textAfterReload(ADA)).toBe("an older thought");
  drafts.set(LOBBY, "x".repeat(6_000_000), 0);
  vi.advanceTimersByTime(400);
  expect(await textAfterReload(ADA)).toBeUndefined();
});

test("what is in the box when another person comes in at the page is there after a reload", async () => {
  const { drafts } = await aPage(ADA);
  drafts.set(LOBBY, "half a thought", 0);
  vi.advanceTimersByTime(400);
  await drafts.open(BOB);
  expect(await textAfterReload(BOB)).toBe("half a thought");
});

test("who signs out leaves no draft in this browser, and another's stays", async () => {
  const bob = await aPage(BOB);
  bob.drafts.set(LOBBY, "Bob's", 0);
  vi.advanceTimersByTime(400);
  const ada = await aPage(ADA);
  ada.drafts.set(LOBBY, "Ada's", 0);
  vi.advanceTimersByTime(400);
  ada.drafts.set(LOBBY, "Ada's, more", 0);
  await ada.drafts.forget();
  vi.advanceTimersByTime(400);
  expect(await textAfterReload(ADA)).toBeUndefined();
  expect(await textAfterReload(BOB)).toBe("Bob's");
});

test("CON-7: who signs out in another tab takes nothing out of a box that is open here, and a sent draft still goes", async () => {
  const { store, drafts } = await aPage(ADA);
  const hears = (key: string, newValue: string | null) =>
    window.dispatchEvent(new StorageEvent("storage", { key, newValue }));
  drafts.set(LOBBY, "sent elsewhere", 0);
  vi.advanceTimersByTime(400);
  hears("draft:1:1", null);
  expect(store.get().drafts.get(LOBBY)).toBeUndefined();
  drafts.set(LOBBY, "half a thought", 0);
  vi.advanceTimersByTime(400);
  hears("leaving", "draft:1:");
  hears("draft:1:1", null);
  expect(store.get().drafts.get(LOBBY)?.text).toBe("half a thought");
  await drafts.open(BOB);
  expect(await textAfterReload(BOB)).toBe("half a thought");
});
