/**
 * Messages on their way (UX 3.7.8): kept before they are shown, sent in order by one tab, one at a time in each room,
 * sent again with the same id until the house answers. Only a refusal that will not pass makes one "Not sent".
 */

import type { Client } from "../connection/client";
import { after, nowMs } from "../platform/clock";
import { forgetPending, keepPending, loadPending } from "../platform/storage";
import { onTabs, tellTabs, whenLeader } from "../platform/tabs";
import { uuidv7 } from "../platform/uuid";
import type { Refusal, RoomId } from "../protocol";
import type { Pending, State } from "../store/state";
import { settleByReply } from "../store/store";
import type { Subscribable } from "../store/subscribable";
import { strings } from "../ui/strings";

/** A message that could not be sent for this long is given back to its writer. */
const GIVEN_UP_MS = 24 * 3_600_000;
const RETRY_FIRST_MS = 1_000;
const RETRY_LONGEST_MS = 20_000;

export type Outbox = {
  /** Loads what waited in this browser for this person; from now on one tab sends. */
  open(owner: number): Promise<void>;
  /** Resolves when the message is kept in this browser. */
  post(room: RoomId, text: string): Promise<void>;
  retry(clientId: string): void;
  discard(clientId: string): void;
  /** Sends what can be sent now. */
  pump(): void;
  /** A connection was lost: what was on its way will go again. */
  lost(): void;
};

/** Makes the outbox of a page. */
export function createOutbox(store: Subscribable<State>, client: Client): Outbox {
  let owner = 0;
  let leader = false;
  let retries = 0;
  /** Refused for a passing reason: not again before. */
  let notBeforeMs = 0;

  function change(clientId: string, to: Partial<Pending>): void {
    store.set((state) => ({
      ...state,
      pending: state.pending.map((pending) => (pending.clientId === clientId ? { ...pending, ...to } : pending)),
    }));
  }

  function remove(clientId: string): void {
    store.set((state) => ({ ...state, pending: state.pending.filter((pending) => pending.clientId !== clientId) }));
  }

  function pump(): void {
    const { pending, connection } = store.get();
    if (!leader || connection.type !== "online" || nowMs() < notBeforeMs) return;
    const rooms = new Set(pending.map((message) => message.room));
    for (const room of rooms) {
      const next = pending.find((message) => message.room === room && message.state !== "refused");
      if (next?.state === "queued") void send(next);
    }
  }

  async function send(message: Pending): Promise<void> {
    const { clientId, room, text } = message;
    change(clientId, { state: "sending" });
    const asked = await client.ask({ t: "post", room, client_id: clientId, text });
    if ("reply" in asked) {
      retries = 0;
      void forgetPending(owner, clientId);
      const { reply } = asked;
      if (reply.is === "posted") store.set((state) => settleByReply(state, room, clientId, reply.seq));
      sent.add(clientId);
    } else if (asked.refusal === null || passes(asked.refusal)) {
      change(clientId, { state: "queued" });
      if (asked.refusal !== null) wait(asked.refusal);
    } else {
      refuse(message, asked.refusal.message);
    }
    pump();
  }

  /** Answered, and only waiting for its event: not to be sent again. */
  const sent = new Set<string>();

  function passes(refusal: Refusal): boolean {
    return ["rate", "busy", "store_full", "internal"].includes(refusal.code);
  }

  function wait(refusal: Refusal): void {
    const grown = Math.min(RETRY_LONGEST_MS, RETRY_FIRST_MS * 2 ** Math.min(retries, 8));
    retries += 1;
    const ms = refusal.retry_after_ms ?? grown;
    notBeforeMs = nowMs() + ms;
    after(ms + 5, pump);
  }

  function refuse(message: Pending, reason: string): void {
    change(message.clientId, { state: "refused", reason });
    void keepPending(owner, { ...message, state: "refused", reason });
    tellTabs({ type: "refused", clientId: message.clientId, reason });
  }

  async function load(): Promise<void> {
    const kept = await loadPending(owner);
    const known = new Set(store.get().pending.map((pending) => pending.clientId));
    const fresh = kept.filter((pending) => !known.has(pending.clientId));
    if (fresh.length > 0) {
      const waiting = fresh.map((pending) =>
        pending.state === "sending" ? { ...pending, state: "queued" as const } : pending,
      );
      store.set((state) => ({ ...state, pending: [...state.pending, ...waiting].sort(byId) }));
    }
    for (const pending of store.get().pending) {
      if (pending.state === "queued" && nowMs() - pending.madeAtMs > GIVEN_UP_MS) refuse(pending, strings.givenUp);
    }
    pump();
  }

  onTabs((word) => {
    if (word.type === "outbox_changed") void load();
    else change(word.clientId, { state: "refused", reason: word.reason });
  });

  return {
    async open(who) {
      owner = who;
      await load();
      whenLeader(owner, () => {
        leader = true;
        void load();
      });
    },
    post(room, text) {
      const message: Pending = { clientId: uuidv7(), room, text, madeAtMs: nowMs(), state: "queued", reason: null };
      // Kept first: the write is on its way before the row is painted, and nothing is sent before it is kept.
      const kept = keepPending(owner, message);
      store.set((state) => ({ ...state, pending: [...state.pending, message] }));
      return kept.then(() => {
        tellTabs({ type: "outbox_changed" });
        pump();
      });
    },
    retry(clientId) {
      const message = store.get().pending.find((pending) => pending.clientId === clientId);
      if (message === undefined) return;
      change(clientId, { state: "queued", reason: null });
      void keepPending(owner, { ...message, state: "queued", reason: null });
      pump();
    },
    discard(clientId) {
      remove(clientId);
      void forgetPending(owner, clientId);
    },
    pump,
    lost() {
      for (const pending of store.get().pending) {
        if (pending.state === "sending" && !sent.has(pending.clientId)) change(pending.clientId, { state: "queued" });
      }
    },
  };
}

function byId(a: Pending, b: Pending): number {
  return a.clientId < b.clientId ? -1 : 1;
}
