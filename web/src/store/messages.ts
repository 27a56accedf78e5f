/** What later events do to a message that is held: other words, no words. Each is safe to apply again (TALK-1, TALK-3). Pure. */

import type { Answers, Event, Seq } from "../protocol";
import type { Segment } from "./state";

export type Message = Event & { kind: "message" };

/** Whether it stands in the room itself, and not in a thread alone (THR-1). */
export function standsInRoom({ answers }: { readonly answers?: Answers }): boolean {
  return answers?.thread === undefined || answers.also_in_room === true;
}

/** The message that an event is about; null where it is about none. */
export function targetOf(event: Event): Seq | null {
  return "target" in event ? event.target : null;
}

/** A message as it is after an event: itself where that changes nothing in it. */
export function changedMessage(message: Message, event: Event): Message {
  if (message.deleted !== undefined) return message;
  if (event.kind === "deleted") return emptied(message, event);
  if (event.kind !== "edited" || event.text === undefined || event.seq <= (message.edited?.seq ?? 0)) return message;
  const { tree: _, mentions: __, ...kept } = message;
  return {
    ...kept,
    text: event.text,
    edited: { seq: event.seq, at: event.at },
    ...(event.tree === undefined ? {} : { tree: event.tree }),
    ...(event.mentions === undefined ? {} : { mentions: event.mentions }),
  };
}

function emptied(message: Message, event: Event): Message {
  const { tree: _, mentions: __, files: ___, ...kept } = message;
  return { ...kept, text: "", deleted: { seq: event.seq, at: event.at, by: event.by } };
}

/** Changes one held message, wherever it stands. */
export function changeMessage(
  segments: readonly Segment[],
  seq: Seq,
  change: (message: Message) => Message,
): readonly Segment[] {
  const at = segments.findIndex((segment) => (segment[0]?.seq ?? Infinity) <= seq && seq <= (segment.at(-1)?.seq ?? 0));
  const segment = segments[at];
  const first = segment?.[0];
  if (segment === undefined || first === undefined) return segments;
  // A segment has no holes, so that an event stands where its seq says.
  const message = segment[seq - first.seq];
  if (message?.kind !== "message") return segments;
  const next = change(message);
  if (next === message) return segments;
  return segments.with(at, segment.with(seq - first.seq, next));
}

/** A held message; null where it is not held. */
export function findMessage(segments: readonly Segment[], seq: Seq): Message | null {
  for (const segment of segments) {
    const first = segment[0];
    if (first === undefined || seq < first.seq || seq > (segment.at(-1)?.seq ?? 0)) continue;
    const found = segment[seq - first.seq];
    return found?.kind === "message" ? found : null;
  }
  return null;
}
