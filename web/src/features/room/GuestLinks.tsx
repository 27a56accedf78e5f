/** What is asked once a guest was removed: whether the links that let guests into the room are taken back (LINK-4). */

import { type ReactNode, useEffect, useState } from "react";
import { listInvitations, revokeInvitation } from "../../actions/admin";
import { nowMs } from "../../platform/clock";
import type { Invitation, RoomId } from "../../protocol";
import { Dialog } from "../../ui/Dialog";
import { Form, SendButton, useForm } from "../../ui/Form";
import { admin } from "../../ui/strings/admin";
import { invitations } from "../../ui/strings/invitations";
import { inviteState } from "../admin/inviteState";

type Props = { readonly room: RoomId; readonly name: string; readonly onClose: () => void };

export function GuestLinks({ room, name, onClose }: Props): ReactNode {
  const [links, setLinks] = useState<readonly Invitation[]>([]);
  const form = useForm({}, async () => {
    for (const { id } of links) {
      const outcome = await revokeInvitation(id, invitations.afterRemoval(name));
      if (!outcome.ok) return outcome;
    }
    onClose();
    return { ok: true, value: undefined };
  });
  useEffect(() => {
    let wanted = true;
    void linksTo(room).then((found) => {
      if (!wanted) return;
      if (found.length === 0) onClose();
      else setLinks(found);
    });
    return () => {
      wanted = false;
    };
  }, [room, onClose]);
  if (links.length === 0) return null;
  return (
    <Dialog title={invitations.stillHold(links.length)} onClose={onClose}>
      <Form form={form}>
        <p className="pages-how">{invitations.stillHoldHow(name)}</p>
        <div className="buttons">
          <button type="button" className="button quiet" onClick={onClose}>
            {invitations.leaveLinks}
          </button>
          <SendButton form={form}>{admin.revoke}</SendButton>
        </div>
      </Form>
    </Dialog>
  );
}

/** The links that let guests into a room now: all pages of them, the newest first; what could be fetched where one fails. */
async function linksTo(room: RoomId): Promise<readonly Invitation[]> {
  const found: Invitation[] = [];
  let before: number | null = null;
  for (;;) {
    const page = await listInvitations(before);
    if (!page.ok || page.value.length === 0) return found;
    const leads = (one: Invitation) => one.role === "guest" && one.rooms.includes(room);
    found.push(...page.value.filter((one) => leads(one) && inviteState(one, nowMs()) === "holds"));
    before = page.value.at(-1)?.id ?? null;
  }
}
