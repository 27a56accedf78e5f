/** Keys that work wherever the focus is (UX 3.9). What the box holds belongs to the box (C10, C40), a dialog to itself. */

import { type ReactNode, useEffect } from "react";
import { isPanelOpen, showPanel } from "../platform/location";
import { useApp } from "../react/AppContext";
import { roomsInOrder } from "../store/selectors";
import type { RoomMemory } from "../store/state";
import { useOverlays } from "./overlays/Overlays";

/** Where F6 stops, in order. */
const REGIONS = ["#rooms a", '#messages [tabindex="0"]', "#box", ".panel button"];

export function Keys(): ReactNode {
  const { store, actions } = useApp();
  const open = useOverlays();
  useEffect(() => {
    /** Goes to the next room in the list, or the next of those that are asked for. */
    function step(by: 1 | -1, fits: (room: RoomMemory) => boolean): void {
      const state = store.get();
      const rooms = roomsInOrder(state);
      const at = rooms.findIndex((room) => room.state.room.id === state.current);
      for (let n = 1; n <= rooms.length; n += 1) {
        const room = rooms[(at + by * n + rooms.length * (n + 1)) % rooms.length];
        if (room !== undefined && fits(room)) {
          actions.enterRoom(room.state.room.id);
          return;
        }
      }
    }

    function onKey(event: KeyboardEvent): void {
      if (document.querySelector("dialog[open]") !== null) return;
      const { key, altKey, shiftKey, target } = event;
      const control = event.ctrlKey || event.metaKey;
      if (altKey && !control && (key === "ArrowUp" || key === "ArrowDown")) {
        if (holdsText(target)) return;
        step(key === "ArrowDown" ? 1 : -1, (room) => !shiftKey || room.state.unread > 0);
      } else if (altKey && control && shiftKey && (key === "ArrowUp" || key === "ArrowDown")) {
        if (holdsText(target)) return;
        step(key === "ArrowDown" ? 1 : -1, callsYou);
      } else if (control && shiftKey && key.toLowerCase() === "m") {
        // Some browsers keep these keys for themselves; the list and the switcher are always there.
        actions.showPage("catch_up");
      } else if (control && !altKey && !shiftKey && key.toLowerCase() === "k") {
        open({ type: "switcher" });
      } else if ((control && !altKey && key === "/") || (key === "?" && asksForKeys(target))) {
        open({ type: "shortcuts" });
      } else if (control && key === ".") {
        showPanel(!isPanelOpen() && store.get().current !== null ? { type: "details" } : null);
      } else if (control && key === ",") {
        actions.goTo({ type: "me", page: null });
      } else if (key === "F6") {
        goToRegion(shiftKey ? -1 : 1);
      } else if (key === "Escape" && shiftKey) {
        actions.markAllRead();
      } else {
        return;
      }
      event.preventDefault();
    }
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [store, actions, open]);
  return null;
}

/** A direct room is meant for its reader altogether. */
function callsYou({ state }: RoomMemory): boolean {
  return state.mentions > 0 || (state.room.kind === "direct" && state.unread > 0);
}

function holdsText(target: EventTarget | null): boolean {
  const isField = target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;
  return isField && target.value !== "";
}

/** A sign typed where there is nothing to type into. */
function asksForKeys(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  return target.closest("input, textarea, select") === null && target.closest("#messages, #rooms") !== null;
}

function goToRegion(by: 1 | -1): void {
  const found = REGIONS.map((selector) => document.querySelector<HTMLElement>(selector)).filter(
    (element) => element !== null,
  );
  const areas = found.map((element) => element.closest("nav, section, form, aside") ?? element);
  const at = areas.findIndex((area) => area.contains(document.activeElement));
  found[(at + by + found.length) % found.length]?.focus();
}
