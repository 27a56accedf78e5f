/** Whose messages go out, when the person at a page changes. */

import { expect, test } from "vitest";
import type { Client } from "../connection/client";
import type { Command } from "../protocol";
import { emptyState } from "../store/store";
import { createSubscribable } from "../store/subscribable";
import { createOutbox } from "./outbox";

const [ADA, BOB] = [1, 2];

/** A house that takes what it is told and answers when it is let. */
function aPage() {
  const store = createSubscribable(emptyState());
  const said: Command[] = [];
  const answers: (() => void)[] = [];
  const client: Pick<Client, "ask"> = {
    ask: (command) => {
      said.push(command);
      return new Promise((done) => answers.push(() => done({ refusal: null })));
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
