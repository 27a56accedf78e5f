/** A piece of code: its colours come when the highlighter has been fetched, which nothing else waits for. */

import { type ReactNode, useEffect, useState } from "react";
import { after } from "../platform/clock";
import { strings } from "./strings";

/** "Copied" stands for this long. */
const COPIED_MS = 2_000;
/** Longer code stays plain, so that nobody who types waits for it. */
const COLOURED_MAX = 6_000;

export function CodeBlock({ text, language }: { text: string; language: string }): ReactNode {
  const [coloured, setColoured] = useState<ReactNode>(null);
  useEffect(() => {
    if (language === "" || text.length > COLOURED_MAX) return;
    let wanted = true;
    import("./highlight")
      .then(({ highlight }) => wanted && setColoured(highlight(text, language)))
      // Without colours it is code all the same.
      .catch(() => undefined);
    return () => {
      wanted = false;
    };
  }, [text, language]);
  return (
    <div className="code-block">
      <div className="code-head">
        <span>{language}</span>
        <Copy text={text} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <pre tabIndex={0} dir="ltr">
        <code>{coloured ?? text}</code>
      </pre>
    </div>
  );
}

function Copy({ text }: { text: string }): ReactNode {
  const [copied, setCopied] = useState(false);
  useEffect(() => (copied ? after(COPIED_MS, () => setCopied(false)) : undefined), [copied]);
  const copy = () => void navigator.clipboard?.writeText(text).then(() => setCopied(true));
  return (
    <button type="button" onClick={copy}>
      {copied ? strings.copied : strings.copyCode}
    </button>
  );
}
