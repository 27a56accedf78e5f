/** What the switcher offers for what was typed (UX 3.5 H). Pure. */

import type { ListedRoom, Role, RoomId } from "../../protocol";
import { mayInHouse } from "../../store/access";
import { roomsInOrder } from "../../store/selectors";
import type { Person, RoomMemory, State } from "../../store/state";
import { type Fit, fitOf, folded } from "../../ui/fit";
import type { Command } from "./commands";

/** As many as are seen at once. */
export const ENTRIES_MAX = 8;

export type Entry =
  | { readonly type: "room"; readonly key: string; readonly room: RoomMemory }
  /** An open room that one is not in yet. */
  | { readonly type: "listed"; readonly key: string; readonly listed: ListedRoom }
  | { readonly type: "person"; readonly key: string; readonly person: Person }
  | { readonly type: "command"; readonly key: string; readonly command: Command }
  /** Nothing is called so: a room may be made that is. */
  | { readonly type: "make"; readonly key: string; readonly name: string };

export type Known = Pick<State, "rooms" | "current" | "you" | "people" | "visited"> & {
  readonly listed: readonly ListedRoom[];
  readonly commands: readonly Command[];
};

type Ranked = { readonly entry: Entry; readonly fit: Fit; readonly unread: boolean; readonly visit: number };

/** The entries in the order in which they are offered. `@` asks for people, `#` for rooms, `>` for commands. */
export function entriesFor(text: string, known: Known): readonly Entry[] {
  const [sign, rest] = signed(text);
  const wanted = folded(rest.trim());
  if (sign === "" && wanted === "") return beforeTyping(known);
  const ranked: Ranked[] = [];
  if (sign === "" || sign === "#" || sign === "@") ranked.push(...rooms(known, wanted, sign));
  if (sign === "" || sign === "#") ranked.push(...others(known, wanted));
  if (sign === "" || sign === "@") ranked.push(...people(known, wanted, sign === ""));
  if (sign === ">") ranked.push(...commands(known, wanted));
  const found = ranked.sort(byRank).slice(0, ENTRIES_MAX);
  if (found.length > 0) return found.map(({ entry }) => entry);
  const mayMake = sign !== ">" && sign !== "@" && mayInHouse("CreateRoom", known.you?.role);
  return mayMake && rest.trim() !== "" ? [{ type: "make", key: "make", name: rest.trim() }] : [];
}

function signed(text: string): readonly [string, string] {
  const sign = /^[@#>]/.exec(text.trimStart())?.[0] ?? "";
  return [sign, sign === "" ? text : text.trimStart().slice(1)];
}

/** What waits, then where one was last; the room on screen is not gone to. Enter alone is the room before. */
function beforeTyping({ rooms, current, visited }: Known): readonly Entry[] {
  const visit = (id: RoomId) => (visited.indexOf(id) < 0 ? visited.length : visited.indexOf(id));
  const meant = ({ state }: RoomMemory) => state.mentions > 0 || (state.room.kind === "direct" && state.unread > 0);
  return roomsInOrder({ rooms })
    .filter(({ state }) => state.room.id !== current)
    .sort((a, b) => Number(meant(b)) - Number(meant(a)) || visit(a.state.room.id) - visit(b.state.room.id))
    .slice(0, ENTRIES_MAX)
    .map(roomEntry);
}

function roomEntry(room: RoomMemory): Entry {
  return { type: "room", key: `room-${room.state.room.id}`, room };
}

function rooms(known: Known, wanted: string, sign: string): readonly Ranked[] {
  const found: Ranked[] = [];
  for (const room of known.rooms.values()) {
    const { room: of, unread } = room.state;
    if (sign === "#" && of.kind === "direct") continue;
    // A talk of two is found as the other person; a larger one has no other name than theirs.
    if (sign === "@" && (of.kind !== "direct" || room.state.members <= 2)) continue;
    const how = fitOf(folded(of.name), wanted);
    const visit = known.visited.indexOf(of.id);
    if (how !== null)
      found.push({ entry: roomEntry(room), fit: how, unread: unread > 0, visit: visit < 0 ? Infinity : visit });
  }
  return found;
}

function others({ listed, rooms }: Known, wanted: string): readonly Ranked[] {
  const found: Ranked[] = [];
  for (const one of listed) {
    const how = rooms.has(one.room.id) ? null : fitOf(folded(one.room.name), wanted);
    const entry: Entry = { type: "listed", key: `listed-${one.room.id}`, listed: one };
    if (how !== null) found.push({ entry, fit: how, unread: false, visit: Infinity });
  }
  return found;
}

/** Those one may write to. Who has a room of two with the reader already is found as that room, where rooms are offered. */
function people({ people, rooms, you }: Known, wanted: string, besideRooms: boolean): readonly Ranked[] {
  if (people === null || !mayInHouse("OpenDirect", you?.role)) return [];
  const talked = new Set<number>();
  for (const { state } of rooms.values()) {
    const only = state.room.kind === "direct" && state.members <= 2 ? state.with?.[0] : undefined;
    if (only !== undefined && besideRooms) talked.add(only.id);
  }
  const found: Ranked[] = [];
  for (const person of people.values()) {
    if (person.id === you?.id || talked.has(person.id) || isGuest(person.role)) continue;
    const how = fitOf(folded(person.name), wanted);
    const entry: Entry = { type: "person", key: `person-${person.id}`, person };
    if (how !== null) found.push({ entry, fit: how, unread: false, visit: Infinity });
  }
  return found;
}

function isGuest(role: Role): boolean {
  return role === "guest";
}

function commands({ commands }: Known, wanted: string): readonly Ranked[] {
  const found: Ranked[] = [];
  for (const command of commands) {
    const how = fitOf(folded(command.label), wanted);
    const entry: Entry = { type: "command", key: `command-${command.label}`, command };
    if (how !== null) found.push({ entry, fit: how, unread: false, visit: Infinity });
  }
  return found;
}

/** By how well it fits, then what is unread, then what was seen last, then by name. */
function byRank(a: Ranked, b: Ranked): number {
  const visit = a.visit === b.visit ? 0 : a.visit - b.visit;
  return (
    a.fit - b.fit || Number(b.unread) - Number(a.unread) || visit || nameOf(a.entry).localeCompare(nameOf(b.entry))
  );
}

export function nameOf(entry: Entry): string {
  if (entry.type === "room") return entry.room.state.room.name;
  if (entry.type === "listed") return entry.listed.room.name;
  if (entry.type === "person") return entry.person.name;
  return entry.type === "command" ? entry.command.label : entry.name;
}
