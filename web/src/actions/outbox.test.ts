/** Whose messages go out, when the person at a page changes. */

import { expect, test } from "vitest";
import type { Client } from "../connection/client";
import type { Command, Refusal } from "../protocol";
import { emptyState } from "../store/store";
import { createSubscribable } from "../store/subscribable";
import { createOutbox } from "./outbox";

const [ADA, BOB] = [1, 2];

/** A house that takes what it is told and answers when it is let. */
function aPage() {
  const store = createSubscribable(emptyState());
  const said: Command[] = [];
  const answers: ((refusal?: Refusal) => void)[] = [];
  const client: Pick<Client, "ask"> = {
    ask: (command) => {
      said.push(command);
      return new Promise((done) => answers.push((refusal) => done({ refusal: refusal ?? null })));
    },
  };
  const connect = (type: "online" | "signed_out") => store.set((state) => ({ ...state, connection: { type } }));
  return { store, said, answers, connect, outbox: createOutbox(store, client) };
}

test("what one person left waiting is never sent by the next one at the same page", async () => {
  const { store, said, connect, outbox } = aPage();
  await outbox.open(ADA);
  await outbox.post(1, "in Ada's name");
  expect(said).toEqual([]);
  connect("signed_out");
  const opened = outbox.open(BOB);
  expect(store.get().pending).toEqual([]);
  connect("online");
  await opened;
  outbox.pump();
  expect(said).toEqual([]);
  await outbox.post(1, "in Bob's name");
  expect(said).toMatchObject([{ t: "post", room: 1, text: "in Bob's name" }]);
});

test("an answer that comes after its writer is gone brings nothing back", async () => {
  const { store, said, answers, connect, outbox } = aPage();
  await outbox.open(ADA);
  connect("online");
  await outbox.post(1, "in Ada's name");
  expect(said).toHaveLength(1);
  await outbox.open(BOB);
  for (const answer of answers) answer();
  await Promise.resolve();
  outbox.pump();
  expect(said).toHaveLength(1);
  expect(store.get().pending).toEqual([]);
});

test("ROOM-11: what a slow room will not take yet waits there, and keeps nothing that is meant for another", async () => {
  const { store, said, answers, connect, outbox } = aPage();
  await outbox.open(ADA);
  connect("online");
  await outbox.post(1, "too soon");
  answers.shift()?.({ code: "rate", message: "Wait.", retry_after_ms: 3_600_000 });
  await Promise.resolve();
  await Promise.resolve();
  await outbox.post(1, "and after it");
  await outbox.post(2, "elsewhere");
  expect(said.map((command) => ("text" in command ? command.text : ""))).toEqual(["too soon", "elsewhere"]);
  expect(store.get().pending.map(({ state }) => state)).toEqual(["queued", "queued", "sending"]);
  expect([...store.get().heldUntil.keys()]).toEqual([1]);
});
