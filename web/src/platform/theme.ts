/** Light, dark, or as the system has it. `public/theme.js` sets the same before the first paint. */

import { readLocal, writeLocal } from "./storage";

export type Theme = "system" | "light" | "dark";

export function readTheme(): Theme {
  const kept = readLocal("theme");
  return kept === "light" || kept === "dark" ? kept : "system";
}

export function setTheme(theme: Theme): void {
  writeLocal("theme", theme === "system" ? null : theme);
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
