/** Threads: opened beside their room, read, followed. */

import * as http from "../platform/http";
import { showPanel } from "../platform/location";
import type { Event, RoomId, Seq, ThreadList } from "../protocol";
import { takeStates } from "../store/facts";
import { findMessage, type Message, standsInRoom } from "../store/messages";
import { withQuoted } from "../store/rooms";
import type { Mark, State } from "../store/state";
import { changeRoom } from "../store/store";
import type { Subscribable } from "../store/subscribable";
import { newThread, takeThreadPage } from "../store/threads";
import { type Outcome, outcome } from "./outcome";
import type { Asks } from "./types";

const PAGE = 50;

export type ThreadActs = {
  /** Opens the thread about a message, beside its room. */
  openThread(at: Mark): void;
  /** Fetches the newest of the thread that is open. */
  loadThread(at: Mark): Promise<void>;
  loadOlderReplies(): Promise<void>;
  closeThread(): void;
  /** Reports that the replies up to a seq were on screen. */
  seenThread(at: Mark, seq: Seq): void;
  setFollowing(at: Mark, following: boolean): Promise<Outcome<null>>;
  /** The threads one follows, the one with the newest reply first. */
  listThreads(before: string | null): Promise<Outcome<ThreadList>>;
};

export type Threads = {
  readonly acts: ThreadActs;
  /** Marks every reply read that is counted in a room. */
  markRead(room: RoomId): Promise<void>;
  /** The room was read to its end: so were the threads of which all that is unread stands in the room as well. */
  seenInRoom(room: RoomId): void;
};

/** Makes them. */
export function createThreads(store: Subscribable<State>, asks: Asks, enterRoom: (room: RoomId) => void): Threads {
  const seen = new Map<string, Seq>();

  async function load(at: Mark, around: http.Around): Promise<void> {
    const answer = await http.thread(at.room, at.seq, around, PAGE);
    store.set((state) => {
      const { thread } = state;
      if (thread === null || thread.room !== at.room || thread.root !== at.seq) return state;
      if (!answer.ok) return { ...state, thread: { ...thread, loading: false, failed: true } };
      const page = answer.value;
      const you = state.you?.id ?? 0;
      const events = page.root === undefined ? page.replies : [page.root, ...page.replies];
      const told = changeRoom(state, at.room, (room) => ({
        ...room,
        facts: takeStates(room, events, page.states, page.state.head, you),
        quoted: withQuoted(room.quoted, page.quoted),
      }));
      return { ...told, thread: takeThreadPage(thread, page) };
    });
  }

  async function markRead(room: RoomId): Promise<void> {
    const unread = await http.unread(room);
    if (!unread.ok) return;
    const newest = new Map<Seq, Seq>();
    for (const event of unread.value.events) {
      const thread = event.kind === "message" ? event.answers?.thread : undefined;
      if (thread !== undefined) newest.set(thread, Math.max(event.seq, newest.get(thread) ?? 0));
    }
    for (const [thread, seq] of newest) await asks.done({ t: "mark_read", room, seq, thread });
  }

  function seenInRoom(room: RoomId): void {
    const { rooms, you } = store.get();
    const memory = rooms.get(room);
    if (memory === undefined) return;
    for (const { thread } of memory.facts.values()) {
      if (thread === null || !thread.following || thread.unread === 0) continue;
      const isUnread = (event: Event): event is Message =>
        event.kind === "message" &&
        event.answers?.thread === thread.thread &&
        event.seq > thread.read &&
        event.by.id !== you?.id;
      const unread = memory.segments.flat().filter(isUnread);
      const last = unread.at(-1);
      if (last !== undefined && unread.length === thread.unread && unread.every(standsInRoom))
        acts.seenThread({ room, seq: thread.thread }, last.seq);
    }
  }

  const acts: ThreadActs = {
    openThread: (at) => {
      if (store.get().current !== at.room) enterRoom(at.room);
      showPanel({ type: "thread", seq: at.seq });
    },
    async loadThread(at) {
      store.set((state) => {
        const room = state.rooms.get(at.room);
        const root = room === undefined ? null : findMessage(room.segments, at.seq);
        return { ...state, thread: newThread(at, root, room?.facts.get(at.seq)?.thread ?? null) };
      });
      await load(at, {});
    },
    async loadOlderReplies() {
      const { thread } = store.get();
      const first = thread?.replies[0]?.seq;
      if (thread === null || first === undefined || thread.loading || !thread.more) return;
      store.set((state) => (state.thread === thread ? { ...state, thread: { ...thread, loading: true } } : state));
      await load({ room: thread.room, seq: thread.root }, { before: first });
    },
    closeThread: () => store.set((state) => (state.thread === null ? state : { ...state, thread: null })),
    seenThread: ({ room, seq: thread }, seq) => {
      const key = `${room}:${thread}`;
      const known = store.get().rooms.get(room)?.facts.get(thread)?.thread;
      if (known?.following !== true || known.read >= seq || (seen.get(key) ?? 0) >= seq) return;
      seen.set(key, seq);
      void asks.done({ t: "mark_read", room, seq, thread }).then((done) => {
        if (!done.ok) seen.delete(key);
      });
    },
    setFollowing: ({ room, seq: thread }, following) =>
      asks.done({ t: following ? "follow" : "unfollow", room, thread }),
    listThreads: async (before) => outcome(await http.threads(before)),
  };
  return { acts, markRead, seenInRoom };
}
