/** The log of administrative acts, the newest first (ADM-6). */

import type { ReactNode } from "react";
import { listActs } from "../../actions/admin";
import { nowMs } from "../../platform/clock";
import type { AdminAct } from "../../protocol";
import { useStore } from "../../react/useStore";
import { admin } from "../../ui/strings/admin";
import { momentText } from "../../ui/time";
import { Waiting } from "../pages/Waiting";
import { Table } from "./Table";
import { usePaged } from "./usePaged";

export function Acts(): ReactNode {
  const acts = usePaged(listActs);
  const rooms = useStore((state) => state.rooms);
  if (acts.rows === null) return <Waiting of={{ ...acts, value: null }} />;
  const what = ({ act }: AdminAct) => admin.acts[act] ?? act.replaceAll("_", " ");
  const who = ({ by, by_name }: AdminAct) => (by === undefined ? admin.commandLine : by_name);
  const about = ({ whom_name, room }: AdminAct) =>
    [whom_name, room === undefined ? undefined : (rooms.get(room)?.state.room.name ?? admin.someRoom(room))]
      .filter((part) => part !== undefined)
      .join(", ");
  return (
    <Table
      label={admin.pages.acts}
      rows={acts.rows}
      keyOf={({ id }) => id}
      columns={[
        { label: admin.what, cell: what, by: what },
        { label: admin.whom, cell: about, by: about },
        { label: admin.note, cell: ({ note }) => note },
        { label: admin.who, cell: (act) => <bdi>{who(act)}</bdi>, by: who },
        { label: admin.when, cell: ({ at }) => momentText(at, nowMs()), by: ({ at }) => at },
      ]}
      detail={(act) =>
        [about(act), act.note, who(act), momentText(act.at, nowMs())].filter((part) => part !== "").join(" · ")
      }
      empty={admin.noActs}
      onMore={acts.more}
    />
  );
}
