/** What is attached: kept for its owner alone, refused where it is too much, and sent once. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Attachment } from "../protocol";
import { emptyState } from "../store/store";
import { createSubscribable } from "../store/subscribable";
import { createTray } from "./tray";

const LOBBY = 1;

beforeEach(() => {
  localStorage.clear();
  URL.createObjectURL = () => "blob:1";
  URL.revokeObjectURL = () => undefined;
  // The house: it announces each file, and takes it whole with its first part.
  vi.stubGlobal("fetch", async (path: string, init?: RequestInit) => {
    const { name, bytes } = JSON.parse(String(init?.body ?? "{}")) as { name: string; bytes: number };
    const file: Attachment = { id: `id-${name}`, name, type: "text/plain", bytes };
    const whole = { id: file.id, room: LOBBY, name, bytes, taken: bytes, file };
    return Response.json(path.endsWith("/files") ? whole : {}, { status: 201 });
  });
});
afterEach(() => vi.unstubAllGlobals());

async function aPage() {
  const store = createSubscribable(emptyState());
  const said: string[] = [];
  const tray = createTray(store, (text) => said.push(text));
  await tray.open(1);
  const rows = () => store.get().trays.get(LOBBY) ?? [];
  return { store, tray, said, rows };
}

function named(name: string, text = "words"): File {
  return new File([text], name);
}

test("T24: what is whole is taken once, and what failed stays with its reason", async () => {
  const { tray, rows } = await aPage();
  tray.attach(LOBBY, [named("a.txt"), named("empty.txt", ""), named("b.txt")]);
  await vi.waitFor(() => expect(rows().filter(({ state }) => state === "whole").length).toBe(2));
  expect(rows().map(({ name, state }) => [name, state])).toEqual([
    ["a.txt", "whole"],
    ["empty.txt", "failed"],
    ["b.txt", "whole"],
  ]);
  expect(tray.take(LOBBY).map(({ id }) => id)).toEqual(["id-a.txt", "id-b.txt"]);
  expect(tray.take(LOBBY)).toEqual([]);
  expect(rows().map(({ name }) => name)).toEqual(["empty.txt"]);
});

test("a message carries ten files, and who attaches more is told", async () => {
  const { tray, rows, said } = await aPage();
  tray.attach(
    LOBBY,
    Array.from({ length: 12 }, (_, n) => named(`${n}.txt`)),
  );
  await vi.waitFor(() => expect(rows().length).toBe(10));
  expect(said.length).toBe(1);
});

test("another person at this page sees nothing of it", async () => {
  const { tray, rows, store } = await aPage();
  tray.attach(LOBBY, [named("hers.txt")]);
  await vi.waitFor(() => expect(rows()[0]?.state).toBe("whole"));
  await tray.open(2);
  expect(store.get().trays.size).toBe(0);
  expect(tray.take(LOBBY)).toEqual([]);
});
