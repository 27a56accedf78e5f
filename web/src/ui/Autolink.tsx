/** Text with its links, as React nodes and never as HTML: only http and https become links (S59). */

import { Fragment, type ReactNode } from "react";

const LINK = /https?:\/\/[^\s<>"'`]+/gi;
/** Marks at the end of a sentence are not part of an address. */
const CLOSING = /[.,:;!?…。，、．：；！？\p{Pe}\p{Pf}\p{Pi}]/u;
/** A bracket that was opened inside an address belongs to it. */
const OPENED_BY: Readonly<Record<string, string>> = {
  ")": "(",
  "]": "[",
  "}": "{",
  "）": "（",
  "」": "「",
  "』": "『",
};
/** These turn the order of what is read: an address that holds one could show another than it leads to. */
const BIDI = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** Renders a text; line breaks are kept by the style of its parent. */
export function Autolink({ text }: { text: string }): ReactNode {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const match of text.matchAll(LINK)) {
    const url = withoutClosing(match[0]);
    if (!URL.canParse(url)) continue;
    parts.push(<Fragment key={`t${at}`}>{text.slice(at, match.index)}</Fragment>);
    parts.push(
      BIDI.test(url) ? (
        <bdi key={`l${match.index}`}>{url}</bdi>
      ) : (
        <a key={`l${match.index}`} href={url} target="_blank" rel="noopener noreferrer nofollow">
          <bdi>{url}</bdi>
        </a>
      ),
    );
    at = match.index + url.length;
  }
  parts.push(<Fragment key="rest">{text.slice(at)}</Fragment>);
  return parts;
}

/** Cuts off the end of the sentence; each bracket is counted once, so that a long row of them costs nothing. */
function withoutClosing(match: string): string {
  const count = new Map<string, number>();
  for (const letter of match) count.set(letter, (count.get(letter) ?? 0) + 1);
  let end = match.length;
  for (let last = match[end - 1]; last !== undefined && CLOSING.test(last); last = match[end - 1]) {
    const opening = OPENED_BY[last];
    const closed = count.get(last) ?? 0;
    if (opening !== undefined && closed <= (count.get(opening) ?? 0)) break;
    count.set(last, closed - 1);
    end -= 1;
  }
  return match.slice(0, end);
}
