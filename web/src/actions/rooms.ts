/** What is done about rooms and who is in them. Who may is the house's to say; the page offers no more than that. */

import * as http from "../platform/http";
import type { History, ListedRoom, Member, PostBy, RoomId, RoomRole, UserId } from "../protocol";
import { type Outcome, outcome } from "./outcome";
import type { Asks } from "./types";

export type RoomActs = {
  /** Makes a room and goes there. */
  createRoom(name: string, topic: string, closed: boolean, history: History): Promise<Outcome<RoomId>>;
  renameRoom(room: RoomId, name: string, topic: string): Promise<Outcome<null>>;
  archiveRoom(room: RoomId): Promise<Outcome<null>>;
  restoreRoom(room: RoomId): Promise<Outcome<null>>;
  /** Says who may speak, and how many seconds each but the managers waits between two messages. */
  setPosting(room: RoomId, postBy: PostBy, slowS: number): Promise<Outcome<null>>;
  /** Says what of its past those see who become members from now on. */
  setHistory(room: RoomId, history: History): Promise<Outcome<null>>;
  addMember(room: RoomId, user: UserId): Promise<Outcome<null>>;
  removeMember(room: RoomId, user: UserId): Promise<Outcome<null>>;
  setRoomRole(room: RoomId, user: UserId, role: RoomRole): Promise<Outcome<null>>;
  listRooms(): Promise<Outcome<readonly ListedRoom[]>>;
  listMembers(room: RoomId): Promise<Outcome<readonly Member[]>>;
};

/** Makes them, of the two ways to ask the house. */
export function roomActs({ done, enterBy }: Asks): RoomActs {
  return {
    createRoom: (name, topic, closed, history) => enterBy({ t: "create_room", name, topic, closed, history }),
    renameRoom: (room, name, topic) => done({ t: "rename_room", room, name, topic }),
    archiveRoom: (room) => done({ t: "archive_room", room }),
    restoreRoom: (room) => done({ t: "restore_room", room }),
    setPosting: (room, post_by, slow_s) => done({ t: "set_posting", room, post_by, slow_s }),
    setHistory: (room, history) => done({ t: "set_history", room, history }),
    addMember: (room, user) => done({ t: "add_member", room, user }),
    removeMember: (room, user) => done({ t: "remove_member", room, user }),
    setRoomRole: (room, user, role) => done({ t: "set_room_role", room, user, role }),
    listRooms: async () => outcome(await http.rooms(), (value) => value.rooms),
    listMembers: async (room) => outcome(await http.members(room), (value) => value.members),
  };
}
