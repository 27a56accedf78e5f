/** Text with its links, as React nodes and never as HTML: only http and https become links (S59). */

import { Fragment, type ReactNode } from "react";

const LINK = /https?:\/\/[^\s<>"'`]+/g;
/** Marks at the end of a sentence are not part of an address. */
const TRAILING = /[.,:;!?)\]}]+$/;

/** Renders a text; line breaks are kept by the style of its parent. */
export function Autolink({ text }: { text: string }): ReactNode {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const match of text.matchAll(LINK)) {
    const url = match[0].replace(TRAILING, "");
    if (!URL.canParse(url)) continue;
    parts.push(<Fragment key={`t${at}`}>{text.slice(at, match.index)}</Fragment>);
    parts.push(
      <a key={`l${match.index}`} href={url} target="_blank" rel="noopener noreferrer nofollow">
        {url}
      </a>,
    );
    at = match.index + url.length;
  }
  parts.push(<Fragment key="rest">{text.slice(at)}</Fragment>);
  return parts;
}
