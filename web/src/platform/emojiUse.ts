/** Which emoji somebody used last in this browser, and in which skin tone. */

import { readLocal, writeLocal } from "./storage";

/** As many as are offered again (UX 3.7.11). */
export const RECENT_MAX = 8;

/** The last ones, newest first. */
export function readRecent(): readonly string[] {
  return (readLocal("emoji.recent") ?? "").split(" ").filter(Boolean).slice(0, RECENT_MAX);
}

export function noteUse(sign: string): void {
  const recent = [sign, ...readRecent().filter((other) => other !== sign)].slice(0, RECENT_MAX);
  writeLocal("emoji.recent", recent.join(" "));
}

/** 0 for none, then from light to dark. */
export function readTone(): number {
  const kept = Number(readLocal("emoji.tone"));
  return Number.isInteger(kept) && kept >= 0 && kept <= 5 ? kept : 0;
}

export function keepTone(tone: number): void {
  writeLocal("emoji.tone", tone === 0 ? null : String(tone));
}
