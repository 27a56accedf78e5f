/** What is done about messages that are stored: other words, no words, reactions, pins, and what one keeps for oneself. */

import { after, nowMs } from "../platform/clock";
import * as http from "../platform/http";
import type { Edit, MessageList, NotifyLevel, RoomId, Seq } from "../protocol";
import { changeFact, react, takeStates, unreact } from "../store/facts";
import { changeMessage, findMessage, type Message } from "../store/messages";
import { withQuoted } from "../store/rooms";
import type { Fact, Mark, RoomMemory, State } from "../store/state";
import { changeRoom } from "../store/store";
import type { Subscribable } from "../store/subscribable";
import { inOneForm } from "../ui/emoji";
import { type Outcome, outcome } from "./outcome";
import type { Asks } from "./types";

/** A deletion can be taken back for so long: the house has no undoing (TALK-3). */
const UNDO_MS = 10_000;
/** Messages of one room asked for together. */
const TOGETHER_MAX = 100;

export type MessageActs = {
  /** Opens the row of an own message for editing; null closes it. What was typed and not saved stays. */
  startEdit(at: Mark | null): void;
  /** Puts other words in the place of those of an own message. */
  edit(at: Mark, text: string): Promise<Outcome<null>>;
  /** Every form of words it had, the first one first. */
  listEdits(at: Mark): Promise<Outcome<readonly Edit[]>>;
  /** Deletes a message after a while in which it can be undone. */
  deleteMessage(at: Mark): void;
  undoDelete(at: Mark): void;
  /** Adds a reaction, or takes one's own back: shown at once, taken back when it is refused. */
  toggleReaction(at: Mark, emoji: string): void;
  /** Takes the link cards of an own message away, for everyone. */
  removeCards(at: Mark): Promise<void>;
  setPinned(at: Mark, pinned: boolean): Promise<Outcome<null>>;
  setSaved(at: Mark, saved: boolean): Promise<Outcome<null>>;
  /** Says what of a room counts as unread. */
  setNotify(room: RoomId, level: NotifyLevel): Promise<Outcome<null>>;
  listPins(room: RoomId): Promise<Outcome<MessageList>>;
  listSaved(before: number | null): Promise<Outcome<MessageList>>;
  /** Exactly the messages that the count of a room counts. */
  listUnread(room: RoomId): Promise<Outcome<MessageList>>;
};

export type Messages = {
  readonly acts: MessageActs;
  /** Asks for some messages of a room that are quoted, or changed without saying how. */
  load(room: RoomId, seqs: readonly Seq[]): Promise<void>;
};

/** By what a message that is about to go is known. */
export function markKey({ room, seq }: Mark): string {
  return `${room}:${seq}`;
}

/** Makes them. */
export function createMessages(store: Subscribable<State>, asks: Asks): Messages {
  const waiting = new Map<string, { readonly at: Mark; readonly stop: () => void }>();

  function change(room: RoomId, how: (memory: RoomMemory) => RoomMemory): void {
    store.set((state) => changeRoom(state, room, how));
  }

  function setFact({ room, seq }: Mark, how: (fact: Fact) => Fact): void {
    change(room, (memory) => ({ ...memory, facts: changeFact(memory.facts, seq, how) }));
  }

  function setDeleting(at: Mark, on: boolean): void {
    store.set((state) => {
      const deleting = new Set(state.deleting);
      if (on) deleting.add(markKey(at));
      else deleting.delete(markKey(at));
      return { ...state, deleting };
    });
  }

  async function deleteNow(at: Mark): Promise<void> {
    waiting.get(markKey(at))?.stop();
    waiting.delete(markKey(at));
    const done = await asks.done({ t: "delete", ...at });
    if (!done.ok) asks.flash(done.message);
    setDeleting(at, false);
  }
  // Whoever leaves the page meant what they said.
  window.addEventListener("pagehide", () => {
    for (const { at } of waiting.values()) void deleteNow(at);
  });

  async function edit(at: Mark, text: string): Promise<Outcome<null>> {
    const done = await asks.done({ t: "edit", ...at, text });
    if (!done.ok) return done;
    // Its event may be a frame away: the old words are not shown once more.
    change(at.room, (memory) => ({
      ...memory,
      segments: changeMessage(memory.segments, at.seq, (message) => reworded(message, text)),
    }));
    return done;
  }

  async function toggleReaction(at: Mark, sign: string): Promise<void> {
    // A kind that is there already is meant as it is there.
    const there = store.get().rooms.get(at.room)?.facts.get(at.seq)?.reactions ?? [];
    const emoji = there.some((reaction) => reaction.emoji === sign) ? sign : inOneForm(sign);
    const { you, rooms } = store.get();
    const known = rooms
      .get(at.room)
      ?.facts.get(at.seq)
      ?.reactions.find((reaction) => reaction.emoji === emoji);
    if (you === null) return;
    const adds = known?.mine !== true;
    const by = { id: you.id, name: you.name };
    const put = (fact: Fact) => react(fact, emoji, by, you.id);
    const take = (fact: Fact) => unreact(fact, emoji, by, you.id);
    setFact(at, adds ? put : take);
    const done = await asks.done({ t: adds ? "react" : "unreact", ...at, emoji });
    if (done.ok) return;
    setFact(at, adds ? take : put);
    asks.flash(done.message);
  }

  /** Gone at once, and there again when it is refused. */
  async function removeCards(at: Mark): Promise<void> {
    const cards = store.get().rooms.get(at.room)?.facts.get(at.seq)?.cards ?? [];
    setFact(at, (fact) => ({ ...fact, cards: [] }));
    const done = await asks.done({ t: "remove_cards", ...at });
    if (done.ok) return;
    setFact(at, (fact) => ({ ...fact, cards }));
    asks.flash(done.message);
  }

  /** Shown at once, and as it was before when it is refused. */
  async function set(at: Mark, what: "pinned" | "saved", on: boolean): Promise<Outcome<null>> {
    const command = what === "pinned" ? (on ? "pin" : "unpin") : on ? "save" : "unsave";
    setFact(at, (fact) => ({ ...fact, [what]: on }));
    const done = await asks.done({ t: command, ...at });
    if (done.ok) return done;
    setFact(at, (fact) => ({ ...fact, [what]: !on }));
    asks.flash(done.message);
    return done;
  }

  return {
    acts: {
      startEdit: (editing) => store.set((state) => ({ ...state, editing })),
      edit,
      listEdits: async ({ room, seq }) => outcome(await http.edits(room, seq), ({ edits }) => edits),
      deleteMessage: (at) => {
        setDeleting(at, true);
        waiting.set(markKey(at), { at, stop: after(UNDO_MS, () => void deleteNow(at)) });
      },
      undoDelete: (at) => {
        waiting.get(markKey(at))?.stop();
        waiting.delete(markKey(at));
        setDeleting(at, false);
      },
      toggleReaction: (at, emoji) => void toggleReaction(at, emoji),
      removeCards,
      setPinned: (at, pinned) => set(at, "pinned", pinned),
      setSaved: (at, saved) => set(at, "saved", saved),
      setNotify: async (room, level) => {
        const done = await asks.done({ t: "set_notify", room, level });
        if (done.ok) change(room, (memory) => ({ ...memory, state: { ...memory.state, notify: level } }));
        return done;
      },
      listPins: async (room) => outcome(await http.pins(room)),
      listSaved: async (before) => outcome(await http.saved(before)),
      listUnread: async (room) => outcome(await http.unread(room)),
    },
    async load(room, seqs) {
      const asOf = store.get().rooms.get(room)?.cursor ?? 0;
      const answer = await http.messages(room, seqs.slice(0, TOGETHER_MAX));
      if (!answer.ok) return;
      change(room, (memory) => takeMessages(memory, seqs, answer.value, asOf, store.get().you?.id ?? 0));
    },
  };
}

function reworded(message: Message, text: string): Message {
  if (message.text === text) return message;
  const { tree: _, mentions: __, ...kept } = message;
  return { ...kept, text, edited: { seq: message.edited?.seq ?? message.seq, at: nowMs() } };
}

/** Puts in messages as the house has them now: those held change, the others are there to be quoted, or known not to be. */
function takeMessages(memory: RoomMemory, seqs: readonly Seq[], list: MessageList, asOf: Seq, you: number): RoomMemory {
  let { segments } = memory;
  const others: typeof list.events = [];
  for (const event of list.events) {
    if (event.kind !== "message") continue;
    if (findMessage(segments, event.seq) === null) others.push(event);
    else segments = changeMessage(segments, event.seq, () => event);
  }
  const quoted = new Map(withQuoted(memory.quoted, others));
  for (const seq of seqs)
    if (!list.events.some((event) => event.seq === seq) && findMessage(segments, seq) === null) quoted.set(seq, null);
  const facts = takeStates(memory, list.events, list.states, asOf, you);
  return { ...memory, segments, quoted, facts };
}
