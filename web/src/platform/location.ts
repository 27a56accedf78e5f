/** Addresses: `/` the list or the last room, `/r/ID`, `/r/ID/m/SEQ`, `/rooms`. */

import type { RoomId, Seq } from "../protocol";

export type Place =
  | { readonly type: "home" }
  | { readonly type: "room"; readonly room: RoomId; readonly seq: Seq | null }
  | { readonly type: "browse" };

/** Reads an address; anything unknown is home. */
export function parsePlace(path: string): Place {
  if (path === "/rooms") return { type: "browse" };
  const match = /^\/r\/(\d{1,15})(?:\/m\/(\d{1,15}))?\/?$/.exec(path);
  if (match?.[1] === undefined) return { type: "home" };
  return { type: "room", room: Number(match[1]), seq: match[2] === undefined ? null : Number(match[2]) };
}

/** Writes an address. */
export function pathOf(place: Place): string {
  if (place.type === "home") return "/";
  if (place.type === "browse") return "/rooms";
  return place.seq === null ? `/r/${place.room}` : `/r/${place.room}/m/${place.seq}`;
}

export function herePlace(): Place {
  return parsePlace(window.location.pathname);
}

/** Goes somewhere, as a step that Back undoes, or in place of the present one. */
export function goTo(place: Place, how: "push" | "replace"): void {
  const path = pathOf(place);
  if (path === window.location.pathname) return;
  if (how === "push") window.history.pushState(null, "", path);
  else window.history.replaceState(null, "", path);
}

/** Hears Back and Forward. */
export function onPlace(call: (place: Place) => void): void {
  window.addEventListener("popstate", () => call(herePlace()));
}
