/** History by HTTP: the newest page, older ones, what is missing in between. */

import * as http from "../platform/http";
import type { RoomId, Seq } from "../protocol";
import { applyPage } from "../store/rooms";
import type { RoomMemory, State } from "../store/state";
import { changeRoom, settle } from "../store/store";
import type { Subscribable } from "../store/subscribable";
import { firstSeq, holds } from "../store/timeline";

const PAGE = 50;
/** A gap is filled in larger steps: somebody waits for it. */
const GAP_PAGE = 200;

export type Loading = {
  newest(room: RoomId): Promise<void>;
  older(room: RoomId): Promise<void>;
  gap(room: RoomId, after: Seq): Promise<void>;
  around(room: RoomId, seq: Seq): Promise<void>;
};

/** Makes the loader of a page. One fetch a room at a time. */
export function createLoading(store: Subscribable<State>): Loading {
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
        answer.ok ? applyPage(memory, answer.value) : { ...memory, loading: null, failed: true },
      );
      return settle(next);
    });
    return answer.ok;
  }

  async function gap(room: RoomId, after: Seq): Promise<void> {
    // Until the hole is closed, or a step fails.
    for (let from = after; ; ) {
      const memory = store.get().rooms.get(room);
      const next = memory?.segments.find((segment) => (segment[0]?.seq ?? 0) > from)?.[0]?.seq;
      if (next === undefined || next === from + 1) return;
      if (!(await load(room, { gapAfter: after }, { after: from }, GAP_PAGE))) return;
      const reached = store
        .get()
        .rooms.get(room)
        ?.segments.find((segment) => segment.some((event) => event.seq === from));
      const last = reached?.at(-1)?.seq ?? from;
      if (last === from) return;
      from = last;
      const follows = store
        .get()
        .rooms.get(room)
        ?.segments.some((segment) => (segment[0]?.seq ?? 0) > from);
      if (follows !== true) return;
    }
  }

  return {
    async newest(room) {
      await load(room, "newest", {}, PAGE);
    },
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
