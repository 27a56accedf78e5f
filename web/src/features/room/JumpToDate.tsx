/** Goes to the first message of a day (UX 3.7.4). */

import { type FormEvent, type ReactNode, useId, useState } from "react";
import { nowMs } from "../../platform/clock";
import type { RoomId } from "../../protocol";
import { useActions } from "../../react/useActions";
import { Dialog } from "../../ui/Dialog";
import { strings } from "../../ui/strings";

/** As a field of dates writes it: in the reader's own zone. */
function dateOf(ms: number): string {
  const date = new Date(ms);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export default function JumpToDate({ room, onClose }: { room: RoomId; onClose: () => void }): ReactNode {
  const { jumpToMoment } = useActions();
  const [date, setDate] = useState(() => dateOf(nowMs()));
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState(false);
  const [dateId, errorId] = [useId(), useId()];

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const day = new Date(`${date}T00:00`).getTime();
    if (busy || Number.isNaN(day)) return;
    setBusy(true);
    const went = await jumpToMoment(room, day);
    setBusy(false);
    if (went.ok) onClose();
    else setRefused(went.message);
  }

  return (
    <Dialog title={strings.jumpToDate} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <div className="field">
          <label htmlFor={dateId}>{strings.day}</label>
          <input
            id={dateId}
            type="date"
            value={date}
            max={dateOf(nowMs())}
            onChange={(event) => {
              setDate(event.target.value);
              setRefused("");
            }}
            aria-invalid={refused !== ""}
            aria-describedby={refused === "" ? undefined : errorId}
          />
          {refused !== "" && (
            <p id={errorId} className="field-error" role="alert">
              {refused}
            </p>
          )}
        </div>
        <div className="buttons">
          <button type="button" className="button quiet" onClick={onClose}>
            {strings.cancel}
          </button>
          <button type="submit" className="button primary" disabled={date === ""}>
            {strings.show}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
