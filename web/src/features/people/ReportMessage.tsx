/** Shows a message to those who look after the house (MOD-1). */

import { type FormEvent, type ReactNode, useId, useState } from "react";
import type { Author } from "../../protocol";
import { useActions } from "../../react/useActions";
import type { Mark } from "../../store/state";
import { Dialog } from "../../ui/Dialog";
import { strings } from "../../ui/strings";
import "../../ui/choices.css";

type Props = { readonly who: Author; readonly at: Mark; readonly onClose: () => void };

export default function ReportMessage({ who, at, onClose }: Props): ReactNode {
  const { report } = useActions();
  const [note, setNote] = useState("");
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState(false);
  const [noteId, errorId, meansId] = [useId(), useId(), useId()];

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    const done = await report(at, note.trim());
    setBusy(false);
    if (done.ok) onClose();
    else setRefused(done.message);
  }

  return (
    <Dialog title={strings.reportTitle(who.name)} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <div className="field">
          <label htmlFor={noteId}>{strings.reportNote}</label>
          <textarea
            id={noteId}
            rows={3}
            value={note}
            onChange={(event) => setNote(event.target.value)}
            aria-invalid={refused !== ""}
            aria-describedby={refused === "" ? meansId : `${errorId} ${meansId}`}
          />
          {refused !== "" && (
            <p id={errorId} className="field-error" role="alert">
              {refused}
            </p>
          )}
          <p id={meansId} className="field-means">
            {strings.reportMeans}
          </p>
        </div>
        <div className="buttons">
          <button type="button" className="button quiet" onClick={onClose}>
            {strings.cancel}
          </button>
          <button type="submit" className="button primary">
            {strings.report}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
