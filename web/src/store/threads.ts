/** The thread that is open beside its room: its root and its replies, kept true by the same events as the room. Pure. */

import type { Event, ThreadPage, ThreadState } from "../protocol";
import { changedMessage, type Message, targetOf } from "./messages";
import type { Mark, OpenThread } from "./state";

/** Replies held of the open thread. */
const KEPT_MAX = 600;

export function newThread({ room, seq }: Mark, root: Message | null, state: ThreadState | null): OpenThread {
  return { room, root: seq, message: root, replies: [], more: true, loading: true, failed: false, state };
}

/** Puts in a piece of it: the newest, or what comes before those held. */
export function takeThreadPage(thread: OpenThread, page: ThreadPage): OpenThread {
  const replies = new Map<number, Message>();
  for (const event of page.replies) if (event.kind === "message") replies.set(event.seq, event);
  // What was heard meanwhile is as new as the page, or newer.
  for (const reply of thread.replies) replies.set(reply.seq, reply);
  const first = thread.replies[0]?.seq ?? Infinity;
  const isOlder = (page.replies.at(-1)?.seq ?? 0) < first;
  return {
    ...thread,
    message: page.root?.kind === "message" ? page.root : thread.message,
    replies: [...replies.values()].sort((a, b) => a.seq - b.seq),
    more: isOlder || thread.loading ? page.more : thread.more,
    loading: false,
    failed: false,
    state: page.state,
  };
}

/** What an event makes of the open thread: itself where it is about another. */
export function applyToThread(thread: OpenThread, event: Event): OpenThread {
  if (event.room !== thread.room) return thread;
  if (event.kind === "message") {
    const isNew = event.answers?.thread === thread.root && event.seq > (thread.replies.at(-1)?.seq ?? 0);
    return isNew ? { ...thread, replies: [...thread.replies, event].slice(-KEPT_MAX) } : thread;
  }
  const target = targetOf(event);
  if (target === null) return thread;
  if (target === thread.root && thread.message !== null)
    return { ...thread, message: changedMessage(thread.message, event) };
  const at = thread.replies.findIndex(({ seq }) => seq === target);
  const reply = thread.replies[at];
  return reply === undefined ? thread : { ...thread, replies: thread.replies.with(at, changedMessage(reply, event)) };
}
