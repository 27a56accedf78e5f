/** Whether a message is one to three emoji and nothing else: those are shown larger. */

const EMOJI = /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}|\p{Regional_Indicator}{2})/u;
/** Three families with all their joiners are shorter than this. */
const LENGTH_MAX = 120;
const letters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * One sign in one form, however it was typed: what is a picture by itself has no selector behind it, what would be drawn as a
 * letter has one. Two who mean the same react with the same.
 */
export function inOneForm(sign: string): string {
  const bare = sign.replace(/(\p{Emoji_Presentation})\ufe0f/gu, "$1");
  return /^\p{Extended_Pictographic}$/u.test(bare) && !/^\p{Emoji_Presentation}$/u.test(bare) ? `${bare}\ufe0f` : bare;
}

export function isFewEmoji(text: string): boolean {
  if (text.length > LENGTH_MAX || !EMOJI.test(text.trimStart())) return false;
  const shown = [...letters.segment(text)].map(({ segment }) => segment).filter((letter) => letter.trim() !== "");
  // © and its like are pictographs that are drawn as text unless asked for.
  return shown.length <= 3 && shown.every((letter) => EMOJI.test(letter) && !/^[\u00a9\u00ae\u2122]$/.test(letter));
}
