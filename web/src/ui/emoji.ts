/** Whether a message is one to three emoji and nothing else: those are shown larger. */

const EMOJI = /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}|\p{Regional_Indicator}{2})/u;
/** Three families with all their joiners are shorter than this. */
const LENGTH_MAX = 120;
const letters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

export function isFewEmoji(text: string): boolean {
  if (text.length > LENGTH_MAX || !EMOJI.test(text.trimStart())) return false;
  const shown = [...letters.segment(text)].map(({ segment }) => segment).filter((letter) => letter.trim() !== "");
  // © and its like are pictographs that are drawn as text unless asked for.
  return shown.length <= 3 && shown.every((letter) => EMOJI.test(letter) && !/^[\u00a9\u00ae\u2122]$/.test(letter));
}
