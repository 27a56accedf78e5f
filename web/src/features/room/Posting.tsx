/** Who may write in a room, and how often (ROOM-10, ROOM-11): saved as it is chosen, and put back when it is refused. */

import { type ReactNode, useEffect, useId, useState } from "react";
import { after } from "../../platform/clock";
import type { PostBy, Room } from "../../protocol";
import { useActions } from "../../react/useActions";
import { strings } from "../../ui/strings";
import "../../ui/choices.css";

/** What is offered; what another client chose is offered too. */
const WAITS_S = [0, 5, 10, 30, 60, 300, 900, 3_600, 21_600];
const SAID_MS = 2_000;

type Wanted = { readonly postBy: PostBy; readonly slowS: number };

export function Posting({ room, mayChange }: { room: Room; mayChange: boolean }): ReactNode {
  const { setPosting } = useActions();
  const [said, setSaid] = useState("");
  const [refused, setRefused] = useState("");
  const [name, slowId] = [useId(), useId()];
  // What was chosen holds before the room says it back: the next choice must not undo it.
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const { postBy, slowS } = wanted ?? { postBy: room.post_by, slowS: room.slow_s };
  useEffect(() => {
    if (said === "") return;
    return after(SAID_MS, () => {
      setSaid("");
      setWanted(null);
    });
  }, [said]);

  async function save(change: Partial<Wanted>): Promise<void> {
    const next = { postBy, slowS, ...change };
    setSaid("");
    setWanted(next);
    const done = await setPosting(room.id, next.postBy, next.slowS);
    setSaid(done.ok ? strings.saved : "");
    setRefused(done.ok ? "" : done.message);
    if (!done.ok) setWanted(null);
  }

  if (!mayChange) {
    return (
      <section className="detail">
        <h3>{strings.writing}</h3>
        {room.post_by === "managers" && <p>{strings.managersRoom}</p>}
        {room.slow_s > 0 && <p>{strings.slowRoom(room.slow_s)}</p>}
      </section>
    );
  }
  const waits = [...new Set([...WAITS_S, slowS])].sort((a, b) => a - b);
  const choice = (value: PostBy, words: string) => (
    <label className="choice">
      <input type="radio" name={name} checked={postBy === value} onChange={() => void save({ postBy: value })} />
      {words}
    </label>
  );
  return (
    <section className="detail">
      <div className="detail-title">
        <h3>{strings.writing}</h3>
        <span role="status">{said}</span>
      </div>
      <fieldset className="choices">
        <legend>{strings.whoMayWrite}</legend>
        {choice("everyone", strings.everyoneWrites)}
        {choice("managers", strings.managersWrite)}
      </fieldset>
      <div className="field">
        <label htmlFor={slowId}>{strings.slowMode}</label>
        <select id={slowId} value={slowS} onChange={(event) => void save({ slowS: Number(event.target.value) })}>
          {waits.map((seconds) => (
            <option key={seconds} value={seconds}>
              {seconds === 0 ? strings.slowOff : strings.slowEvery(seconds)}
            </option>
          ))}
        </select>
      </div>
      {refused !== "" && (
        <p className="field-error" role="alert">
          {refused}
        </p>
      )}
    </section>
  );
}
