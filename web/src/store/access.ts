/** What somebody may do, by the house's own table; what is offered on the page is asked here. */

import type { Role, RoomState } from "../protocol";
import { HOUSE_ACTS, ROLES, ROOM_ACTS } from "../protocol/permissions";

export type HouseAct = keyof typeof HOUSE_ACTS;
export type RoomAct = keyof typeof ROOM_ACTS;

/** Whether who has this role in the house may do this there. */
export function mayInHouse(act: HouseAct, role: Role | undefined): boolean {
  return role !== undefined && HOUSE_ACTS[act][ROLES.indexOf(role)] === "1";
}

/** A room, and what somebody is in it. */
export type Standing = Pick<RoomState, "room" | "role">;

/** Whether who has this role in the house may do this in a room they are in. */
export function mayInRoom(act: RoomAct, role: Role | undefined, standing: Standing): boolean {
  const { room, role: inRoom } = standing;
  const answers = ROOM_ACTS[act];
  if (role === undefined || (room.archived && !answers.archivedToo)) return false;
  const may = answers[room.kind][2 * ROLES.indexOf(role) + (inRoom === "manager" ? 1 : 0)] === "1";
  // A topic is said to everyone, as a message is.
  const says = act === "Post" || act === "RenameRoom";
  return may && (!says || room.post_by !== "managers" || mayInRoom("PostAsManager", role, standing));
}
