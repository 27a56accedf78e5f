/** The word before the caret that asks for something: a person, a room, an emoji, a command (UX 3.7.6). Pure. */

export type Sign = "@" | "#" | ":" | "/";

export type Word = {
  readonly sign: Sign;
  /** Where its sign stands in the text. */
  readonly from: number;
  /** What stands between its sign and the caret. */
  readonly typed: string;
};

/** No name is longer than this. */
const LENGTH_MAX = 64;
/** An emoji is looked for from this many letters on, so that a time or a smiley of signs stays as it is. */
const EMOJI_FROM = 2;

const SHAPES: Readonly<Record<Exclude<Sign, "/">, RegExp>> = {
  // A name may have a second word in it; a third is a sentence.
  "@": /(?:^|[\s([{"'])@((?:[^\s@#:/]+ ?[^\s@#:/]*)?)$/u,
  "#": /(?:^|[\s([{"'])#((?:[^\s@#:/]+ ?[^\s@#:/]*)?)$/u,
  ":": /(?:^|[\s([{"'])[:]([\p{L}\p{N}_+-]+)$/u,
};

/** The word at the caret; null where there is none. */
export function wordAt(text: string, caret: number): Word | null {
  const command = /^\/([a-z]*)$/.exec(text.slice(0, caret));
  if (command !== null) return { sign: "/", from: 0, typed: command[1] ?? "" };
  const before = text.slice(Math.max(0, caret - LENGTH_MAX), caret);
  for (const sign of ["@", "#", ":"] as const) {
    const typed = SHAPES[sign].exec(before)?.[1];
    if (typed === undefined || (sign === ":" && typed.length < EMOJI_FROM)) continue;
    return { sign, from: caret - typed.length - 1, typed };
  }
  return null;
}

/** Whether two words are the same, typed further or not. */
export function isSameWord(a: Word | null, b: Word | null): boolean {
  return a?.from === b?.from && a?.sign === b?.sign;
}
