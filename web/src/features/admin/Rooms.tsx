/** Every room by name and kind, direct ones left out; nothing that is said in them (ADM-4). */

import { type ReactNode, useState } from "react";
import { archiveRoom, listAllRooms, restoreRoom } from "../../actions/admin";
import { nowMs } from "../../platform/clock";
import type { AdminRoom } from "../../protocol";
import { admin } from "../../ui/strings/admin";
import { momentText } from "../../ui/time";
import { Waiting } from "../pages/Waiting";
import { Act } from "./Act";
import { Table } from "./Table";
import { usePaged } from "./usePaged";

export function Rooms(): ReactNode {
  const rooms = usePaged(listAllRooms);
  const [about, open] = useState<AdminRoom | null>(null);
  if (rooms.rows === null) return <Waiting of={{ ...rooms, value: null }} />;
  const state = ({ archived_at }: AdminRoom) => (archived_at === undefined ? admin.inUse : admin.archived);
  // The lobby was there before there was a clock to say when.
  const since = (room: AdminRoom) => (room.since === 0 ? "" : momentText(room.since, nowMs()));
  return (
    <>
      <Table
        label={admin.pages.rooms}
        rows={rooms.rows}
        keyOf={({ id }) => id}
        columns={[
          { label: admin.name, cell: ({ name }) => name, by: ({ name }) => name },
          { label: admin.kind, cell: ({ kind }) => admin.kinds[kind], by: ({ kind }) => admin.kinds[kind] },
          { label: admin.members, cell: ({ members }) => members.toLocaleString("en"), by: ({ members }) => members },
          { label: admin.since, cell: since, by: (room) => room.since },
          { label: admin.state, cell: state, by: state },
        ]}
        detail={(room) => [admin.kinds[room.kind], `${admin.members}: ${room.members}`, state(room)].join(" · ")}
        actions={(room) =>
          room.kind !== "lobby" && (
            <button
              type="button"
              className="button quiet"
              aria-label={room.archived_at === undefined ? admin.archiveTitle(room.name) : admin.takeUpTitle(room.name)}
              onClick={() => open(room)}
            >
              {room.archived_at === undefined ? admin.archive : admin.takeUp}
            </button>
          )
        }
        empty={admin.nobody}
        onMore={rooms.more}
      />
      {about !== null && <Resting room={about} onDone={rooms.again} onClose={() => open(null)} />}
    </>
  );
}

type Props = { readonly room: AdminRoom; readonly onDone: () => void; readonly onClose: () => void };

function Resting({ room, ...ends }: Props): ReactNode {
  return room.archived_at === undefined ? (
    <Act
      title={admin.archiveTitle(room.name)}
      how={admin.archiveHow}
      button={admin.archive}
      danger
      onAct={(note) => archiveRoom(room.id, note)}
      {...ends}
    />
  ) : (
    <Act
      title={admin.takeUpTitle(room.name)}
      how={admin.takeUpHow}
      button={admin.takeUp}
      onAct={(note) => restoreRoom(room.id, note)}
      {...ends}
    />
  );
}
