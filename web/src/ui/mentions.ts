/** Where a message's words name somebody or something: found again by the words as they were written (MEN-1). Pure. */

import type { Block, Inline, Item, Mention, Tree } from "../protocol";

/** A piece of a line, with what it names taken out of the text. */
export type Piece = Inline | { readonly mention: Mention };

/** A text in pieces, each either words or a mention. What is named twice is named twice. */
export function inPieces(text: string, mentions: readonly Mention[]): readonly (string | Mention)[] {
  const pieces: (string | Mention)[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] !== "@" && text[at] !== "#") continue;
    // The longest that fits, as the house has read it; a name does not go on behind it.
    const found = mentions
      .filter(({ words }) => text.startsWith(words, at) && !/^[\p{L}\p{N}_]/u.test(text.slice(at + words.length)))
      .sort((a, b) => b.words.length - a.words.length)[0];
    if (found === undefined || /[\p{L}\p{N}_]$/u.test(text.slice(0, at))) continue;
    if (at > from) pieces.push(text.slice(from, at));
    pieces.push(found);
    from = at + found.words.length;
    at = from - 1;
  }
  if (from < text.length) pieces.push(text.slice(from));
  return pieces;
}

/** A tree whose texts have their mentions as pieces of their own. What stands in code names nobody. */
export function withMentions(tree: Tree, mentions: readonly Mention[]): Tree {
  return mentions.length === 0 ? tree : tree.map((block) => inBlock(block, mentions));
}

function inBlock(block: Block, mentions: readonly Mention[]): Block {
  const line = (of: readonly Inline[]) => inLine(of, mentions);
  if (block === "rule" || "code" in block) return block;
  if ("paragraph" in block) return { paragraph: line(block.paragraph) };
  if ("heading" in block) return { heading: { ...block.heading, of: line(block.heading.of) } };
  if ("quote" in block) return { quote: withMentions(block.quote, mentions) };
  if ("table" in block) {
    const { head, rows } = block.table;
    return { table: { ...block.table, head: head.map(line), rows: rows.map((row) => row.map(line)) } };
  }
  const item = (one: Item): Item => ({ ...one, of: withMentions(one.of, mentions) });
  return { list: { ...block.list, items: block.list.items.map(item) } };
}

function inLine(of: readonly Inline[], mentions: readonly Mention[]): Inline[] {
  return of.flatMap((piece): readonly Inline[] => {
    if (typeof piece === "string") {
      // The tree of the wire has no such piece: it is this client's own, and drawn by it alone.
      return inPieces(piece, mentions).map((part) => (typeof part === "string" ? part : ({ mention: part } as never)));
    }
    if ("strong" in piece) return [{ strong: inLine(piece.strong, mentions) }];
    if ("emphasis" in piece) return [{ emphasis: inLine(piece.emphasis, mentions) }];
    if ("strike" in piece) return [{ strike: inLine(piece.strike, mentions) }];
    if ("spoiler" in piece) return [{ spoiler: inLine(piece.spoiler, mentions) }];
    return [piece];
  });
}
