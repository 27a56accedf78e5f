/** A tree as plain words, for a voice or a copy: the same as the server's `domain::markup::plain`. */

import type { Block, Inline, Tree } from "../protocol";

/** The words, block under block. `hidden` stands for what a spoiler hides. */
export function plain(tree: Tree, hidden: string): string {
  return tree.map((block) => blockWords(block, hidden)).join("\n");
}

function blockWords(block: Block, hidden: string): string {
  if (block === "rule") return "—";
  if ("paragraph" in block) return lineWords(block.paragraph, hidden);
  if ("heading" in block) return lineWords(block.heading.of, hidden);
  if ("quote" in block) return `> ${plain(block.quote, hidden).replaceAll("\n", "\n> ")}`;
  if ("code" in block) return block.code.text;
  if ("table" in block) {
    const rows = [block.table.head, ...block.table.rows];
    return rows.map((cells) => cells.map((cell) => lineWords(cell, hidden)).join(" | ")).join("\n");
  }
  const { start, items } = block.list;
  const mark = (at: number, done: boolean | undefined) => {
    if (done !== undefined) return done ? "☑" : "☐";
    return start === undefined ? "•" : `${start + at}.`;
  };
  return items.map((item, at) => `${mark(at, item.done)} ${plain(item.of, hidden)}`).join("\n");
}

function lineWords(of: readonly Inline[], hidden: string): string {
  return of.map((piece) => pieceWords(piece, hidden)).join("");
}

function pieceWords(piece: Inline, hidden: string): string {
  if (typeof piece === "string") return piece;
  if ("code" in piece) return piece.code;
  if ("spoiler" in piece) return hidden;
  if ("link" in piece) return lineWords(piece.link.of, hidden);
  if ("strong" in piece) return lineWords(piece.strong, hidden);
  return lineWords("emphasis" in piece ? piece.emphasis : piece.strike, hidden);
}
