/** Keys as their board has them written: ⌘ and ⌥ on a Mac. */

import { isMac } from "../platform/attention";

const ON_MAC: Readonly<Record<string, string>> = { Ctrl: "⌘", Alt: "⌥", Shift: "⇧", Enter: "↩" };

/** "Ctrl+Shift+K" for who reads it here. */
export function keysText(keys: string): string {
  if (!isMac()) return keys;
  return keys
    .split("+")
    .map((key) => ON_MAC[key] ?? key)
    .join("");
}
