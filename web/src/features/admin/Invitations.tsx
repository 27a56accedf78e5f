/** Invitations and guest links: which hold, who made them, how often they were used; made and taken back (LINK-1). */

import { type ReactNode, useState } from "react";
import { listInvitations, revokeInvitation } from "../../actions/admin";
import { nowMs } from "../../platform/clock";
import type { Invitation } from "../../protocol";
import { useStore } from "../../react/useStore";
import { admin } from "../../ui/strings/admin";
import { roleWords } from "../../ui/strings/invitations";
import { deadlineText } from "../../ui/time";
import { InviteDialog } from "../invite/InviteDialog";
import { Waiting } from "../pages/Waiting";
import { Act } from "./Act";
import { inviteState } from "./inviteState";
import { Table } from "./Table";
import { usePaged } from "./usePaged";

export function Invitations(): ReactNode {
  const invitations = usePaged(listInvitations);
  const rooms = useStore((state) => state.rooms);
  const [making, make] = useState(false);
  const [revoking, revoke] = useState<Invitation | null>(null);
  const state = (invitation: Invitation) => admin.inviteStates[inviteState(invitation, nowMs())];
  const gives = ({ role, rooms: ids }: Invitation) =>
    [roleWords[role], ...ids.map((id) => rooms.get(id)?.state.room.name ?? admin.someRoom(id))].join(", ");
  const until = ({ expires_at }: Invitation) => deadlineText(expires_at, nowMs());
  const name = ({ id, note }: Invitation) => (note === "" ? admin.unnamed(id) : note);

  return (
    <>
      <div className="table-head">
        <button type="button" className="button primary" onClick={() => make(true)}>
          {admin.newInvitation}
        </button>
      </div>
      {invitations.rows === null ? (
        <Waiting of={{ ...invitations, value: null }} />
      ) : (
        <Table
          label={admin.pages.invitations}
          rows={invitations.rows}
          keyOf={({ id }) => id}
          columns={[
            { label: admin.forWhom, cell: name, by: name },
            { label: admin.gives, cell: gives, by: gives },
            { label: admin.madeBy, cell: ({ by }) => <bdi>{by}</bdi>, by: ({ by }) => by },
            {
              label: admin.used,
              cell: ({ uses, uses_max }) => admin.usedOf(uses, uses_max),
              by: ({ uses }) => uses,
            },
            { label: admin.holdsUntil, cell: until, by: ({ expires_at }) => expires_at },
            { label: admin.state, cell: state, by: state },
          ]}
          detail={(one) => [gives(one), admin.usedSoFar(one.uses, one.uses_max), state(one), until(one)].join(" · ")}
          actions={(one) =>
            inviteState(one, nowMs()) === "holds" && (
              <button
                type="button"
                className="button quiet"
                aria-label={admin.revokeTitle(name(one))}
                onClick={() => revoke(one)}
              >
                {admin.revoke}
              </button>
            )
          }
          empty={admin.noInvitations}
          onMore={invitations.more}
        />
      )}
      {making && <InviteDialog onMade={invitations.again} onClose={() => make(false)} />}
      {revoking !== null && (
        <Act
          title={admin.revokeTitle(name(revoking))}
          how={admin.revokeHow}
          button={admin.revoke}
          danger
          onAct={(note) => revokeInvitation(revoking.id, note)}
          onDone={invitations.again}
          onClose={() => revoke(null)}
        />
      )}
    </>
  );
}
