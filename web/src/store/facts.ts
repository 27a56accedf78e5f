/**
 * What there is about messages besides their words: reactions, link cards, threads, pins, what one saved (TALK-8). Taken from pages, kept true
 * by events; a page has in it all that happened up to its head, so earlier events change nothing. Pure.
 */

import type { Author, Event, MessageState, Reaction, Seq, ThreadState, UserId } from "../protocol";
import { type Message, standsInRoom, targetOf } from "./messages";
import type { Fact, Facts, RoomMemory } from "./state";

/** Names kept with a reaction, as many as the house tells. */
const NAMES_MAX = 20;
const THREAD_PEOPLE_MAX = 5;

export const NO_FACT: Fact = { asOf: 0, reactions: [], cards: [], thread: null, pinned: false, saved: false };

/** Takes what a page says about its messages, then what happened since and is held already. */
export function takeStates(
  room: RoomMemory,
  events: readonly Event[],
  states: readonly MessageState[],
  head: Seq,
  you: UserId,
): Facts {
  const told = new Map(states.map((state) => [state.seq, state]));
  const facts = new Map(room.facts);
  const taken = new Set<Seq>();
  for (const { kind, seq } of events) {
    if (kind !== "message") continue;
    const { reactions = [], cards = [], thread = null, pinned = false, saved = false } = told.get(seq) ?? {};
    taken.add(seq);
    facts.set(seq, { asOf: head, reactions, cards, thread, pinned, saved });
  }
  let next: Facts = facts;
  for (const segment of room.segments) {
    if ((segment.at(-1)?.seq ?? 0) <= head) continue;
    for (const event of segment) if (event.seq > head) next = applyToFacts(next, event, you);
  }
  return next;
}

/** What an event makes of the facts: the same ones where it is about none of them. */
export function applyToFacts(facts: Facts, event: Event, you: UserId): Facts {
  if (event.kind === "message") {
    const thread = event.answers?.thread;
    return thread === undefined ? facts : change(facts, thread, event.seq, (fact) => replied(fact, event, thread, you));
  }
  const target = targetOf(event);
  if (target === null) return facts;
  switch (event.kind) {
    case "reacted":
      return change(facts, target, event.seq, (fact) => react(fact, event.emoji, event.by, you));
    case "unreacted":
      return change(facts, target, event.seq, (fact) => unreact(fact, event.emoji, event.by, you));
    case "pinned":
    case "unpinned":
      return change(facts, target, event.seq, (fact) => ({ ...fact, pinned: event.kind === "pinned" }));
    case "carded": {
      // What is not said is asked for.
      const { cards } = event;
      return cards === undefined ? facts : change(facts, target, event.seq, (fact) => ({ ...fact, cards }));
    }
    case "deleted":
      return change(facts, target, event.seq, (fact) => ({
        ...fact,
        reactions: [],
        cards: [],
        pinned: false,
        saved: false,
      }));
    default:
      return facts;
  }
}

function change(facts: Facts, seq: Seq, by: Seq, how: (fact: Fact) => Fact): Facts {
  const fact = facts.get(seq) ?? NO_FACT;
  if (by <= fact.asOf) return facts;
  const next = how(fact);
  return next === fact ? facts : new Map(facts).set(seq, next);
}

/** Changes what is known of one message by this person's own hand, before the house says it. */
export function changeFact(facts: Facts, seq: Seq, how: (fact: Fact) => Fact): Facts {
  return change(facts, seq, Infinity, how);
}

/** Twice is once: of those whose names are all known it is seen, of oneself it is known. */
export function react(fact: Fact, emoji: string, by: Author, you: UserId): Fact {
  const known = fact.reactions.find((reaction) => reaction.emoji === emoji);
  if (known === undefined) {
    const first: Reaction = { emoji, count: 1, mine: by.id === you, who: [by] };
    return { ...fact, reactions: [...fact.reactions, first] };
  }
  if (by.id === you ? known.mine : known.who.some(({ id }) => id === by.id)) return fact;
  const who = known.who.length < NAMES_MAX ? [...known.who, by] : known.who;
  return replaced(fact, { ...known, count: known.count + 1, mine: known.mine || by.id === you, who });
}

export function unreact(fact: Fact, emoji: string, by: Author, you: UserId): Fact {
  const known = fact.reactions.find((reaction) => reaction.emoji === emoji);
  if (known === undefined) return fact;
  const isNamed = known.who.some(({ id }) => id === by.id);
  if (by.id === you ? !known.mine : !isNamed && known.who.length === known.count) return fact;
  const who = known.who.filter(({ id }) => id !== by.id);
  return replaced(fact, { ...known, count: known.count - 1, mine: known.mine && by.id !== you, who });
}

function replaced(fact: Fact, reaction: Reaction): Fact {
  const reactions = fact.reactions.map((other) => (other.emoji === reaction.emoji ? reaction : other));
  return { ...fact, reactions: reactions.filter(({ count }) => count > 0) };
}

/** A reply came: the thread is larger, and whoever wrote it follows it from then on (THR-3). */
function replied(fact: Fact, event: Message, thread: Seq, you: UserId): Fact {
  const before = fact.thread ?? newThread(event, thread);
  if (before.last !== undefined && event.seq <= before.last.seq) return fact;
  const own = event.by.id === you;
  const following = before.following || own;
  const counts = following && !own && !standsInRoom(event);
  const people = [event.by, ...before.people.filter(({ id }) => id !== event.by.id)].slice(0, THREAD_PEOPLE_MAX);
  const next: ThreadState = {
    ...before,
    replies: before.replies + 1,
    last: event,
    people,
    following,
    unread: before.unread + (counts ? 1 : 0),
  };
  return { ...fact, thread: next };
}

/** Whether the house has said how the reader stands in a thread: where it has not, only that there are replies is known. */
export function isTold({ head }: ThreadState): boolean {
  return head > 0;
}

function newThread({ room }: Event, thread: Seq): ThreadState {
  return { room, thread, replies: 0, people: [], following: false, read: 0, unread: 0, mentions: 0, head: 0 };
}

/** Takes what the house says of a thread: it knows of everything up to its head. */
export function applyThread(room: RoomMemory, said: ThreadState): RoomMemory {
  const facts = change(room.facts, said.thread, Infinity, (fact) => ({ ...fact, thread: said }));
  return facts === room.facts ? room : { ...room, facts };
}

export function applySaved(room: RoomMemory, seq: Seq, saved: boolean): RoomMemory {
  return { ...room, facts: change(room.facts, seq, Infinity, (fact) => ({ ...fact, saved })) };
}

/** Of messages that are held no more nothing is known either. */
export function pruned(room: RoomMemory): Facts {
  const first = room.segments[0]?.[0]?.seq ?? Infinity;
  const kept = [...room.facts].filter(([seq]) => seq >= first);
  return kept.length === room.facts.size ? room.facts : new Map(kept);
}
