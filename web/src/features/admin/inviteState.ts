/** Whether an invitation can be used now, and if not, why. */

import type { Invitation } from "../../protocol";

export type InviteState = "holds" | "used" | "revoked" | "over";

export function inviteState(invitation: Invitation, nowMs: number): InviteState {
  if (invitation.revoked_at !== undefined) return "revoked";
  if (invitation.uses_max > 0 && invitation.uses >= invitation.uses_max) return "used";
  return invitation.expires_at <= nowMs ? "over" : "holds";
}
