/** What is found in what the page holds. */

import { expect, test } from "vitest";
import { newRoom } from "../../store/rooms";
import { aMessage, aRoomState } from "../../store/samples";
import { heldHits } from "./held";

const TALK = [
  aMessage(1, 1, 10, "The relay reloads"),
  aMessage(2, 2, 20, "a café nearby"),
  aMessage(3, 1, 30, "relay and café"),
];

function found(typed: string, only: number | null = null): string[] | null {
  const room = { ...newRoom(aRoomState()), segments: [TALK] };
  const hits = heldHits([room], typed, only);
  return hits?.map(({ words }) => words.map(({ text, mark }) => (mark === true ? `[${text}]` : text)).join("")) ?? null;
}

test("SRCH-2: what the page holds is found by parts of words, without case and accents, the newest first", () => {
  expect(found("RELO")).toEqual(["The relay [relo]ads"]);
  expect(found("cafe")).toEqual(["relay and [café]", "a [café] nearby"]);
  expect(found("cafe relay")).toEqual(["[relay] and [café]"]);
  expect(found("relay", 2)).toEqual([]);
  expect(found("nothing")).toEqual([]);
});

test("SRCH-3: what the house alone can say is left to it", () => {
  for (const typed of ["", "re", "from:ada relay", "-relay", '"the relay"', "relay a"]) expect(found(typed)).toBeNull();
});
