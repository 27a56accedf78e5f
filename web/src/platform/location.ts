/**
 * Addresses: `/` the list or the last room, `/r/ID`, `/r/ID/m/SEQ`,
 * `/r/ID/t/SEQ` with the thread about that message beside the room, `/rooms`, `/people`, `/catch-up`, `/threads`, `/saved`,
 * `/search?q=`, one's own pages `/me/PAGE`, those of the
 * house `/admin/PAGE`, and links into the house: `/owner/TOKEN`, `/join/TOKEN`, `/reset/TOKEN`; and
 * `/oidc/PAGE`, where one comes back to from a provider of identities.
 */

import type { RoomId, Seq } from "../protocol";
import { isNarrow } from "./attention";

/** Pages that are neither a room nor settings, each with an address of one word. */
export type Page = keyof typeof PAGES;

const PAGES = { people: "/people", catch_up: "/catch-up", threads: "/threads", saved: "/saved" } as const;

export type Place =
  | { readonly type: "home" }
  /** `seq`: a message to go to. `thread`: the message whose thread stands beside the room. */
  | { readonly type: "room"; readonly room: RoomId; readonly seq: Seq | null; readonly thread?: Seq }
  | { readonly type: "browse" }
  | { readonly type: Page }
  /** Looking for messages in all rooms: `?q=` is what for. It stands beside a room. */
  | { readonly type: "search" }
  | { readonly type: "nowhere" }
  /** Without a page: the list of them, where that has a screen of its own. */
  | { readonly type: "me" | "admin"; readonly page: string | null }
  | Link;

/** A place that has an address. */
export type Somewhere = Exclude<Place, { type: "nowhere" | "search" }>;

/** A link that lets somebody in; its token is a secret, or says which page of those about providers. */
export type Link = { readonly type: "link"; readonly to: (typeof LINKS)[number]; readonly token: string };

const LINKS = ["owner", "join", "reset", "oidc"] as const;

const PAGE_NAMES = ["people", "catch_up", "threads", "saved"] as const satisfies readonly Page[];

/** Reads an address. */
export function parsePlace(path: string): Place {
  if (path === "/") return { type: "home" };
  if (path === "/rooms") return { type: "browse" };
  const known = PAGE_NAMES.find((name) => PAGES[name] === path);
  if (known !== undefined) return { type: known };
  if (path === "/search") return { type: "search" };
  const page = /^\/(me|admin)(?:\/([a-z-]{1,32}))?\/?$/.exec(path);
  if (page !== null) return { type: page[1] === "me" ? "me" : "admin", page: page[2] ?? null };
  const link = /^\/([a-z]+)\/([\w-]{1,128})$/.exec(path);
  const to = LINKS.find((name) => name === link?.[1]);
  if (to !== undefined) return { type: "link", to, token: link?.[2] ?? "" };
  const match = /^\/r\/(\d{1,15})(?:\/([mt])\/(\d{1,15}))?\/?$/.exec(path);
  if (match?.[1] === undefined) return { type: "nowhere" };
  const [room, seq] = [Number(match[1]), match[3] === undefined ? null : Number(match[3])];
  return match[2] === "t" && seq !== null
    ? { type: "room", room, seq: null, thread: seq }
    : { type: "room", room, seq };
}

/** Whether a place is one of the pages. */
export function isPage(place: Place): place is { readonly type: Page } {
  return PAGE_NAMES.some((name) => name === place.type);
}

/** Writes an address. */
export function pathOf(place: Somewhere): string {
  if (place.type === "home") return "/";
  if (isPage(place)) return PAGES[place.type];
  if (place.type === "browse") return "/rooms";
  if (place.type === "link") return `/${place.to}/${place.token}`;
  if (place.type !== "room") return place.page === null ? `/${place.type}` : `/${place.type}/${place.page}`;
  if (place.thread !== undefined) return `/r/${place.room}/t/${place.thread}`;
  return place.seq === null ? `/r/${place.room}` : `/r/${place.room}/m/${place.seq}`;
}

/** What the address asks to be looked for. */
export function askedFor(): string {
  return new URLSearchParams(window.location.search).get("q") ?? "";
}

/** The whole address of a message, to be given to others. */
export function linkTo({ room, seq }: { readonly room: RoomId; readonly seq: Seq }): string {
  return new URL(pathOf({ type: "room", room, seq }), window.location.origin).href;
}

/** The whole address of the thread about a message. */
export function linkToThread(room: RoomId, thread: Seq): string {
  return new URL(pathOf({ type: "room", room, seq: null, thread }), window.location.origin).href;
}

export function linkToRoom(room: RoomId): string {
  return new URL(pathOf({ type: "room", room, seq: null }), window.location.origin).href;
}

export function herePlace(): Place {
  return parsePlace(window.location.pathname);
}

/** What stands in the panel beside a room. */
export type InPanel =
  | { readonly type: "details" | "pins" | "unread" }
  | { readonly type: "thread"; readonly seq: Seq }
  /** Looking for messages: in the room beside it, or in all of them. */
  | { readonly type: "search"; readonly everywhere: boolean };

/** What a step in the browser's history remembers. `opened`: the step before it is the same place without the panel. */
type Step = { readonly panel?: InPanel | null; readonly opened?: boolean };

function step(): Step {
  return (window.history.state as Step | null) ?? {};
}

/** Goes somewhere, as a step that Back undoes, or in place of the present one. A panel beside the room stays open. */
export function goTo(place: Somewhere, how: "push" | "replace"): void {
  const path = pathOf(place);
  if (path === window.location.pathname || path === roomPath()) return;
  // What is about the room that was left goes with it.
  const open = panelNow();
  const stays = open?.type === "details" || open?.type === "search";
  const panel = stays && !isNarrow() ? open : null;
  if (how === "push") window.history.pushState({ panel }, "", path);
  else window.history.replaceState(window.history.state, "", path);
  tellOfPanel();
}

/** Leaves the house for a provider's page. The house says which; only pages of the web are gone to. */
export function leaveFor(url: string): void {
  if (/^https?:\/\//.test(url)) window.location.assign(url);
}

/** Takes a link that was used out of the address, and out of what Back leads to. */
export function forgetLink(): void {
  if (herePlace().type === "link") goTo({ type: "home" }, "replace");
}

/** Hears Back and Forward. */
export function onPlace(call: (place: Place) => void): void {
  window.addEventListener("popstate", () => call(herePlace()));
}

const watchers = new Set<() => void>();

let moved = false;

/** Whether somebody went somewhere since the page was loaded. */
export function hasMoved(): boolean {
  return moved;
}

function tellOfPanel(): void {
  moved = true;
  for (const watcher of watchers) watcher();
}

/** What stands in the panel now; null while it is closed. The same object as long as nothing else does. */
export function panelNow(): InPanel | null {
  return step().panel ?? null;
}

export function isPanelOpen(): boolean {
  return panelNow() !== null;
}

/** The path of the room beside which a thread stands; else the present one. */
function roomPath(): string {
  const here = herePlace();
  return here.type === "room" && here.thread !== undefined
    ? pathOf({ type: "room", room: here.room, seq: null })
    : window.location.pathname;
}

/** The path of what is on screen with this in the panel: a thread has an address of its own. */
function pathWith(panel: InPanel | null): string {
  const here = herePlace();
  const isThread = panel?.type === "thread" && here.type === "room";
  return isThread ? pathOf({ type: "room", room: here.room, seq: null, thread: panel.seq }) : roomPath();
}

/** Opens the thread that the address names, where it is not open already. Back leads to its room. */
export function showThreadOfAddress(): void {
  const here = herePlace();
  if (here.type !== "room" || here.thread === undefined) return;
  const open = panelNow();
  if (open?.type === "thread" && open.seq === here.thread) return;
  window.history.replaceState({}, "", roomPath());
  showPanel({ type: "thread", seq: here.thread });
}

/**
 * Opens the panel as a step that Back undoes, puts something else into it, or closes it: by going back where that is what
 * closes it.
 */
export function showPanel(panel: InPanel | null): void {
  const path = pathWith(panel);
  if (panel !== null && isPanelOpen()) window.history.replaceState({ ...step(), panel }, "", path);
  else if (panel !== null) window.history.pushState({ panel, opened: true }, "", path);
  else if (!isPanelOpen()) return;
  else if (step().opened === true) window.history.back();
  else window.history.replaceState({}, "", path);
  tellOfPanel();
}

/** Opens a panel, or closes it where it is the one that is open. */
export function togglePanel(panel: InPanel): void {
  showPanel(panelNow()?.type === panel.type ? null : panel);
}

/** Hears whenever the panel opens or closes. */
export function onPanel(call: () => void): () => void {
  watchers.add(call);
  window.addEventListener("popstate", call);
  return () => {
    watchers.delete(call);
    window.removeEventListener("popstate", call);
  };
}

/** The path of the present address. */
export function herePath(): string {
  return window.location.pathname;
}

/** Hears whenever the address changes. */
export function onHere(call: () => void): () => void {
  return onPanel(call);
}
