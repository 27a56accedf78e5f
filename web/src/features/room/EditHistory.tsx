/** Every form of words that a message had, the present one last (TALK-2). */

import { type ReactNode, useEffect, useState } from "react";
import { nowMs } from "../../platform/clock";
import type { Edit } from "../../protocol";
import { useActions } from "../../react/useActions";
import type { Mark } from "../../store/state";
import { Dialog } from "../../ui/Dialog";
import { Markup } from "../../ui/Markup";
import { strings } from "../../ui/strings";
import { momentText, wholeText } from "../../ui/time";
import "./EditHistory.css";

export default function EditHistory({ at, onClose }: { at: Mark; onClose: () => void }): ReactNode {
  const { listEdits } = useActions();
  const [edits, setEdits] = useState<readonly Edit[] | null>(null);
  const [failed, setFailed] = useState("");
  useEffect(() => {
    void listEdits(at).then((found) => {
      if (found.ok) setEdits(found.value);
      else setFailed(found.message);
    });
  }, [at, listEdits]);
  return (
    <Dialog title={strings.editsTitle} onClose={onClose}>
      {failed !== "" && (
        <p className="field-error" role="alert">
          {failed}
        </p>
      )}
      <ol className="edit-history">
        {edits?.map(({ seq, at, text, tree }) => (
          <li key={seq}>
            <time dateTime={new Date(at).toISOString()} title={wholeText(at)}>
              {momentText(at, nowMs())}
            </time>
            <div dir="auto">{tree === undefined ? text : <Markup tree={tree} />}</div>
          </li>
        ))}
      </ol>
      <div className="buttons">
        <button type="button" className="button quiet" onClick={onClose}>
          {strings.close}
        </button>
      </div>
    </Dialog>
  );
}
