/** Who is in the house: taken from the lobby's list, kept true by who comes and goes there. Pure. */

import type { Author, Member, RoomState, Signal, UserId } from "../protocol";
import type { Person, RoomMemory, State } from "./state";

/** The house lists no more than this; then the list says nothing of how many there are. */
const LISTED_MAX = 1_000;
/** Where more are here than this, they come and go all the time, and nobody asks again because of one of them. */
const FOLLOWED_MAX = 200;

/** The list of everybody is being asked for: who comes and goes meanwhile may have done so after it was made. */
export function askingPeople(state: State): State {
  return { ...state, comings: new Map() };
}

/** Takes the list of everybody: who is in the lobby. Nothing else tells how many are, since no event does (SIG-2). */
export function applyPeople({ comings, ...asked }: State, members: readonly Member[]): State {
  const state = { ...asked, comings: null };
  const people = new Map<UserId, Person>();
  for (const { id, name, online, house_role } of members)
    people.set(id, { id, name, online: comings?.get(id) ?? online, role: house_role });
  const lobby = [...state.rooms.values()].find((memory) => memory.state.room.kind === "lobby");
  if (lobby === undefined || members.length >= LISTED_MAX) return { ...state, people };
  const counted = { ...lobby, state: { ...lobby.state, members: members.length } };
  return { ...state, people, rooms: new Map(state.rooms).set(lobby.state.room.id, counted) };
}

/** Takes who came to the lobby and who went. Somebody who is not in the list is not put into it: their role is not known. */
export function applyComing(state: State, signal: Signal & { kind: "presence" }): State {
  const [here, gone] = [
    [...signal.joined, ...(signal.back ?? [])],
    [...signal.left, ...(signal.away ?? [])],
  ];
  if (here.length + gone.length === 0) return state;
  const people = state.people === null ? null : new Map(state.people);
  const comings = state.comings === null ? null : new Map(state.comings);
  const mark = (authors: readonly Author[], online: boolean) => {
    for (const { id, name } of authors) {
      comings?.set(id, online);
      const known = people?.get(id);
      if (known !== undefined) people?.set(id, { ...known, name, online });
    }
  };
  mark(here, true);
  mark(gone, false);
  return { ...state, people, comings };
}

/**
 * Whether a signal says more than the list can take from it: somebody new, or another count than its names explain. Who is
 * back before their absence was long is counted again and not named (SIG-2).
 */
export function isNews(state: State, signal: Signal & { kind: "presence" }): boolean {
  const { room, joined, left, away = [], back = [], online } = signal;
  if (state.people === null) return false;
  if (joined.some(({ id }) => !state.people?.has(id))) return true;
  const before = state.rooms.get(room)?.state.online ?? online;
  return online <= FOLLOWED_MAX && online !== before + joined.length + back.length - left.length - away.length;
}

/** Takes whether somebody is away on this device too: any of their devices may have said so (SIG-4). */
export function applyOwnAway(state: State, { away = [], back = [] }: Signal & { kind: "presence" }): State {
  const isYou = ({ id }: Author) => id === state.you?.id;
  if (away.some(isYou)) return { ...state, away: true };
  return back.some(isYou) ? { ...state, away: false } : state;
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
export function anyoneHere({ people, you, away }: State, { state }: RoomMemory): boolean {
  const others = (state.with ?? []).filter(({ id }) => id !== you?.id);
  const known = others.map(({ id }) => people?.get(id)?.online);
  return known.some((online) => online === true) || (known.includes(undefined) && state.online >= (away ? 1 : 2));
}

/** Whether this person is blocked: what they say is folded away. */
export function isBlocked(state: State, id: UserId): boolean {
  return state.blocked.has(id);
}
