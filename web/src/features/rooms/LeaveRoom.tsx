/** Leaving a room: asked once more where one does not come back by oneself, and where it is refused, that is said. */

import { type ReactNode, useState } from "react";
import type { Room } from "../../protocol";
import { useActions } from "../../react/useActions";
import { Dialog } from "../../ui/Dialog";
import { strings } from "../../ui/strings";

export function LeaveRoom({ room, onClose }: { room: Room; onClose: () => void }): ReactNode {
  const { leaveRoom } = useActions();
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState(false);

  async function leave(): Promise<void> {
    if (busy) return;
    setBusy(true);
    const left = await leaveRoom(room.id);
    setBusy(false);
    if (left.ok) onClose();
    else setRefused(left.message);
  }

  return (
    <Dialog title={strings.leaveNamed(room.name)} onClose={onClose}>
      {room.kind === "closed" && <p className="dialog-words">{strings.leaveClosed}</p>}
      {refused !== "" && (
        <p className="field-error dialog-words" role="alert">
          {refused}
        </p>
      )}
      <div className="buttons">
        <button type="button" className="button quiet" onClick={onClose}>
          {strings.cancel}
        </button>
        <button type="button" className="button primary" onClick={() => void leave()}>
          {strings.leave}
        </button>
      </div>
    </Dialog>
  );
}
