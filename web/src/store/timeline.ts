/** Pieces of a room's log: put together, taken apart at holes, kept to a bounded length. */

import type { Event, Seq } from "../protocol";
import type { Segment } from "./state";

/** Events of one room kept while it is shown and followed. */
const KEPT_FOLLOWING = 600;
/** Events of a room kept when another one is shown. */
const KEPT_ASIDE = 100;

/** Adds events in order of seq, anywhere; what is held already is held once. */
export function insertEvents(segments: readonly Segment[], events: readonly Event[]): readonly Segment[] {
  const first = events[0];
  if (first === undefined) return segments;
  const last = segments.at(-1);
  if (last !== undefined && events.length === 1 && first.seq === (last.at(-1)?.seq ?? 0) + 1) {
    return [...segments.slice(0, -1), [...last, first]];
  }
  const bySeq = new Map<Seq, Event>();
  for (const segment of segments) for (const event of segment) bySeq.set(event.seq, event);
  let added = false;
  for (const event of events) {
    added ||= !bySeq.has(event.seq);
    if (!bySeq.has(event.seq)) bySeq.set(event.seq, event);
  }
  return added ? split([...bySeq.values()].sort((a, b) => a.seq - b.seq)) : segments;
}

function split(events: readonly Event[]): readonly Segment[] {
  const segments: Event[][] = [];
  for (const event of events) {
    const last = segments.at(-1);
    if (last !== undefined && last.at(-1)?.seq === event.seq - 1) last.push(event);
    else segments.push([event]);
  }
  return segments;
}

/** Lets go of the oldest events of a room that is followed at its end, or is not shown. */
export function trim(segments: readonly Segment[], shown: boolean): readonly Segment[] {
  const limit = shown ? KEPT_FOLLOWING : KEPT_ASIDE;
  const held = segments.reduce((count, segment) => count + segment.length, 0);
  if (held <= limit) return segments;
  const kept: Segment[] = [];
  let room = shown ? Math.floor(limit * 0.7) : limit;
  for (const segment of [...segments].reverse()) {
    if (room === 0) break;
    const tail = segment.slice(-room);
    kept.unshift(tail);
    room -= tail.length;
  }
  return kept;
}

/** The last seq held; 0 when nothing is. */
export function lastSeq(segments: readonly Segment[]): Seq {
  return segments.at(-1)?.at(-1)?.seq ?? 0;
}

/** The first seq held; null when nothing is. */
export function firstSeq(segments: readonly Segment[]): Seq | null {
  return segments[0]?.[0]?.seq ?? null;
}

/** Whether an event is held. */
export function holds(segments: readonly Segment[], seq: Seq): boolean {
  return segments.some((segment) => (segment[0]?.seq ?? Infinity) <= seq && seq <= (segment.at(-1)?.seq ?? 0));
}
