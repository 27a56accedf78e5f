/** How well a name answers to what was typed: the question of every list that is narrowed by typing. Pure. */

/** The lower the better; what is not found has none. */
export type Fit = number;

const [WHOLE, BEGINNING, WORD, WITHIN, IN_ORDER] = [0, 1, 2, 3, 4];

/** A text without the differences that nobody types: case, accents, width, and the dot of an i, in every language of the browser. */
export function folded(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replaceAll("ı", "i");
}

/**
 * Of a name and what was typed, both folded: the whole, its beginning, the beginning of a word in it, a piece of it, or its
 * letters in this order with others between them. Null when it is none of these.
 */
export function fitOf(name: string, wanted: string): Fit | null {
  if (name === wanted) return WHOLE;
  if (wanted === "") return BEGINNING;
  const at = name.indexOf(wanted);
  if (at === 0) return BEGINNING;
  if (at > 0) return beginsWord(name, wanted, at) ? WORD : WITHIN;
  let next = -1;
  for (const letter of wanted.replace(/\s+/g, "")) {
    next = name.indexOf(letter, next + 1);
    if (next < 0) return null;
  }
  return IN_ORDER;
}

function beginsWord(name: string, wanted: string, first: number): boolean {
  for (let at = first; at > 0; at = name.indexOf(wanted, at + 1)) {
    if (!/[\p{L}\p{N}]/u.test(name[at - 1] ?? "")) return true;
  }
  return false;
}
