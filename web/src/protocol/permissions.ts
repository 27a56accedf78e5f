/** Made by `cargo xtask codegen` from the table of access (docs/PERMISSIONS.md). Do not edit. */

/** The roles of the house, in the order of the answers. */
export const ROLES = ["bot", "guest", "member", "administrator", "owner"] as const;

/** Who may do what in the house: 1 for each role that may. What depends on the door is not here. */
export const HOUSE_ACTS = {
  LookAround: "11111",
  UseLink: "11111",
  SignIn: "11111",
  SignOut: "11111",
  OwnAccount: "01111",
  Connect: "11111",
  CreateRoom: "00111",
  OpenDirect: "00111",
  ListRooms: "00111",
  Search: "11111",
  Block: "00111",
  OwnFiles: "11111",
  ListPeople: "00011",
  SetRole: "00011",
  SetHighRole: "00001",
  Suspend: "00011",
  SuspendHigh: "00001",
  Invite: "00011",
  InviteHigh: "00001",
  Admit: "00011",
  ResetLink: "00011",
  ResetHigh: "00001",
  SetHouse: "00001",
  ListAllRooms: "00011",
  Reports: "00011",
  ReadActs: "00011",
} as const;

/** Who may do what in a room they are in: for each role first as a plain member of the room, then as its manager. */
export const ROOM_ACTS = {
  ReadRoom: { archivedToo: true, lobby: "1111111111", open: "1111111111", closed: "1111111111", direct: "1111111111" },
  Post: { archivedToo: false, lobby: "1111111111", open: "1111111111", closed: "1111111111", direct: "1111111111" },
  PostAsManager: { archivedToo: false, lobby: "0000011111", open: "0000011111", closed: "0000010101", direct: "1111111111" },
  PostAtOnce: { archivedToo: false, lobby: "0000011111", open: "0000011111", closed: "0000010101", direct: "1111111111" },
  Typing: { archivedToo: true, lobby: "1111111111", open: "1111111111", closed: "1111111111", direct: "1111111111" },
  MarkRead: { archivedToo: true, lobby: "1111111111", open: "1111111111", closed: "1111111111", direct: "1111111111" },
  Report: { archivedToo: true, lobby: "1111111111", open: "1111111111", closed: "1111111111", direct: "1111111111" },
  Edit: { archivedToo: false, lobby: "1111111111", open: "1111111111", closed: "1111111111", direct: "1111111111" },
  DeleteOwn: { archivedToo: false, lobby: "1111111111", open: "1111111111", closed: "1111111111", direct: "1111111111" },
  DeleteAny: { archivedToo: false, lobby: "0000011111", open: "0000011111", closed: "0000010101", direct: "0000000000" },
  React: { archivedToo: false, lobby: "1111111111", open: "1111111111", closed: "1111111111", direct: "1111111111" },
  Pin: { archivedToo: false, lobby: "0000011111", open: "0000111111", closed: "0000111111", direct: "0000111111" },
  Save: { archivedToo: true, lobby: "1111111111", open: "1111111111", closed: "1111111111", direct: "1111111111" },
  Follow: { archivedToo: true, lobby: "1111111111", open: "1111111111", closed: "1111111111", direct: "1111111111" },
  SetNotify: { archivedToo: true, lobby: "1111111111", open: "1111111111", closed: "1111111111", direct: "1111111111" },
  MentionAll: { archivedToo: false, lobby: "0000011111", open: "0000111111", closed: "0000111111", direct: "0000111111" },
  RenameRoom: { archivedToo: false, lobby: "0000000000", open: "0000111111", closed: "0000010101", direct: "0000000000" },
  SetPosting: { archivedToo: false, lobby: "0000001111", open: "0000011111", closed: "0000010101", direct: "0000000000" },
  SetHistory: { archivedToo: false, lobby: "0000001111", open: "0000011111", closed: "0000010101", direct: "0000000000" },
  ArchiveRoom: { archivedToo: true, lobby: "0000000000", open: "0000011111", closed: "0000011111", direct: "0000000000" },
  RestoreRoom: { archivedToo: true, lobby: "0000000000", open: "0000011111", closed: "0000011111", direct: "0000000000" },
  JoinRoom: { archivedToo: false, lobby: "0000111111", open: "0000111111", closed: "0000111111", direct: "0000111111" },
  LeaveRoom: { archivedToo: true, lobby: "0000000000", open: "0000111111", closed: "0000111111", direct: "0000000000" },
  AddMember: { archivedToo: false, lobby: "0000000000", open: "0000111111", closed: "0000010101", direct: "0000000000" },
  RemoveMember: { archivedToo: true, lobby: "0000000000", open: "0000011111", closed: "0000010101", direct: "0000000000" },
  SetRoomRole: { archivedToo: false, lobby: "0000001111", open: "0000011111", closed: "0000010101", direct: "0000000000" },
} as const;
