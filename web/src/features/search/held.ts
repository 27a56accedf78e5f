/** What answers among the messages that this page holds already: shown until the house has answered (UX 3.5 G). Pure. */

import type { Event, Hit, Piece, RoomId } from "../../protocol";
import type { RoomMemory } from "../../store/state";
import { folded } from "../../ui/fit";
import { plain } from "../../ui/plain";

/** As many as the house would say at once. */
const HELD_MAX = 20;
/** Shorter words are found where a word begins: the house knows where. */
const LETTERS_MIN = 3;
/** Letters of a message that are shown, and of them before the first word that was found. */
const [SHOWN, BEFORE] = [240, 60];

type Message = Extract<Event, { kind: "message" }>;

/** The newest that hold every word; null where the house alone can say: operators, phrases, a minus, short words. */
export function heldHits(rooms: Iterable<RoomMemory>, typed: string, only: RoomId | null): readonly Hit[] | null {
  const terms = folded(typed).split(/\s+/).filter(Boolean);
  const isPlain = terms.every((term) => term.length >= LETTERS_MIN && !/^-|["“”„:]/.test(term));
  if (terms.length === 0 || !isPlain) return null;
  const hits: Hit[] = [];
  for (const { state, segments } of rooms) {
    if (only !== null && state.room.id !== only) continue;
    for (const event of segments.flat()) {
      if (event.kind !== "message" || event.deleted !== undefined) continue;
      const words = wordsOf(event);
      const text = folded(words);
      if (terms.every((term) => text.includes(term))) hits.push(hitOf(event, words, text, terms));
    }
  }
  return hits.sort((a, b) => b.at - a.at || b.seq - a.seq).slice(0, HELD_MAX);
}

function wordsOf({ text, tree }: Message): string {
  return (tree === undefined ? text : plain(tree, "▒▒▒")).replace(/\s+/g, " ").trim();
}

function hitOf({ room, seq, at, by }: Message, words: string, text: string, terms: readonly string[]): Hit {
  return { room, seq, at, by, words: [...pieces(words, text, terms)] };
}

/** The words with the terms marked, where folding left every letter in its place. */
function* pieces(words: string, text: string, terms: readonly string[]): Generator<Piece> {
  const places = text.length === words.length ? terms.map((term) => [text.indexOf(term), term.length] as const) : [];
  const sorted = places.filter(([at]) => at >= 0).sort(([a], [b]) => a - b);
  const start = Math.max(0, (sorted[0]?.[0] ?? 0) - BEFORE);
  const end = Math.min(words.length, start + SHOWN);
  if (start > 0) yield { text: "…" };
  let from = start;
  for (const [at, length] of sorted) {
    if (at < from || at + length > end) continue;
    if (at > from) yield { text: words.slice(from, at) };
    yield { text: words.slice(at, at + length), mark: true };
    from = at + length;
  }
  if (from < end) yield { text: words.slice(from, end) };
  if (end < words.length) yield { text: "…" };
}
