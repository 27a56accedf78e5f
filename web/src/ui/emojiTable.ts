/** Every emoji with its names: found by what is typed, drawn with the chosen skin. Fetched when it is first asked for. */

import table from "virtual:emoji-table";
import { inOneForm } from "./emoji";
import { folded } from "./fit";

/** Light to dark; none is the yellow of the drawings. */
export const TONES = ["", "\u{1f3fb}", "\u{1f3fc}", "\u{1f3fd}", "\u{1f3fe}", "\u{1f3ff}"] as const;

export type Emoji = {
  readonly sign: string;
  /** Which of `GROUPS`. */
  readonly group: number;
  readonly isToned: boolean;
  readonly name: string;
  /** What stands between colons for it. */
  readonly codes: readonly string[];
  /** Everything it is found by, folded. */
  readonly words: readonly string[];
};

/** The groups that are shown, in their order, by emojibase's numbers. */
export const GROUPS = [0, 1, 3, 4, 5, 6, 7, 8, 9] as const;

export const EMOJI: readonly Emoji[] = table.split("\n").map((line) => {
  const [typed = "", group = "", toned = "", name = "", codes = "", tags = ""] = line.split("|");
  const words = folded(`${codes.replaceAll("_", " ")} ${name} ${tags}`).split(" ");
  return { sign: inOneForm(typed), group: Number(group), isToned: toned === "1", name, codes: codes.split(" "), words };
});

const bySign = new Map(EMOJI.map((emoji) => [bare(emoji.sign), emoji]));

/** The sign in a skin tone, where it has any. */
export function inTone(emoji: Emoji, tone: number): string {
  const shade = TONES[tone] ?? "";
  if (!emoji.isToned || shade === "") return emoji.sign;
  const [first = "", ...rest] = [...emoji.sign.replace("\ufe0f", "")];
  return first + shade + rest.join("");
}

/** What a sign is called; itself where it is none of the table. */
export function nameOfEmoji(sign: string): string {
  return bySign.get(bare(sign))?.name ?? sign;
}

function bare(sign: string): string {
  return sign.replace(/[\u{1f3fb}-\u{1f3ff}\ufe0f]/gu, "");
}

/** Those with a word that begins with each typed one; whose short name begins so come first, the shortest of them before. */
export function findEmoji(text: string, most: number): readonly Emoji[] {
  const wanted = folded(text)
    .split(/[\s_]+/)
    .filter(Boolean);
  if (wanted.length === 0) return [];
  const code = wanted.join("_");
  const rank = ({ codes, name }: Emoji) => {
    if (codes.includes(code)) return 0;
    if (codes.some((one) => one.startsWith(code))) return 1;
    return folded(name).startsWith(wanted.join(" ")) ? 2 : 3;
  };
  return EMOJI.filter(({ words }) => wanted.every((one) => words.some((word) => word.startsWith(one))))
    .map((emoji) => ({ emoji, rank: rank(emoji) }))
    .sort((a, b) => a.rank - b.rank || (a.emoji.codes[0]?.length ?? 0) - (b.emoji.codes[0]?.length ?? 0))
    .slice(0, most)
    .map(({ emoji }) => emoji);
}
