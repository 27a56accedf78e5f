/** Which message was the first at or after a moment: asked of the log by halves, since its times rise with its seqs. */

import * as http from "../platform/http";
import type { RoomId, Seq } from "../protocol";
import type { RoomMemory } from "../store/state";
import { strings } from "../ui/strings";
import { type Outcome, refused } from "./outcome";

/** A log of a billion events is halved so often. */
const STEPS_MAX = 30;
/** Events looked through for a message once the place is found. */
const NEAR = 50;

/** Null when nothing was said since. */
export async function firstSince(room: RoomId, memory: RoomMemory, sinceMs: number): Promise<Outcome<Seq | null>> {
  let before = Math.max(memory.state.since, memory.state.floor + 1) - 1;
  let from = memory.state.head + 1;
  // `before` is earlier than the moment, or where the log begins; `from` is not earlier, or behind its end.
  for (let step = 0; step < STEPS_MAX && from - before > 1; step += 1) {
    const middle = before + Math.floor((from - before) / 2);
    const answer = await http.history(room, { after: middle - 1 }, 1);
    if (!answer.ok) return refused(answer.message);
    const event = answer.value.events[0];
    if (event === undefined || event.at >= sinceMs) from = Math.min(from - 1, event?.seq ?? from - 1, middle);
    else before = Math.max(middle, event.seq);
  }
  return messageFrom(room, from);
}

/** The first message at a seq or after it. */
async function messageFrom(room: RoomId, seq: Seq): Promise<Outcome<Seq | null>> {
  const answer = await http.history(room, { after: seq - 1 }, NEAR);
  if (!answer.ok) return refused(answer.message || strings.unreachable);
  const found = answer.value.events.find(({ kind }) => kind === "message") ?? answer.value.events[0];
  return { ok: true, value: found?.seq ?? null };
}
