/** Who is in the house: taken from the lobby's list, kept true by who comes and goes there. Pure. */

import type { Author, Member, RoomState, Signal, UserId } from "../protocol";
import type { Person, RoomMemory, State } from "./state";

/** The house lists no more than this; then the list says nothing of how many there are. */
const LISTED_MAX = 1_000;

/** Takes the list of everybody: who is in the lobby. Nothing else tells how many are, since no event does (SIG-2). */
export function applyPeople(state: State, members: readonly Member[]): State {
  const people = new Map<UserId, Person>();
  for (const { id, name, online, house_role } of members) people.set(id, { id, name, online, role: house_role });
  const lobby = [...state.rooms.values()].find((memory) => memory.state.room.kind === "lobby");
  if (lobby === undefined || members.length >= LISTED_MAX) return { ...state, people };
  const counted = { ...lobby, state: { ...lobby.state, members: members.length } };
  return { ...state, people, rooms: new Map(state.rooms).set(lobby.state.room.id, counted) };
}

/** Takes who came to the lobby and who went. Somebody who is not in the list is not put into it: their role is not known. */
export function applyComing(state: State, signal: Signal & { kind: "presence" }): State {
  const { people } = state;
  if (people === null || signal.joined.length + signal.left.length === 0) return state;
  const next = new Map(people);
  const mark = (authors: readonly Author[], online: boolean) => {
    for (const { id, name } of authors) {
      const known = next.get(id);
      if (known !== undefined) next.set(id, { ...known, name, online });
    }
  };
  mark(signal.joined, true);
  mark(signal.left, false);
  return { ...state, people: next };
}

/** Whether a signal names somebody who is not in the list yet. */
export function isNews(state: State, signal: Signal & { kind: "presence" }): boolean {
  return state.people !== null && signal.joined.some(({ id }) => !state.people?.has(id));
}

/** What a direct room is called: the other, or the first names of the others; whole names where first ones are alike. */
export function nameOfDirect({ with: others = [], members }: RoomState): string {
  const only = others[0];
  if (only !== undefined && others.length === 1 && members <= 2) return only.name;
  const firsts = others.map(({ name }) => name.split(" ")[0] ?? name);
  const names = others.map(({ name }, index) => {
    const first = firsts[index] ?? name;
    return firsts.filter((other) => other === first).length > 1 ? name : first;
  });
  const more = members - 1 - others.length;
  return more > 0 ? `${names.join(", ")} +${more}` : names.join(", ");
}

/** Whether any of the others in a direct room is here now. What the list of people says comes before the room's own count. */
export function anyoneHere({ people, you }: State, { state }: RoomMemory): boolean {
  const others = (state.with ?? []).filter(({ id }) => id !== you?.id);
  const known = others.map(({ id }) => people?.get(id)?.online);
  return known.some((online) => online === true) || (known.includes(undefined) && state.online >= 2);
}

/** Whether this person is blocked: what they say is folded away. */
export function isBlocked(state: State, id: UserId): boolean {
  return state.blocked.has(id);
}
