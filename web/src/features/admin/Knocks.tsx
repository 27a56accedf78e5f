/** Who waits at the door (DOOR-5). */

import { type ReactNode, useEffect, useState } from "react";
import { declineKnocks, listKnocks, settleKnock } from "../../actions/admin";
import { every, nowMs } from "../../platform/clock";
import type { OpenKnock } from "../../protocol";
import { admin } from "../../ui/strings/admin";
import { momentText } from "../../ui/time";
import { Saying, useWord } from "../pages/Saved";
import { Waiting } from "../pages/Waiting";
import { Act } from "./Act";
import { Table } from "./Table";
import { usePaged } from "./usePaged";

/** Somebody at the door is waited for. */
const LOOK_EVERY_MS = 10_000;

export function Knocks(): ReactNode {
  const knocks = usePaged(listKnocks);
  const [word, say] = useWord();
  const [decliningAll, declineAll] = useState(false);
  const { again } = knocks;
  useEffect(() => every(LOOK_EVERY_MS, again), [again]);
  if (knocks.rows === null) return <Waiting of={{ ...knocks, value: null }} />;

  async function settle({ id, name }: OpenKnock, admitted: boolean): Promise<void> {
    const outcome = await settleKnock(id, admitted);
    const done = admitted ? admin.admitted(name) : admin.declined(name);
    say(outcome.ok ? { ok: true, text: done } : { ok: false, text: outcome.message });
    again();
  }

  return (
    <>
      <div className="table-head">
        <Saying word={word} />
        {knocks.rows.length > 1 && (
          <button type="button" className="button quiet" onClick={() => declineAll(true)}>
            {admin.declineAll}
          </button>
        )}
      </div>
      <Table
        label={admin.pages.knocks}
        rows={knocks.rows}
        keyOf={({ id }) => id}
        columns={[
          { label: admin.name, cell: ({ name }) => <bdi>{name}</bdi>, by: ({ name }) => name },
          { label: admin.says, cell: ({ note }) => note },
          { label: admin.asksSince, cell: ({ at }) => momentText(at, nowMs()), by: ({ at }) => at },
        ]}
        detail={({ note, at }) => [note, momentText(at, nowMs())].filter((part) => part !== "").join(" · ")}
        actions={(knock) => (
          <>
            <button
              type="button"
              className="button quiet"
              aria-label={admin.declineWho(knock.name)}
              onClick={() => void settle(knock, false)}
            >
              {admin.decline}
            </button>
            <button
              type="button"
              className="button primary"
              aria-label={admin.admitWho(knock.name)}
              onClick={() => void settle(knock, true)}
            >
              {admin.admit}
            </button>
          </>
        )}
        empty={admin.nobodyWaits}
        onMore={knocks.more}
      />
      {decliningAll && (
        <Act
          title={admin.declineAllTitle}
          how={admin.declineAllHow}
          button={admin.declineAll}
          danger
          onAct={declineKnocks}
          onDone={() => {
            say({ ok: true, text: admin.declinedAll });
            again();
          }}
          onClose={() => declineAll(false)}
        />
      )}
    </>
  );
}
