/** What a room is, who is in it, and what whoever may can change of it (UX 3.5 J). Nothing is offered that is not allowed. */

import { type ReactNode, useState } from "react";
import type { RoomId } from "../../protocol";
import { useActions } from "../../react/useActions";
import { useStanding, useStore } from "../../react/useStore";
import { mayInRoom, type RoomAct } from "../../store/access";
import { Autolink } from "../../ui/Autolink";
import { strings } from "../../ui/strings";
import { LeaveRoom } from "../rooms/LeaveRoom";
import { RenameRoom } from "../rooms/RoomForm";
import { Members } from "./Members";
import { Newcomers } from "./Newcomers";
import { Notify } from "./Notify";
import { Posting } from "./Posting";
import "./Details.css";

export default function Details({ room }: { room: RoomId }): ReactNode {
  const standing = useStanding(room);
  const role = useStore((whole) => whole.you?.role);
  const [renaming, setRenaming] = useState(false);
  if (standing === null) return null;
  const may = (act: RoomAct) => mayInRoom(act, role, standing);
  const { kind, topic, history } = standing.room;
  const isDirect = kind === "direct";
  const readers = { lobby: () => strings.lobbyEmpty, open: strings.openRoomRead, closed: strings.closedRoomRead };
  return (
    <>
      {!isDirect && (
        <section className="detail">
          <h3>{strings.roomTopic}</h3>
          {topic === "" ? (
            <p className="detail-none">{strings.noTopic}</p>
          ) : (
            <p className="detail-topic" dir="auto">
              <Autolink text={topic} />
            </p>
          )}
          {may("RenameRoom") && (
            <button type="button" className="link" onClick={() => setRenaming(true)}>
              {strings.editNameAndTopic}
            </button>
          )}
        </section>
      )}
      <section className="detail">
        <h3>{strings.whoMayRead}</h3>
        <p>{isDirect ? strings.directRead : readers[kind](history)}</p>
      </section>
      <Notify room={room} />
      <Members room={room} standing={standing} />
      {(may("SetPosting") || standing.room.post_by === "managers" || standing.room.slow_s > 0) && (
        <Posting room={standing.room} mayChange={may("SetPosting")} />
      )}
      {!isDirect && <Newcomers room={standing.room} mayChange={may("SetHistory")} />}
      {(may("ArchiveRoom") || may("LeaveRoom")) && <Ending room={room} />}
      {renaming && <RenameRoom room={standing.room} onClose={() => setRenaming(false)} />}
    </>
  );
}

/** Letting the room rest, taking it up again, and leaving it. */
function Ending({ room }: { room: RoomId }): ReactNode {
  const { archiveRoom, restoreRoom } = useActions();
  const standing = useStanding(room);
  const role = useStore((whole) => whole.you?.role);
  const [refused, setRefused] = useState("");
  const [leaving, setLeaving] = useState(false);
  if (standing === null) return null;
  const { archived } = standing.room;

  async function rest(): Promise<void> {
    const done = await (archived ? restoreRoom(room) : archiveRoom(room));
    setRefused(done.ok ? "" : done.message);
  }

  return (
    <section className="detail detail-end">
      {mayInRoom(archived ? "RestoreRoom" : "ArchiveRoom", role, standing) && (
        <div>
          <button type="button" className="button quiet" onClick={() => void rest()}>
            {archived ? strings.takeUp : strings.archive}
          </button>
          <p className="detail-none">{archived ? strings.archivedRoom : strings.archiveMeans}</p>
        </div>
      )}
      {mayInRoom("LeaveRoom", role, standing) && (
        <button type="button" className="button quiet" onClick={() => setLeaving(true)}>
          {strings.leaveRoom}
        </button>
      )}
      {refused !== "" && (
        <p className="field-error" role="alert">
          {refused}
        </p>
      )}
      {leaving && <LeaveRoom room={standing.room} onClose={() => setLeaving(false)} />}
    </section>
  );
}
