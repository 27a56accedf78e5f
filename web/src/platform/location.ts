/** Addresses: `/` the list or the last room, `/r/ID`, `/r/ID/m/SEQ`, `/rooms`, `/people`. */

import type { RoomId, Seq } from "../protocol";
import { isNarrow } from "./attention";

export type Place =
  | { readonly type: "home" }
  | { readonly type: "room"; readonly room: RoomId; readonly seq: Seq | null }
  | { readonly type: "browse" }
  | { readonly type: "people" }
  | { readonly type: "nowhere" };

/** Addresses that have a screen of their own before anything else is shown; behind it is home. */
const OTHER_DOORS = /^\/(?:owner|join|reset|me|admin)(?:\/|$)/;

/** Reads an address. */
export function parsePlace(path: string): Place {
  if (path === "/" || OTHER_DOORS.test(path)) return { type: "home" };
  if (path === "/rooms") return { type: "browse" };
  if (path === "/people") return { type: "people" };
  const match = /^\/r\/(\d{1,15})(?:\/m\/(\d{1,15}))?\/?$/.exec(path);
  if (match?.[1] === undefined) return { type: "nowhere" };
  return { type: "room", room: Number(match[1]), seq: match[2] === undefined ? null : Number(match[2]) };
}

/** Writes an address. */
export function pathOf(place: Exclude<Place, { type: "nowhere" }>): string {
  if (place.type === "home") return "/";
  if (place.type === "people") return "/people";
  if (place.type === "browse") return "/rooms";
  return place.seq === null ? `/r/${place.room}` : `/r/${place.room}/m/${place.seq}`;
}

export function herePlace(): Place {
  return parsePlace(window.location.pathname);
}

/** What a step in the browser's history remembers. `opened`: the step before it is the same place without the panel. */
type Step = { readonly panel?: boolean; readonly opened?: boolean };

function step(): Step {
  return (window.history.state as Step | null) ?? {};
}

/** Goes somewhere, as a step that Back undoes, or in place of the present one. A panel beside the room stays open. */
export function goTo(place: Exclude<Place, { type: "nowhere" }>, how: "push" | "replace"): void {
  const path = pathOf(place);
  if (path === window.location.pathname) return;
  const panel = step().panel === true && !isNarrow();
  if (how === "push") window.history.pushState({ panel }, "", path);
  else window.history.replaceState(window.history.state, "", path);
  tellOfPanel();
}

/** Hears Back and Forward. */
export function onPlace(call: (place: Place) => void): void {
  window.addEventListener("popstate", () => call(herePlace()));
}

const watchers = new Set<() => void>();

function tellOfPanel(): void {
  for (const watcher of watchers) watcher();
}

export function isPanelOpen(): boolean {
  return step().panel === true;
}

/** Opens the panel as a step that Back undoes, or closes it, by going back where that is what closes it. */
export function showPanel(open: boolean): void {
  if (open === isPanelOpen()) return;
  if (open) window.history.pushState({ panel: true, opened: true }, "", window.location.pathname);
  else if (step().opened === true) window.history.back();
  else window.history.replaceState({}, "", window.location.pathname);
  tellOfPanel();
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
