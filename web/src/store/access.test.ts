/** What is offered: the answers of the house's own table, read for the person and the room in question. */

import { expect, test } from "vitest";
import type { PostBy, Role, RoomKind, RoomRole } from "../protocol";
import { mayInHouse, mayInRoom, type RoomAct } from "./access";
import { aRoomState } from "./samples";

type Change = { kind?: RoomKind; archived?: boolean; post_by?: PostBy; role?: RoomRole };

function may(act: RoomAct, role: Role, change: Change = {}): boolean {
  const { role: inRoom = "member", ...room } = change;
  const state = aRoomState({ role: inRoom });
  return mayInRoom(act, role, { ...state, room: { ...state.room, kind: "open", ...room } });
}

test("ROOM-6: in an open room any person adds others, in a closed one its managers alone", () => {
  expect(may("AddMember", "member")).toBe(true);
  expect(may("AddMember", "guest")).toBe(false);
  expect(may("AddMember", "owner", { kind: "closed" })).toBe(false);
  expect(may("AddMember", "member", { kind: "closed", role: "manager" })).toBe(true);
});

test("ROOM-9: in an archived room nothing is said or changed but that it is left and taken up again", () => {
  const acts: RoomAct[] = ["Post", "RenameRoom", "AddMember", "LeaveRoom", "RestoreRoom"];
  const found = acts.filter((act) => may(act, "member", { archived: true, role: "manager" }));
  expect(found).toEqual(["LeaveRoom", "RestoreRoom"]);
});

test("ROOM-10: where managers alone speak, others may not, and an office does in an open room", () => {
  expect(may("Post", "member", { post_by: "managers" })).toBe(false);
  expect(may("Post", "member", { post_by: "managers", role: "manager" })).toBe(true);
  expect(may("Post", "administrator", { post_by: "managers" })).toBe(true);
  expect(may("Post", "administrator", { post_by: "managers", kind: "closed" })).toBe(false);
  expect(may("RenameRoom", "member", {})).toBe(true);
  expect(may("RenameRoom", "member", { post_by: "managers" })).toBe(false);
});

test("DIR-2, ROOM-3: a direct room and the lobby are not left, and guests begin nothing", () => {
  expect(may("LeaveRoom", "owner", { kind: "direct" })).toBe(false);
  expect(may("LeaveRoom", "owner", { kind: "lobby" })).toBe(false);
  expect(mayInHouse("OpenDirect", "guest")).toBe(false);
  expect(mayInHouse("OpenDirect", "member")).toBe(true);
  expect(mayInHouse("OpenDirect", undefined)).toBe(false);
});
