/**
 * Messages on their way (UX 3.7.8): kept before they are shown, sent in order by one tab, one at a time in each room,
 * sent again with the same id until the house answers. Only a refusal that will not pass makes one "Not sent".
 */

import type { Client } from "../connection/client";
import { after, nowMs } from "../platform/clock";
import { forgetPending, keepPending, loadPending } from "../platform/storage";
import { onTabs, tellTabs, whenLeader } from "../platform/tabs";
import { uuidv7 } from "../platform/uuid";
import type { Answers, Attachment, Refusal, RoomId, Seq } from "../protocol";
import type { Pending, State } from "../store/state";
import { settle } from "../store/store";
import type { Subscribable } from "../store/subscribable";
import { strings } from "../ui/strings";

/** A message that could not be sent for this long is given back to its writer. */
const GIVEN_UP_MS = 24 * 3_600_000;
const RETRY_FIRST_MS = 1_000;
const RETRY_LONGEST_MS = 20_000;

export type Outbox = {
  /**
   * Loads what waited in this browser for this person; from now on one tab sends. What another person said leaves this
   * page's memory at once and stays kept under their own key: it is never sent in anybody else's name.
   */
  open(owner: number): Promise<void>;
  /** Resolves when the message is kept in this browser. */
  post(room: RoomId, text: string, answers?: Answers, files?: readonly Attachment[]): Promise<void>;
  retry(clientId: string): void;
  discard(clientId: string): void;
  /** Sends what can be sent now. */
  pump(): void;
};

/** Makes the outbox of a page. */
export function createOutbox(store: Subscribable<State>, client: Pick<Client, "ask">): Outbox {
  let owner = 0;
  /** Whose messages this tab sends; the lock of each is held for the life of the tab. */
  const led = new Set<number>();
  let retries = 0;

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
    const { pending, connection, heldUntil } = store.get();
    if (!led.has(owner) || connection.type !== "online") return;
    const rooms = new Set(pending.map((message) => message.room));
    for (const room of rooms) {
      // A slow room keeps nothing that is meant for another.
      if (nowMs() < (heldUntil.get(room) ?? 0)) continue;
      const next = pending.find((message) => message.room === room && isUnanswered(message));
      if (next?.state !== "queued") continue;
      if (nowMs() - next.madeAtMs > GIVEN_UP_MS) refuse(next, strings.givenUp);
      else void send(next);
    }
  }

  async function send(message: Pending): Promise<void> {
    const { clientId, room, text, answers, files = [] } = message;
    const whose = owner;
    change(clientId, { state: "sending" });
    const asked = await client.ask({
      t: "post",
      room,
      client_id: clientId,
      text,
      ...(answers === undefined ? {} : { answers }),
      ...(files.length === 0 ? {} : { files: files.map(({ id }) => id) }),
    });
    if ("reply" in asked) {
      retries = 0;
      void forgetPending(whose, clientId);
      if (asked.reply.is === "posted") {
        stored(clientId, asked.reply.seq);
        tellTabs({ type: "stored", clientId, seq: asked.reply.seq });
      }
    } else if (owner !== whose) {
      // Its writer is gone from this page; it is kept as it was, for them alone.
    } else if (asked.refusal === null || passes(asked.refusal)) {
      change(clientId, { state: "queued" });
      if (asked.refusal !== null) wait(room, asked.refusal);
    } else {
      refuse(message, asked.refusal.message);
    }
    pump();
  }

  /** It is in the log and only waits for its event: not to be sent again. */
  function stored(clientId: string, seq: Seq): void {
    change(clientId, { seq });
    store.set(settle);
  }

  function passes(refusal: Refusal): boolean {
    // Who was signed out signs in again and goes on; the others end by themselves.
    return ["rate", "busy", "store_full", "internal", "signed_out"].includes(refusal.code);
  }

  /** Refused for a passing reason: not again before. */
  function wait(room: RoomId, refusal: Refusal): void {
    const grown = Math.min(RETRY_LONGEST_MS, RETRY_FIRST_MS * 2 ** Math.min(retries, 8));
    retries += 1;
    const ms = refusal.retry_after_ms ?? grown;
    store.set((state) => ({ ...state, heldUntil: new Map(state.heldUntil).set(room, nowMs() + ms) }));
    after(ms + 5, pump);
  }

  function refuse(message: Pending, reason: string): void {
    change(message.clientId, { state: "refused", reason });
    void keep({ ...message, state: "refused", reason });
  }

  /** Writes it down and lets the other tabs read it. */
  function keep(message: Pending): Promise<void> {
    return keepPending(owner, message).then(() => tellTabs({ type: "outbox_changed" }));
  }

  /** Takes in what is kept in this browser: what another tab has said, refused, or tried again. */
  async function load(): Promise<void> {
    const whose = owner;
    const kept = await loadPending(whose);
    if (owner !== whose) return;
    store.set((state) => {
      const known = new Map(state.pending.map((pending) => [pending.clientId, pending]));
      for (const pending of kept) {
        const here = known.get(pending.clientId);
        if (here === undefined || (here.state !== "sending" && here.seq === null)) known.set(pending.clientId, pending);
      }
      return settle({ ...state, pending: [...known.values()].sort(byId) });
    });
    pump();
  }

  onTabs((word) => {
    if (word.type === "outbox_changed") void load();
    else if (word.type === "stored") stored(word.clientId, word.seq);
    else remove(word.clientId);
  });

  return {
    async open(who) {
      if (who !== owner) store.set((state) => ({ ...state, pending: [] }));
      owner = who;
      await load();
      whenLeader(who, () => {
        led.add(who);
        void load();
      });
    },
    post(room, text, answers, files = []) {
      const clientId = uuidv7();
      const message: Pending = {
        clientId,
        room,
        text,
        files,
        ...(answers === undefined ? {} : { answers }),
        madeAtMs: nowMs(),
        state: "queued",
        reason: null,
        seq: null,
      };
      // The write is on its way before the row is painted.
      const kept = keep(message);
      store.set((state) => ({ ...state, pending: [...state.pending, message] }));
      return kept.then(pump);
    },
    retry(clientId) {
      const message = store.get().pending.find((pending) => pending.clientId === clientId);
      if (message === undefined) return;
      const again: Pending = { ...message, madeAtMs: nowMs(), state: "queued", reason: null };
      change(clientId, again);
      void keep(again).then(pump);
    },
    discard(clientId) {
      remove(clientId);
      tellTabs({ type: "discarded", clientId });
      void forgetPending(owner, clientId);
    },
    pump,
  };
}

/** Neither stored nor given back to its writer. */
function isUnanswered(message: Pending): boolean {
  return message.state !== "refused" && message.seq === null;
}

function byId(a: Pending, b: Pending): number {
  return a.clientId < b.clientId ? -1 : 1;
}
