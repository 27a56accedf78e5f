/** What is done about people: talked to, blocked, reported; and who they are, asked for when somebody wants to see them. */

import { after } from "../platform/clock";
import * as http from "../platform/http";
import { onLocalChange, readLocal, writeLocal } from "../platform/storage";
import type { Author, RoomId, UserId } from "../protocol";
import { mayInHouse } from "../store/access";
import { applyPeople, askingPeople } from "../store/people";
import type { Mark, State } from "../store/state";
import type { Subscribable } from "../store/subscribable";
import { strings } from "../ui/strings";
import { type Outcome, refused } from "./outcome";
import type { Asks } from "./types";

/** Everybody is in this room, but guests. */
const LOBBY: RoomId = 1;
/** Those who come in a crowd are asked for together. */
const TOGETHER_MS = 1_000;

export type PeopleActs = {
  /** Asks who is in the house. Anyone may ask again; one question is under way at a time. */
  loadPeople(): Promise<Outcome<null>>;
  /** Goes to the direct room of the person and these others, which is made if there is none. */
  openDirect(people: readonly UserId[]): Promise<Outcome<RoomId>>;
  /** Says to everybody that one is away, until one does something, or is back. */
  setAway(away: boolean): Promise<Outcome<null>>;
  block(who: Author): Promise<Outcome<null>>;
  unblock(who: Author): Promise<Outcome<null>>;
  /** Shows a message to those who look after the house. */
  report(what: Mark, note: string): Promise<Outcome<null>>;
};

export type People = {
  readonly acts: PeopleActs;
  /** Takes what this browser knows of a person's blocks, before anything is shown to them. */
  open(you: UserId): void;
  /** A connection was made: what may have changed while there was none is asked again. */
  connected(): void;
  /** Somebody came who is not in the list. */
  news(): void;
  /** Forgets all of it in this browser. */
  forget(): void;
};

/** Makes the people of a page. */
export function createPeople(store: Subscribable<State>, asks: Asks): People {
  let under: Promise<Outcome<null>> | null = null;
  let planned = false;
  let key = "";

  function show(blocked: readonly UserId[]): void {
    store.set((state) => ({ ...state, blocked: new Set(blocked) }));
  }

  function read(text: string | null): void {
    try {
      const ids: unknown = JSON.parse(text ?? "[]");
      show(Array.isArray(ids) ? ids.filter((id) => typeof id === "number") : []);
    } catch {
      show([]);
    }
  }
  // Another tab blocked somebody.
  onLocalChange((changed, value) => changed === key && read(value));

  function keep(blocked: readonly UserId[]): void {
    show(blocked);
    writeLocal(key, blocked.length === 0 ? null : JSON.stringify(blocked));
  }

  async function loadBlocks(): Promise<void> {
    if (!mayInHouse("Block", store.get().you?.role)) return;
    const whose = key;
    const answer = await http.blocks();
    if (answer.ok && whose === key) keep(answer.value.people.map(({ id }) => id));
  }

  async function askPeople(): Promise<Outcome<null>> {
    store.set(askingPeople);
    const answer = await http.members(LOBBY);
    if (!answer.ok) return refused(answer.message);
    store.set((state) => applyPeople(state, answer.value.members));
    return { ok: true, value: null };
  }

  function loadPeople(): Promise<Outcome<null>> {
    under ??= askPeople().finally(() => {
      under = null;
    });
    return under;
  }

  async function setBlocked({ id }: Author, blocked: boolean): Promise<Outcome<null>> {
    const done = await asks.done({ t: blocked ? "block" : "unblock", user: id });
    if (done.ok) keep([...[...store.get().blocked].filter((other) => other !== id), ...(blocked ? [id] : [])]);
    return done;
  }

  return {
    acts: {
      loadPeople,
      openDirect: (people) => asks.enterBy({ t: "open_direct", people: [...people] }),
      setAway: async (away) => {
        const done = await asks.done({ t: "away", away });
        if (done.ok) asks.flash(away ? strings.nowAway : strings.nowBack);
        return done;
      },
      block: (who) => setBlocked(who, true),
      unblock: (who) => setBlocked(who, false),
      report: async ({ room, seq }, note) => {
        const done = await asks.done({ t: "report", room, seq, note });
        if (done.ok) asks.flash(strings.reported);
        return done;
      },
    },
    open(you) {
      if (key === `blocked:${you}`) return;
      key = `blocked:${you}`;
      store.set((state) => ({ ...state, people: null, comings: null }));
      read(readLocal(key));
    },
    connected() {
      void loadBlocks();
      const { people, rooms } = store.get();
      // A direct room shows whether the other is here.
      const isShown = [...rooms.values()].some(({ state }) => state.room.kind === "direct");
      if (people !== null || isShown) void loadPeople();
    },
    news() {
      if (planned) return;
      planned = true;
      after(TOGETHER_MS, () => {
        planned = false;
        void loadPeople();
      });
    },
    forget: () => writeLocal(key, null),
  };
}
