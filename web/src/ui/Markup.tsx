/**
 * What a message says, as React nodes made from its tree and never from HTML (S59). The server reads the markup; where it
 * leads was decided there, and is looked at once more here.
 */

import { createContext, type KeyboardEvent, type ReactNode, useContext, useState } from "react";
import type { Align, Block, Inline, Item, Mention, Tree } from "../protocol";
import { CodeBlock } from "./CodeBlock";
import { inRow } from "./inRow";
import { inPieces, type Piece } from "./mentions";
import { strings } from "./strings";
import "./markup.css";

/** How a mention is drawn: by who knows people and rooms. */
export const DrawMention = createContext<(mention: Mention) => ReactNode>(({ words }) => words);

export function Markup({ tree }: { tree: Tree }): ReactNode {
  return <div className="markup">{inRow(tree, blockNode)}</div>;
}

/** Words without markup, with whom they name. */
export function Words({ text, mentions }: { text: string; mentions: readonly Mention[] }): ReactNode {
  if (mentions.length === 0) return text;
  return inRow(inPieces(text, mentions), (piece) => (typeof piece === "string" ? piece : <Named mention={piece} />));
}

function Named({ mention }: { mention: Mention }): ReactNode {
  return useContext(DrawMention)(mention);
}

function blockNode(block: Block): ReactNode {
  if (block === "rule") return <hr />;
  if ("paragraph" in block) return <p dir="auto">{line(block.paragraph)}</p>;
  if ("heading" in block) return heading(block.heading.level, block.heading.of);
  if ("quote" in block) return <blockquote>{inRow(block.quote, blockNode)}</blockquote>;
  if ("code" in block) return <CodeBlock text={block.code.text} language={block.code.language ?? ""} />;
  if ("table" in block) return tableNode(block.table);
  if ("list" in block) return listNode(block.list);
  return null;
}

/** A heading of a message is none of the page, so it does not take part in its outline. */
function heading(level: number, of: readonly Inline[]): ReactNode {
  return (
    <p className={`heading heading-${Math.min(level, 4)}`} dir="auto">
      {line(of)}
    </p>
  );
}

function listNode({ start, items }: { start?: number; items: readonly Item[] }): ReactNode {
  const rows = inRow(items, ({ done, of }) => (
    <li className={done === undefined ? undefined : "task"}>
      {done !== undefined && task(done)}
      {inRow(of, blockNode)}
    </li>
  ));
  return start === undefined ? <ul>{rows}</ul> : <ol start={start}>{rows}</ol>;
}

function task(done: boolean): ReactNode {
  return (
    <span className={done ? "task-box done" : "task-box"} role="img" aria-label={done ? strings.done : strings.notDone}>
      {done && "✓"}
    </span>
  );
}

type TableParts = { columns: readonly Align[]; head: readonly Inline[][]; rows: readonly Inline[][][] };

function tableNode({ columns, head, rows }: TableParts): ReactNode {
  const side = (at: number) => (columns[at] === "none" ? undefined : `to-${columns[at]}`);
  const cells = (row: readonly Inline[][]) =>
    inRow(row, (cell, at) => (
      <td className={side(at)} dir="auto">
        {line(cell)}
      </td>
    ));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls inside itself, and must be reached by keys
    <section className="table-scroll" aria-label={strings.table} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {inRow(head, (cell, at) => (
              <th scope="col" className={side(at)} dir="auto">
                {line(cell)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {inRow(rows, (row) => (
            <tr>{cells(row)}</tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function line(of: readonly Inline[]): ReactNode {
  return inRow(of, inlineNode);
}

function inlineNode(piece: Inline | Piece): ReactNode {
  if (typeof piece === "string") return piece;
  if ("mention" in piece) return <Named mention={piece.mention} />;
  if ("strong" in piece) return <strong>{line(piece.strong)}</strong>;
  if ("emphasis" in piece) return <em>{line(piece.emphasis)}</em>;
  if ("strike" in piece) return <s>{line(piece.strike)}</s>;
  if ("code" in piece) return <code>{piece.code}</code>;
  if ("spoiler" in piece) return <Spoiler of={piece.spoiler} />;
  if ("link" in piece) return link(piece.link.to, piece.link.of);
  return null;
}

/** What is hidden is neither seen, read out nor reached by the Tab key before it is asked for. */
function Spoiler({ of }: { of: readonly Inline[] }): ReactNode {
  const [shown, setShown] = useState(false);
  if (shown) return <span className="spoiler shown">{line(of)}</span>;
  const show = () => setShown(true);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    show();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button does not break over lines as words do
    <span
      className="spoiler"
      role="button"
      tabIndex={0}
      aria-label={strings.showSpoiler}
      title={strings.showSpoiler}
      onClick={show}
      onKeyDown={onKeyDown}
    >
      <span inert>{line(of)}</span>
    </span>
  );
}

function link(to: string, of: readonly Inline[]): ReactNode {
  const words = <bdi>{line(of)}</bdi>;
  const host = leadsTo(to);
  if (host === null) return words;
  const says = of.map((piece) => (typeof piece === "string" ? piece : "")).join("");
  return (
    <>
      <a href={to} target="_blank" rel="noopener noreferrer nofollow" title={to}>
        {words}
      </a>
      {isOther(says, to, host) && <span className="link-host"> ({host})</span>}
    </>
  );
}

/** Where an address leads, in few words; null where nothing is led to. */
function leadsTo(to: string): string | null {
  if (!URL.canParse(to)) return null;
  const url = new URL(to);
  if (url.protocol === "mailto:") return url.pathname;
  return url.protocol === "http:" || url.protocol === "https:" ? url.host : null;
}

/** Whether words that look like an address are another than where they lead (S56). */
function isOther(says: string, to: string, host: string): boolean {
  if (to.startsWith("mailto:")) return says.includes("@") && !says.includes(host);
  const claimed = /^\s*(?:https?:\/\/)?([^\s/?#]+\.[^\s/?#]+)/i.exec(says)?.[1];
  return claimed !== undefined && claimed.toLowerCase().normalize("NFC") !== host && !isSameHost(claimed, host);
}

function isSameHost(claimed: string, host: string): boolean {
  const address = `https://${claimed}`;
  return URL.canParse(address) && new URL(address).host === host && !claimed.includes("@");
}
