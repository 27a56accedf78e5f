/** History by HTTP: the newest page, older ones, what is missing in between. */

import * as http from "../platform/http";
import type { RoomId, Seq } from "../protocol";
import { applyPage } from "../store/rooms";
import type { RoomMemory, State } from "../store/state";
import { changeRoom, settle } from "../store/store";
import type { Subscribable } from "../store/subscribable";
import { firstSeq, holds } from "../store/timeline";

const PAGE = 50;
/** As much as the house gives at once: a gap is filled in such steps, since somebody waits for it. */
const PAGE_MAX = 200;

export type Loading = {
  newest(room: RoomId): Promise<void>;
  older(room: RoomId): Promise<void>;
  gap(room: RoomId, after: Seq): Promise<void>;
  around(room: RoomId, seq: Seq): Promise<void>;
};

/** Makes the loader of a page. One fetch a room at a time. */
export function createLoading(store: Subscribable<State>): Loading {
  /** Rooms whose newest page was asked for while something else was fetched. */
  const newestNext = new Set<RoomId>();

  async function load(
    room: RoomId,
    what: NonNullable<RoomMemory["loading"]>,
    around: http.Around,
    limit: number,
  ): Promise<boolean> {
    const before = store.get().rooms.get(room);
    if (before === undefined || before.loading !== null) return false;
    store.set((state) => changeRoom(state, room, (memory) => ({ ...memory, loading: what, failed: false })));
    const answer = await http.history(room, around, limit);
    store.set((state) => {
      const next = changeRoom(state, room, (memory) =>
        answer.ok ? applyPage(memory, answer.value, state.you?.id) : { ...memory, loading: null, failed: true },
      );
      return settle(next);
    });
    if (newestNext.delete(room)) void newest(room);
    return answer.ok;
  }

  /** The newest page; all that is unread too, where that is not too much. */
  async function newest(room: RoomId): Promise<void> {
    const memory = store.get().rooms.get(room);
    if (memory === undefined) return;
    if (memory.loading !== null) {
      newestNext.add(room);
      return;
    }
    await load(room, "newest", {}, Math.min(PAGE_MAX, PAGE + memory.state.unread));
  }

  async function gap(room: RoomId, after: Seq): Promise<void> {
    // Until the hole is closed, or a step fails or brings nothing.
    for (let from = after; ; ) {
      if (endOfHole(store.get().rooms.get(room), from) <= from + 1) return;
      if (!(await load(room, { gapAfter: after }, { after: from }, PAGE_MAX))) return;
      const segments = store.get().rooms.get(room)?.segments ?? [];
      const reached = segments.find((segment) => segment.some((event) => event.seq === from))?.at(-1)?.seq ?? from;
      if (reached === from) return;
      from = reached;
    }
  }

  return {
    newest,
    async older(room) {
      const memory = store.get().rooms.get(room);
      const first = memory === undefined ? null : firstSeq(memory.segments);
      if (memory === undefined || first === null || first <= Math.max(memory.state.since, memory.state.floor + 1))
        return;
      await load(room, "older", { before: first }, PAGE);
    },
    gap,
    async around(room, seq) {
      const memory = store.get().rooms.get(room);
      if (memory === undefined || holds(memory.segments, seq)) return;
      await load(room, "around", { around: seq }, PAGE);
    },
  };
}

/** The first seq held after a hole that begins behind `from`; what is missing at the end reaches to the cursor. */
function endOfHole(room: RoomMemory | undefined, from: Seq): Seq {
  if (room === undefined) return from;
  const next = room.segments.find((segment) => (segment[0]?.seq ?? 0) > from)?.[0]?.seq;
  return next ?? room.cursor + 1;
}
