/** What is written in the note: the link, or after a reload, which forgets it, a button that makes another. */

import { type ReactNode, useState } from "react";
import { makeFirstInvitation } from "../../actions/admin";
import { useApp } from "../../react/AppContext";
import { useStore } from "../../react/useStore";
import { Icon } from "../../ui/Icon";
import { invitations } from "../../ui/strings/invitations";
import { LinkText } from "./LinkText";
import "./invite.css";

export function FirstInvitation({ onClose }: { onClose: () => void }): ReactNode {
  const { store } = useApp();
  const url = useStore((state) => state.firstInvitation);
  const [failed, setFailed] = useState("");
  return (
    <aside className="note" aria-label={invitations.invitePeople}>
      <p className="note-words">{invitations.invitePeople}:</p>
      {url === null ? (
        <button type="button" className="button quiet" onClick={() => void makeFirstInvitation(store).then(setFailed)}>
          {invitations.makeLink}
        </button>
      ) : (
        <LinkText url={url} />
      )}
      <button type="button" className="menu-button note-close" aria-label={invitations.putAway} onClick={onClose}>
        <Icon name="close" />
      </button>
      {failed !== "" && (
        <p className="field-error note-failed" role="alert">
          {failed}
        </p>
      )}
    </aside>
  );
}
