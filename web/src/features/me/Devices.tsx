/** Where one is signed in, and how that ends (ACC-5). */

import type { ReactNode } from "react";
import { endOtherSessions, endSession, listSessions } from "../../actions/account";
import type { Outcome } from "../../actions/outcome";
import { nowMs } from "../../platform/clock";
import { me } from "../../ui/strings/me";
import { momentText } from "../../ui/time";
import { Saying, useWord } from "../pages/Saved";
import { useFetched } from "../pages/useFetched";
import { Waiting } from "../pages/Waiting";

export function Devices(): ReactNode {
  const sessions = useFetched(listSessions);
  const [word, say] = useWord();
  if (sessions.value === null) return <Waiting of={sessions} />;
  const others = sessions.value.length > 1;

  async function end(ending: Promise<Outcome<void>>): Promise<void> {
    const outcome = await ending;
    say(outcome.ok ? { ok: true, text: me.ended } : { ok: false, text: outcome.message });
    sessions.again();
  }

  return (
    <>
      <ul className="devices">
        {sessions.value.map(({ id, device, since, last_seen, this: own }) => (
          <li key={id}>
            <div>
              <p className="device">
                {device}
                {own && <span className="device-this"> {me.thisDevice}</span>}
              </p>
              <p className="field-hint">
                {me.seen(momentText(last_seen, nowMs()))}, {me.since(momentText(since, nowMs()))}
              </p>
            </div>
            {!own && (
              <button
                type="button"
                className="button quiet"
                aria-label={me.endOf(device)}
                onClick={() => void end(endSession(id))}
              >
                {me.end}
              </button>
            )}
          </li>
        ))}
      </ul>
      <div className="beside">
        {others ? (
          <button type="button" className="button danger" onClick={() => void end(endOtherSessions())}>
            {me.endOthers}
          </button>
        ) : (
          <p className="field-hint">{me.onlyThis}</p>
        )}
        <Saying word={word} />
      </div>
    </>
  );
}
