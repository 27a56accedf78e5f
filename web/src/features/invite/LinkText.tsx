/** A link to be given away: it can be read, selected, and copied. */

import { type ReactNode, useEffect, useRef, useState } from "react";
import { copyText } from "../../platform/clipboard";
import { after } from "../../platform/clock";
import { invitations } from "../../ui/strings/invitations";

const SAID_MS = 2_000;

export function LinkText({ url }: { url: string }): ReactNode {
  const text = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);
  useEffect(() => (copied ? after(SAID_MS, () => setCopied(false)) : undefined), [copied]);

  async function copy(): Promise<void> {
    text.current?.select();
    // Where a browser does not let a page copy, the text stands there selected.
    setCopied(await copyText(url));
  }

  return (
    <span className="link-text">
      <input
        ref={text}
        readOnly
        aria-label={invitations.link}
        value={url}
        onFocus={(event) => event.currentTarget.select()}
      />
      <button type="button" className="button quiet" onClick={() => void copy()}>
        {copied ? invitations.copied : invitations.copy}
      </button>
      <span className="hidden" role="status">
        {copied ? invitations.copied : ""}
      </span>
    </span>
  );
}
