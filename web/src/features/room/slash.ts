/** Commands that are typed: `/topic`, `/me`, `/invite`, `/leave` and their like. What is none of them is said as it stands. */

import type { App } from "../../actions/app";
import { type Outcome, refused } from "../../actions/outcome";
import type { Room, RoomId } from "../../protocol";
import { mayInHouse, mayInRoom, type RoomAct, type Standing } from "../../store/access";
import type { State } from "../../store/state";
import { folded } from "../../ui/fit";
import { slash } from "../../ui/strings/slash";

export type SlashName = "me" | "topic" | "invite" | "join" | "leave" | "away" | "back";

export const SLASHES: readonly SlashName[] = ["me", "topic", "invite", "join", "leave", "away", "back"];

const NEEDS: Readonly<Record<Exclude<SlashName, "join" | "away" | "back">, RoomAct>> = {
  me: "Post",
  topic: "RenameRoom",
  invite: "AddMember",
  leave: "LeaveRoom",
};

/** Whether somebody may do in a room what a command does. */
export function maySlash(name: SlashName, state: Pick<State, "you">, standing: Standing): boolean {
  if (name === "away" || name === "back") return true;
  if (name === "join") return mayInHouse("ListRooms", state.you?.role);
  return mayInRoom(NEEDS[name], state.you?.role, standing);
}

/** A command and what stands after it; null where the text is none. `//` at the beginning says one slash. */
export function parseSlash(text: string): { readonly name: SlashName; readonly rest: string } | null {
  const match = /^\/([a-z]+)(?:\s+([\s\S]*))?$/.exec(text.trimEnd());
  const name = SLASHES.find((one) => one === match?.[1]);
  return name === undefined ? null : { name, rest: (match?.[2] ?? "").trim() };
}

/** What is said of a text that is no command. */
export function unslashed(text: string): string {
  return text.startsWith("//") ? text.slice(1) : text;
}

const DONE: Outcome<null> = { ok: true, value: null };

/** Does what was typed. */
export async function runSlash(
  { name, rest }: { readonly name: SlashName; readonly rest: string },
  room: Room,
  app: App,
  /** Says something where it was typed. */
  say: (text: string) => void,
): Promise<Outcome<null>> {
  const { actions } = app;
  const state = app.store.get();
  const standing = state.rooms.get(room.id)?.state;
  if (standing === undefined || !maySlash(name, state, standing)) return refused(slash.mayNot(name));
  if (name === "away" || name === "back") return actions.setAway(name === "away");
  if (name === "leave") return actions.leaveRoom(room.id);
  if (name === "topic") return actions.renameRoom(room.id, room.name, rest);
  if (rest === "") return refused(slash.needs(name));
  if (name === "me") {
    // As anybody would write it: the house reads it like any other message.
    say(`*${rest.replaceAll("*", "\\*")}*`);
    return DONE;
  }
  return name === "invite" ? invite(rest, room.id, app) : join(rest, app);
}

async function invite(typed: string, room: RoomId, { actions, store }: App): Promise<Outcome<null>> {
  const asked = await actions.loadPeople();
  if (!asked.ok) return asked;
  const wanted = folded(typed.replace(/^@/, ""));
  const person = [...(store.get().people?.values() ?? [])].find(({ name }) => folded(name) === wanted);
  return person === undefined ? refused(slash.nobody(typed)) : actions.addMember(room, person.id);
}

async function join(typed: string, { actions, store }: App): Promise<Outcome<null>> {
  const wanted = folded(typed.replace(/^#/, ""));
  const mine = [...store.get().rooms.values()].find((memory) => folded(memory.state.room.name) === wanted);
  if (mine !== undefined) {
    actions.enterRoom(mine.state.room.id);
    return DONE;
  }
  const listed = await actions.listRooms();
  if (!listed.ok) return listed;
  const found = listed.value.find(({ room }) => folded(room.name) === wanted);
  return found === undefined ? refused(slash.noRoom(typed)) : actions.joinRoom(found.room.id);
}
