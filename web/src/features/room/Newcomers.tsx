/** What of a room's past newcomers see (ROOM-13): saved as it is chosen, and put back when it is refused. */

import { type ReactNode, useEffect, useId, useState } from "react";
import { after } from "../../platform/clock";
import type { History, Room } from "../../protocol";
import { useActions } from "../../react/useActions";
import { strings } from "../../ui/strings";
import "../../ui/choices.css";

const SAID_MS = 2_000;

export function Newcomers({ room, mayChange }: { room: Room; mayChange: boolean }): ReactNode {
  const { setHistory } = useActions();
  const [said, setSaid] = useState("");
  const [refused, setRefused] = useState("");
  // What was chosen holds before the room says it back.
  const [wanted, setWanted] = useState<History | null>(null);
  useEffect(() => {
    if (said === "") return;
    return after(SAID_MS, () => {
      setSaid("");
      setWanted(null);
    });
  }, [said]);

  async function save(history: History): Promise<void> {
    setSaid("");
    setWanted(history);
    const done = await setHistory(room.id, history);
    setSaid(done.ok ? strings.saved : "");
    setRefused(done.ok ? "" : done.message);
    if (!done.ok) setWanted(null);
  }

  if (!mayChange) {
    return (
      <section className="detail">
        <h3>{strings.newcomers}</h3>
        <p>{room.history === "all" ? strings.newcomersSeeAll : strings.newcomersSeeLater}</p>
      </section>
    );
  }
  return (
    <section className="detail">
      <div className="detail-title">
        <h3>{strings.newcomers}</h3>
        <span role="status">{said}</span>
      </div>
      <HistoryChoice chosen={wanted ?? room.history} onChoose={(history) => void save(history)} />
      <p className="detail-none">{strings.historyFromNow}</p>
      {refused !== "" && (
        <p className="field-error" role="alert">
          {refused}
        </p>
      )}
    </section>
  );
}

/** The two of them. */
export function HistoryChoice({
  chosen,
  onChoose,
}: {
  chosen: History;
  onChoose: (history: History) => void;
}): ReactNode {
  const name = useId();
  const choice = (value: History, words: string) => (
    <label className="choice">
      <input type="radio" name={name} checked={chosen === value} onChange={() => onChoose(value)} />
      {words}
    </label>
  );
  return (
    <fieldset className="choices">
      <legend>{strings.newcomersSee}</legend>
      {choice("all", strings.allHistory)}
      {choice("since_joining", strings.historySinceJoining)}
    </fieldset>
  );
}
