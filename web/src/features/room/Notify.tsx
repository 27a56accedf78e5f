/** What of a room counts as unread for oneself (UNR-3): saved as it is chosen. */

import { type ReactNode, useId, useState } from "react";
import type { NotifyLevel, RoomId } from "../../protocol";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import { strings } from "../../ui/strings";
import "../../ui/choices.css";

const LEVELS: readonly NotifyLevel[] = ["all", "mentions", "nothing"];

export function Notify({ room }: { room: RoomId }): ReactNode {
  const { setNotify } = useActions();
  const known = useStore((state) => state.rooms.get(room)?.state.notify ?? "all");
  // What was chosen holds before the house has said so.
  const [wanted, setWanted] = useState<NotifyLevel | null>(null);
  const level = wanted ?? known;
  const [refused, setRefused] = useState("");
  const name = useId();
  async function choose(value: NotifyLevel): Promise<void> {
    setWanted(value);
    const done = await setNotify(room, value);
    setWanted(null);
    setRefused(done.ok ? "" : done.message);
  }
  return (
    <section className="detail">
      <h3>{strings.notifyTitle}</h3>
      <fieldset className="choices">
        <legend className="hidden">{strings.notifyTitle}</legend>
        {LEVELS.map((value) => (
          <label key={value} className="choice">
            <input type="radio" name={name} checked={level === value} onChange={() => void choose(value)} />
            {strings.notifyLevels[value]}
          </label>
        ))}
      </fieldset>
      {refused !== "" && (
        <p className="field-error" role="alert">
          {refused}
        </p>
      )}
    </section>
  );
}
