/**
 * What somebody chose for this browser (UX 3.5 L): how things look, and how the box behaves. The first value of each is how it is
 * without a choice. Those that styles depend on are worn by the page as `data-…`; `public/theme.js` does it before the first paint.
 */

import { onLocalChange, readLocal, writeLocal } from "./storage";

const VALUES = {
  theme: ["system", "light", "dark"],
  /** 14, 15, 17 and 19 pixels of what people say (UX 3.3). */
  text: ["m", "s", "l", "xl"],
  density: ["roomy", "dense"],
  face: ["sans", "serif"],
  names: ["plain", "coloured"],
  clock: ["h24", "h12", "system"],
  cards: ["shown", "hidden"],
  enter: ["sends", "breaks"],
  typing: ["told", "untold"],
  spelling: ["checked", "unchecked"],
} as const;

export type Preference = keyof typeof VALUES;
export type ValueOf<P extends Preference> = (typeof VALUES)[P][number];
export type Theme = ValueOf<"theme">;

const WORN: readonly Preference[] = ["theme", "text", "density", "face", "names"];
const watchers = new Set<() => void>();

export function readPreference<P extends Preference>(what: P): ValueOf<P> {
  const kept = readLocal(what);
  const values: readonly ValueOf<P>[] = VALUES[what];
  return values.find((value) => value === kept) ?? (values[0] as ValueOf<P>);
}

/** Makes a choice hold, everywhere and at once. False where this browser keeps nothing: then it holds until the page is left. */
export function setPreference<P extends Preference>(what: P, value: ValueOf<P>): boolean {
  const chosen = value === VALUES[what][0] ? null : value;
  const isKept = writeLocal(what, chosen);
  wear(what, chosen);
  tell();
  return isKept;
}

/** Hears whenever something else is chosen. */
export function onPreference(call: () => void): () => void {
  watchers.add(call);
  return () => watchers.delete(call);
}

/** What is chosen in one tab holds in all. */
export function followOtherTabs(): void {
  onLocalChange((key) => {
    const what = Object.keys(VALUES).find((name): name is Preference => name === key);
    if (what === undefined) return;
    const value = readPreference(what);
    wear(what, value === VALUES[what][0] ? null : value);
    tell();
  });
}

function tell(): void {
  for (const watcher of watchers) watcher();
}

function wear(what: Preference, value: string | null): void {
  if (!WORN.includes(what)) return;
  if (value === null) delete document.documentElement.dataset[what];
  else document.documentElement.dataset[what] = value;
}
