/** A link that was made just now: as text, as a picture, and how long it holds. It is shown this once. */

import { type ReactNode, useEffect, useRef } from "react";
import { nowMs } from "../../platform/clock";
import type { MadeLink } from "../../protocol";
import { Qr } from "../../ui/Qr";
import { invitations } from "../../ui/strings/invitations";
import { deadlineText } from "../../ui/time";
import { LinkText } from "./LinkText";
import "./invite.css";

export function MadeLinkView({ made, onDone }: { made: MadeLink; onDone: () => void }): ReactNode {
  const done = useRef<HTMLButtonElement>(null);
  // The button that made the link is gone, and the focus with it.
  useEffect(() => done.current?.focus(), []);
  return (
    <div className="invite-made">
      <p role="status">{invitations.made}</p>
      <LinkText url={made.url} />
      <Qr svg={made.qr} label={invitations.qr} />
      <p>{invitations.until(deadlineText(made.expires_at, nowMs()))}</p>
      <div className="buttons">
        <button ref={done} type="button" className="button primary" onClick={onDone}>
          {invitations.done}
        </button>
      </div>
    </div>
  );
}
