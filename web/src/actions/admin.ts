/** What those do who look after the house (ADM, LINK-1, DOOR-2). Fetched with the pages that need it. */

import * as http from "../platform/http";
import type {
  AdminAct,
  AdminActs,
  AdminPeople,
  AdminPerson,
  AdminRoom,
  AdminRooms,
  Invitation,
  Invitations,
  Knocks,
  MadeLink,
  NewInvitation,
  OpenKnock,
  OpenReport,
  OpenReports,
  Role,
  RoomId,
  SetHouse,
  UserId,
} from "../protocol";
import type { State } from "../store/state";
import type { Subscribable } from "../store/subscribable";
import { type Outcome, outcome } from "./outcome";

type Done = Promise<Outcome<void>>;
type List<T> = Promise<Outcome<readonly T[]>>;
type Store = Subscribable<State>;

const at = (path: string) => `/api/v1/admin/${path}`;
const from = (path: string, word: "after" | "before", place: number | null) =>
  at(place === null ? path : `${path}?${word}=${place}`);

async function act(path: string, body: unknown): Done {
  return outcome(await http.ask<void>(at(path), body));
}

export async function listPeople(after: number | null): List<AdminPerson> {
  return outcome(await http.ask<AdminPeople>(from("people", "after", after)), ({ people }) => people);
}

export function setRole(whom: UserId, role: Role): Done {
  return act(`people/${whom}/role`, { role });
}

export function suspend(whom: UserId, note: string): Done {
  return act(`people/${whom}/suspend`, { note });
}

export function liftSuspension(whom: UserId, note: string): Done {
  return act(`people/${whom}/restore`, { note });
}

export function signOutEverywhere(whom: UserId, note: string): Done {
  return act(`people/${whom}/sign-out`, { note });
}

export async function makeResetLink(whom: UserId, clearsSecondFactor: boolean): Promise<Outcome<MadeLink>> {
  const body = { clears_second_factor: clearsSecondFactor };
  return outcome(await http.ask<MadeLink>(at(`people/${whom}/reset-link`), body));
}

export async function listKnocks(after: number | null): List<OpenKnock> {
  return outcome(await http.ask<Knocks>(from("knocks", "after", after)), ({ knocks }) => knocks);
}

export function settleKnock(knock: number, admitted: boolean): Done {
  return act(`knocks/${knock}/${admitted ? "admit" : "decline"}`, {});
}

/** Declines everyone who waits now, also those who are not shown. */
export function declineKnocks(note: string): Done {
  return act("knocks/decline", { note });
}

export async function listInvitations(before: number | null): List<Invitation> {
  return outcome(await http.ask<Invitations>(from("invitations", "before", before)), ({ invitations }) => invitations);
}

/** Makes an invitation, or a link for guests of one room. */
export async function invite(body: NewInvitation): Promise<Outcome<MadeLink>> {
  return outcome(await http.ask<MadeLink>(at("invitations"), body));
}

export function revokeInvitation(invitation: number, note: string): Done {
  return act(`invitations/${invitation}/revoke`, { note });
}

export async function listAllRooms(after: number | null): List<AdminRoom> {
  return outcome(await http.ask<AdminRooms>(from("rooms", "after", after)), ({ rooms }) => rooms);
}

export function archiveRoom(room: RoomId, note: string): Done {
  return act(`rooms/${room}/archive`, { note });
}

export function restoreRoom(room: RoomId, note: string): Done {
  return act(`rooms/${room}/restore`, { note });
}

export async function listReports(after: number | null): List<OpenReport> {
  return outcome(await http.ask<OpenReports>(from("reports", "after", after)), ({ reports }) => reports);
}

export function settleReport(report: number, note: string): Done {
  return act(`reports/${report}/settle`, { note });
}

export async function listActs(before: number | null): List<AdminAct> {
  return outcome(await http.ask<AdminActs>(from("acts", "before", before)), ({ acts }) => acts);
}

/** Changes the house's name or its door, here at once. */
export async function setHouse(store: Store, change: SetHouse): Done {
  const done = await act("house", change);
  const { posts_per_second, rooms_by, link_cards, ...shown } = change;
  if (done.ok)
    store.set((state) => {
      const { limits } = state.house;
      const now = {
        posts_per_second: posts_per_second ?? limits.posts_per_second,
        rooms_by: rooms_by ?? limits.rooms_by,
        link_cards: link_cards ?? limits.link_cards,
      };
      return { ...state, house: { ...state.house, ...shown, limits: now } };
    });
  return done;
}

/** The version of the server, and the house as it is now. */
export async function lookAtHouse(store: Store): Promise<Outcome<string>> {
  const answer = await http.boot();
  if (answer.ok) store.set((state) => ({ ...state, house: answer.value.house }));
  return outcome(answer, ({ version }) => version);
}

/** Makes a link for as many as come, and shows it above the box; what went wrong, in words. */
export async function makeFirstInvitation(store: Store): Promise<string> {
  const made = await invite({ rooms: [], note: "", uses: 0 });
  if (!made.ok) return made.message;
  store.set((state) => ({ ...state, firstInvitation: made.value.url }));
  return "";
}
