/** The keys that open the search (UX 3.9): in this room, or with Shift in all of them. Twice is the browser's own. */

import { useEffect } from "react";
import { showPanel } from "../../platform/location";
import { useApp } from "../../react/AppContext";

export function useSearchKeys(): void {
  const { store } = useApp();
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "f") return;
      if (event.defaultPrevented || document.querySelector("dialog[open]") !== null) return;
      const field = document.getElementById("search-field");
      if (!event.shiftKey && field !== null && document.activeElement === field) return;
      event.preventDefault();
      openSearch(event.shiftKey || store.get().current === null);
    }
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [store]);
}

/** Opens the search; where it is open already its field has the focus again. */
export function openSearch(everywhere: boolean): void {
  showPanel({ type: "search", everywhere });
  const field = document.getElementById("search-field");
  if (field instanceof HTMLInputElement) {
    field.focus();
    field.select();
  }
}
