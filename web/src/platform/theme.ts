/** Light, dark, or as the system has it, and how large the text is. `public/theme.js` sets the same before the first paint. */

import { onLocalChange, readLocal, writeLocal } from "./storage";

export type Theme = "system" | "light" | "dark";
/** 14, 15, 17 and 19 pixels of what people say (UX 3.3). */
export type TextSize = "s" | "m" | "l" | "xl";

export function readTheme(): Theme {
  const kept = readLocal("theme");
  return kept === "light" || kept === "dark" ? kept : "system";
}

/** False where this browser keeps nothing: it holds until the page is left. */
export function setTheme(theme: Theme): boolean {
  const isKept = writeLocal("theme", theme === "system" ? null : theme);
  wear("theme", theme === "system" ? null : theme);
  return isKept;
}

export function readTextSize(): TextSize {
  const kept = readLocal("text");
  return kept === "s" || kept === "l" || kept === "xl" ? kept : "m";
}

export function setTextSize(size: TextSize): boolean {
  const isKept = writeLocal("text", size === "m" ? null : size);
  wear("text", size === "m" ? null : size);
  return isKept;
}

/** What is chosen in one tab holds in all. */
export function followOtherTabs(): void {
  onLocalChange((key) => {
    if (key === "theme") wear("theme", readTheme() === "system" ? null : readTheme());
    if (key === "text") wear("text", readTextSize() === "m" ? null : readTextSize());
  });
}

function wear(what: "theme" | "text", value: string | null): void {
  if (value === null) delete document.documentElement.dataset[what];
  else document.documentElement.dataset[what] = value;
}
