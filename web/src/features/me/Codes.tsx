/** Recovery codes, shown once. */

import { type ReactNode, useEffect, useRef, useState } from "react";
import { copyText } from "../../platform/clipboard";
import { me } from "../../ui/strings/me";

export function Codes({ codes, onKept }: { codes: readonly string[]; onKept: () => void }): ReactNode {
  const [copied, setCopied] = useState(false);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <>
      <h3 ref={title} tabIndex={-1}>
        {me.codesTitle}
      </h3>
      <p className="pages-how">{me.codesHow}</p>
      <ul className="codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="beside">
        <button type="button" className="button primary" onClick={onKept}>
          {me.codesKept}
        </button>
        <button type="button" className="button quiet" onClick={() => void copyText(codes.join("\n")).then(setCopied)}>
          {copied ? me.codesCopied : me.codesCopy}
        </button>
      </div>
    </>
  );
}
