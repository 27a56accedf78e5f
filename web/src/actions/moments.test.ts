/** A day is found in a log by halves (UX 3.7.4). */

import { afterEach, expect, test, vi } from "vitest";
import type { Event } from "../protocol";
import { newRoom } from "../store/rooms";
import { aMessage, anEvent, aRoomState } from "../store/samples";
import { firstSince } from "./moments";

afterEach(() => vi.unstubAllGlobals());

/** A house of this log, as the page reaches it. */
function house(log: readonly Event[]): { asked: number } {
  const count = { asked: 0 };
  vi.stubGlobal("fetch", async (path: string) => {
    count.asked += 1;
    const query = new URL(path, "http://house").searchParams;
    const after = Number(query.get("after"));
    const events = log.filter(({ seq }) => seq > after).slice(0, Number(query.get("limit")));
    return Response.json({ events });
  });
  return count;
}

function aLog(length: number): readonly Event[] {
  return Array.from({ length }, (_, at) => aMessage(at + 1, 2, (at + 1) * 10));
}

async function found(log: readonly Event[], sinceMs: number, since = 1): Promise<number | null> {
  const room = newRoom(aRoomState({ head: log.length, since }));
  const outcome = await firstSince(1, room, sinceMs);
  if (!outcome.ok) throw new Error(outcome.message);
  return outcome.value;
}

test("the first message at a moment or after it is found, wherever it stands, in few questions", async () => {
  const log = aLog(1_000);
  const count = house(log);
  for (const [moment, seq] of [
    [0, 1],
    [10, 1],
    [11, 2],
    [5_000, 500],
    [10_000, 1_000],
  ] as const) {
    count.asked = 0;
    expect(await found(log, moment)).toBe(seq);
    expect(count.asked).toBeLessThanOrEqual(12);
  }
});

test("after the last message nothing is found", async () => {
  const log = aLog(100);
  house(log);
  expect(await found(log, 1_001)).toBe(null);
});

test("what is no message is passed over", async () => {
  const log = [aMessage(1, 2, 10), anEvent(2, 2, 20, { kind: "member_joined" }), aMessage(3, 2, 30)];
  house(log);
  expect(await found(log, 15)).toBe(3);
});
