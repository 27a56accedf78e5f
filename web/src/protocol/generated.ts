/** Made by `cargo xtask codegen` from crates/protocol. Do not edit. */

export type RoomId = number;

export type UserId = number;

export type Seq = number;

export type ClientId = string;

export type FileId = string;

export type Epoch = string;

export type Timestamp = number;

export type Role = "bot" | "guest" | "member" | "administrator" | "owner";

export type User = { 
/**
 * Who.
 */
id: UserId, 
/**
 * The name shown, unique among those who hold a session.
 */
name: string, 
/**
 * True for a guest of the classic wire, who has no session.
 */
guest: boolean, 
/**
 * The role in the house.
 */
role: Role, };

export type Door = "open" | "invitation" | "approval";

export type RoomsBy = "everyone" | "administrators";

export type HouseLimits = { 
/**
 * Messages of one person a second, lastingly; four times as many at once (MSG-5).
 */
posts_per_second: number, 
/**
 * Who may make rooms.
 */
rooms_by: RoomsBy, 
/**
 * Whether the house looks at where messages lead (CARD-1).
 */
link_cards: boolean, };

export type House = { 
/**
 * Its name.
 */
name: string, 
/**
 * Who may come in.
 */
door: Door, 
/**
 * How many people have come in so far, guests of the classic wire not counted.
 */
people: number, 
/**
 * How many people have a connection open now.
 */
here: number, 
/**
 * What everybody may do here.
 */
limits: HouseLimits, };

export type RoomKind = "lobby" | "open" | "closed" | "direct";

export type RoomRole = "manager" | "member";

export type History = "all" | "since_joining";

export type PostBy = "everyone" | "managers";

export type Room = { 
/**
 * Which.
 */
id: RoomId, 
/**
 * Its name without the `#`; unique among the lobby and the open rooms, empty for a direct room.
 */
name: string, 
/**
 * One line under the name; may be empty.
 */
topic: string, 
/**
 * Who may enter.
 */
kind: RoomKind, 
/**
 * Nothing more is said here, until it is taken up again.
 */
archived: boolean, 
/**
 * Who may speak.
 */
post_by: PostBy, 
/**
 * Everyone but its managers waits this long between two messages, in seconds; 0 for not at all.
 */
slow_s: number, 
/**
 * What of its past newcomers see.
 */
history: History, };

export type Author = { 
/**
 * Who.
 */
id: UserId, 
/**
 * The name at that moment.
 */
name: string, };

export type Answers = { 
/**
 * The message of the same room that it quotes, by reference: who may not see that one, or when it was deleted, sees that
 * it is not there.
 */
quote?: Seq, 
/**
 * The message that its thread is about: it is a reply there.
 */
thread?: Seq, 
/**
 * The reply stands in the room as well; absent where it stands in its thread alone.
 */
also_in_room?: boolean, };

export type Mentioned = { "person": UserId } | { "room": RoomId } | "everyone" | "here";

export type Mention = { 
/**
 * As it was written, with its sign: `@ada`, `#engineering`, `@room`.
 */
words: string, 
/**
 * What it names.
 */
of: Mentioned, };

export type Edited = { 
/**
 * The event that made it.
 */
seq: Seq, 
/**
 * When.
 */
at: Timestamp, };

export type Deleted = { 
/**
 * The event that made it.
 */
seq: Seq, 
/**
 * When.
 */
at: Timestamp, 
/**
 * Who deleted it.
 */
by: Author, };

export type NotifyLevel = "all" | "mentions" | "nothing";

export type RoomState = { 
/**
 * The room.
 */
room: Room, 
/**
 * Its last seq; 0 when nothing happened yet.
 */
head: Seq, 
/**
 * The last seq that is no longer kept; 0 when everything is.
 */
floor: Seq, 
/**
 * The first seq this member may read.
 */
since: Seq, 
/**
 * How far this member has read.
 */
read: Seq, 
/**
 * What is unread (UNR-1), at most [`crate::limits::UNREAD_COUNT_MAX`].
 */
unread: number, 
/**
 * How much of it mentions this member, at most as many.
 */
mentions: number, 
/**
 * What counts as unread; absent for everything that is said.
 */
notify?: NotifyLevel, 
/**
 * How many members the room has.
 */
members: number, 
/**
 * How many of them have a connection open now.
 */
online: number, 
/**
 * What this member is in it.
 */
role: RoomRole, 
/**
 * In a direct room the others, by name, at most [`crate::limits::DIRECT_NAMES_MAX`]; absent in any other.
 */
with?: Array<Author>, };

export type ThreadState = { 
/**
 * Where it is.
 */
room: RoomId, 
/**
 * The message that it is about.
 */
thread: Seq, 
/**
 * How many replies it has, those that were deleted left out; counted up to [`crate::limits::THREAD_REPLIES_COUNT_MAX`].
 */
replies: number, 
/**
 * The newest of them; absent where there is none.
 */
last?: Event, 
/**
 * Who replied, the newest first, at most [`crate::limits::THREAD_PEOPLE_MAX`].
 */
people: Array<Author>, 
/**
 * Whether the reader follows it.
 */
following: boolean, 
/**
 * How far the reader has read in it; 0 where they do not follow it.
 */
read: Seq, 
/**
 * What is unread in it (UNR-1), at most [`crate::limits::UNREAD_COUNT_MAX`]. It is part of what is unread in the room.
 */
unread: number, 
/**
 * How much of it mentions the reader.
 */
mentions: number, 
/**
 * The room's head when this was read: later events count on top.
 */
head: Seq, };

export type Hello = { 
/**
 * The epoch the cursors belong to; absent on a first visit.
 */
epoch?: Epoch, 
/**
 * The last seq held of each room. Rooms of the person that are not named start at their head.
 */
cursors: Array<[RoomId, Seq]>, };

export type Command = { "t": "hello" } & Hello | { "t": "post", 
/**
 * Where.
 */
room: RoomId, 
/**
 * The sender's own id of this message; the same id is answered with the first result.
 */
client_id: ClientId, 
/**
 * The words, at most [`crate::limits::BODY_BYTES_MAX`] bytes of UTF-8; may be empty with files.
 */
text: string, 
/**
 * What it answers; absent where it stands for itself.
 */
answers?: Answers, 
/**
 * Files that the sender has brought for this room, at most [`crate::limits::FILES_PER_MESSAGE_MAX`]; each goes once.
 */
files?: Array<FileId>, } | { "t": "edit", 
/**
 * Where it was said.
 */
room: RoomId, 
/**
 * Which message.
 */
seq: Seq, 
/**
 * The words from now on, at most [`crate::limits::BODY_BYTES_MAX`] bytes of UTF-8.
 */
text: string, } | { "t": "delete", 
/**
 * Where it was said.
 */
room: RoomId, 
/**
 * Which message.
 */
seq: Seq, } | { "t": "remove_cards", 
/**
 * Where it was said.
 */
room: RoomId, 
/**
 * Which message.
 */
seq: Seq, } | { "t": "react", 
/**
 * Where it was said.
 */
room: RoomId, 
/**
 * Which message.
 */
seq: Seq, 
/**
 * One emoji, at most [`crate::limits::EMOJI_BYTES_MAX`] bytes.
 */
emoji: string, } | { "t": "unreact", 
/**
 * Where it was said.
 */
room: RoomId, 
/**
 * Which message.
 */
seq: Seq, 
/**
 * The emoji.
 */
emoji: string, } | { "t": "pin", 
/**
 * Where it was said.
 */
room: RoomId, 
/**
 * Which message.
 */
seq: Seq, } | { "t": "unpin", 
/**
 * Where it was said.
 */
room: RoomId, 
/**
 * Which message.
 */
seq: Seq, } | { "t": "save", 
/**
 * Where it was said.
 */
room: RoomId, 
/**
 * Which message.
 */
seq: Seq, } | { "t": "unsave", 
/**
 * Where it was said.
 */
room: RoomId, 
/**
 * Which message.
 */
seq: Seq, } | { "t": "follow", 
/**
 * Where it is.
 */
room: RoomId, 
/**
 * The message that the thread is about.
 */
thread: Seq, } | { "t": "unfollow", 
/**
 * Where it is.
 */
room: RoomId, 
/**
 * The message that the thread is about.
 */
thread: Seq, } | { "t": "set_notify", 
/**
 * Which room.
 */
room: RoomId, 
/**
 * What.
 */
level: NotifyLevel, } | { "t": "count", 
/**
 * Which room.
 */
room: RoomId, } | { "t": "catch_up", 
/**
 * Which room.
 */
room: RoomId, 
/**
 * The last seq the client holds.
 */
after: Seq, } | { "t": "mark_read", 
/**
 * Which room.
 */
room: RoomId, 
/**
 * The last seq read.
 */
seq: Seq, 
/**
 * The thread that was read; absent for the room.
 */
thread?: Seq, } | { "t": "mark_unread", 
/**
 * Which room.
 */
room: RoomId, 
/**
 * The first seq to be unread.
 */
seq: Seq, 
/**
 * The thread that it is about; absent for the room.
 */
thread?: Seq, } | { "t": "typing", 
/**
 * Where.
 */
room: RoomId, } | { "t": "away", 
/**
 * Whether they are.
 */
away: boolean, } | { "t": "create_room", 
/**
 * Its name, without `#`.
 */
name: string, 
/**
 * One line about it; may be empty.
 */
topic: string, 
/**
 * Whether it is a closed room; absent for an open one.
 */
closed?: boolean, 
/**
 * What of its past newcomers see; absent for everything.
 */
history?: History, } | { "t": "open_direct", 
/**
 * Who else is in it, in any order, at most [`crate::limits::DIRECT_PEOPLE_MAX`] with the person.
 */
people: Array<UserId>, } | { "t": "rename_room", 
/**
 * Which room.
 */
room: RoomId, 
/**
 * The new name.
 */
name: string, 
/**
 * The new topic.
 */
topic: string, } | { "t": "archive_room", 
/**
 * Which room.
 */
room: RoomId, } | { "t": "restore_room", 
/**
 * Which room.
 */
room: RoomId, } | { "t": "set_posting", 
/**
 * Which room.
 */
room: RoomId, 
/**
 * Who.
 */
post_by: PostBy, 
/**
 * Everyone but its managers waits this long between two messages, in seconds, at most
 * [`crate::limits::SLOW_S_MAX`]; 0 for not at all.
 */
slow_s: number, } | { "t": "set_history", 
/**
 * Which room.
 */
room: RoomId, 
/**
 * What.
 */
history: History, } | { "t": "join_room", 
/**
 * Which room.
 */
room: RoomId, } | { "t": "leave_room", 
/**
 * Which room.
 */
room: RoomId, } | { "t": "add_member", 
/**
 * Of which room.
 */
room: RoomId, 
/**
 * Whom.
 */
user: UserId, } | { "t": "remove_member", 
/**
 * Of which room.
 */
room: RoomId, 
/**
 * Whose.
 */
user: UserId, } | { "t": "set_room_role", 
/**
 * Of which room.
 */
room: RoomId, 
/**
 * Whom.
 */
user: UserId, 
/**
 * What they are from now on.
 */
role: RoomRole, } | { "t": "report", 
/**
 * Where it was said.
 */
room: RoomId, 
/**
 * Which message.
 */
seq: Seq, 
/**
 * What is wrong with it; may be empty, at most [`crate::limits::NOTE_BYTES_MAX`] bytes.
 */
note: string, } | { "t": "block", 
/**
 * Whom.
 */
user: UserId, } | { "t": "unblock", 
/**
 * Whose.
 */
user: UserId, } | { "t": "ping" };

export type ClientFrame = { 
/**
 * Chosen by the client, echoed in the reply or refusal. Any number from 0 to 2^32-1.
 */
ref: number, } & ({ "t": "hello" } & Hello | { "t": "post", 
/**
 * Where.
 */
room: RoomId, 
/**
 * The sender's own id of this message; the same id is answered with the first result.
 */
client_id: ClientId, 
/**
 * The words, at most [`crate::limits::BODY_BYTES_MAX`] bytes of UTF-8; may be empty with files.
 */
text: string, 
/**
 * What it answers; absent where it stands for itself.
 */
answers?: Answers, 
/**
 * Files that the sender has brought for this room, at most [`crate::limits::FILES_PER_MESSAGE_MAX`]; each goes once.
 */
files?: Array<FileId>, } | { "t": "edit", 
/**
 * Where it was said.
 */
room: RoomId, 
/**
 * Which message.
 */
seq: Seq, 
/**
 * The words from now on, at most [`crate::limits::BODY_BYTES_MAX`] bytes of UTF-8.
 */
text: string, } | { "t": "delete", 
/**
 * Where it was said.
 */
room: RoomId, 
/**
 * Which message.
 */
seq: Seq, } | { "t": "remove_cards", 
/**
 * Where it was said.
 */
room: RoomId, 
/**
 * Which message.
 */
seq: Seq, } | { "t": "react", 
/**
 * Where it was said.
 */
room: RoomId, 
/**
 * Which message.
 */
seq: Seq, 
/**
 * One emoji, at most [`crate::limits::EMOJI_BYTES_MAX`] bytes.
 */
emoji: string, } | { "t": "unreact", 
/**
 * Where it was said.
 */
room: RoomId, 
/**
 * Which message.
 */
seq: Seq, 
/**
 * The emoji.
 */
emoji: string, } | { "t": "pin", 
/**
 * Where it was said.
 */
room: RoomId, 
/**
 * Which message.
 */
seq: Seq, } | { "t": "unpin", 
/**
 * Where it was said.
 */
room: RoomId, 
/**
 * Which message.
 */
seq: Seq, } | { "t": "save", 
/**
 * Where it was said.
 */
room: RoomId, 
/**
 * Which message.
 */
seq: Seq, } | { "t": "unsave", 
/**
 * Where it was said.
 */
room: RoomId, 
/**
 * Which message.
 */
seq: Seq, } | { "t": "follow", 
/**
 * Where it is.
 */
room: RoomId, 
/**
 * The message that the thread is about.
 */
thread: Seq, } | { "t": "unfollow", 
/**
 * Where it is.
 */
room: RoomId, 
/**
 * The message that the thread is about.
 */
thread: Seq, } | { "t": "set_notify", 
/**
 * Which room.
 */
room: RoomId, 
/**
 * What.
 */
level: NotifyLevel, } | { "t": "count", 
/**
 * Which room.
 */
room: RoomId, } | { "t": "catch_up", 
/**
 * Which room.
 */
room: RoomId, 
/**
 * The last seq the client holds.
 */
after: Seq, } | { "t": "mark_read", 
/**
 * Which room.
 */
room: RoomId, 
/**
 * The last seq read.
 */
seq: Seq, 
/**
 * The thread that was read; absent for the room.
 */
thread?: Seq, } | { "t": "mark_unread", 
/**
 * Which room.
 */
room: RoomId, 
/**
 * The first seq to be unread.
 */
seq: Seq, 
/**
 * The thread that it is about; absent for the room.
 */
thread?: Seq, } | { "t": "typing", 
/**
 * Where.
 */
room: RoomId, } | { "t": "away", 
/**
 * Whether they are.
 */
away: boolean, } | { "t": "create_room", 
/**
 * Its name, without `#`.
 */
name: string, 
/**
 * One line about it; may be empty.
 */
topic: string, 
/**
 * Whether it is a closed room; absent for an open one.
 */
closed?: boolean, 
/**
 * What of its past newcomers see; absent for everything.
 */
history?: History, } | { "t": "open_direct", 
/**
 * Who else is in it, in any order, at most [`crate::limits::DIRECT_PEOPLE_MAX`] with the person.
 */
people: Array<UserId>, } | { "t": "rename_room", 
/**
 * Which room.
 */
room: RoomId, 
/**
 * The new name.
 */
name: string, 
/**
 * The new topic.
 */
topic: string, } | { "t": "archive_room", 
/**
 * Which room.
 */
room: RoomId, } | { "t": "restore_room", 
/**
 * Which room.
 */
room: RoomId, } | { "t": "set_posting", 
/**
 * Which room.
 */
room: RoomId, 
/**
 * Who.
 */
post_by: PostBy, 
/**
 * Everyone but its managers waits this long between two messages, in seconds, at most
 * [`crate::limits::SLOW_S_MAX`]; 0 for not at all.
 */
slow_s: number, } | { "t": "set_history", 
/**
 * Which room.
 */
room: RoomId, 
/**
 * What.
 */
history: History, } | { "t": "join_room", 
/**
 * Which room.
 */
room: RoomId, } | { "t": "leave_room", 
/**
 * Which room.
 */
room: RoomId, } | { "t": "add_member", 
/**
 * Of which room.
 */
room: RoomId, 
/**
 * Whom.
 */
user: UserId, } | { "t": "remove_member", 
/**
 * Of which room.
 */
room: RoomId, 
/**
 * Whose.
 */
user: UserId, } | { "t": "set_room_role", 
/**
 * Of which room.
 */
room: RoomId, 
/**
 * Whom.
 */
user: UserId, 
/**
 * What they are from now on.
 */
role: RoomRole, } | { "t": "report", 
/**
 * Where it was said.
 */
room: RoomId, 
/**
 * Which message.
 */
seq: Seq, 
/**
 * What is wrong with it; may be empty, at most [`crate::limits::NOTE_BYTES_MAX`] bytes.
 */
note: string, } | { "t": "block", 
/**
 * Whom.
 */
user: UserId, } | { "t": "unblock", 
/**
 * Whose.
 */
user: UserId, } | { "t": "ping" });

export type Align = "none" | "left" | "center" | "right";

export type Inline = { "emphasis": Array<Inline> } | { "strong": Array<Inline> } | { "strike": Array<Inline> } | { "spoiler": Array<Inline> } | { "code": string } | { "link": { 
/**
 * Where to: `http:`, `https:` or `mailto:`.
 */
to: string, 
/**
 * Its words; never empty.
 */
of: Array<Inline>, } } | string;

export type Item = { 
/**
 * Whether the task is done; absent where the item is none.
 */
done?: boolean, 
/**
 * What is in it.
 */
of: Array<Block>, };

export type Block = { "paragraph": Array<Inline> } | { "heading": { 
/**
 * 1 to 6.
 */
level: number, 
/**
 * Its words.
 */
of: Array<Inline>, } } | { "quote": Array<Block> } | { "list": { 
/**
 * The first number; absent where the items have none.
 */
start?: number, 
/**
 * Its items.
 */
items: Array<Item>, } } | { "code": { 
/**
 * What it is written in, as the writer called it; absent when not said.
 */
language?: string, 
/**
 * The code.
 */
text: string, } } | { "table": { 
/**
 * How each column is set.
 */
columns: Array<Align>, 
/**
 * Its first row.
 */
head: Array<Array<Inline>>, 
/**
 * The others.
 */
rows: Array<Array<Array<Inline>>>, } } | "rule";

export type Tree = Array<Block>;

export type Attachment = { 
/**
 * Which.
 */
id: FileId, 
/**
 * What its owner calls it; never the name of anything on the disk.
 */
name: string, 
/**
 * Its media type, as its bytes say.
 */
type: string, 
/**
 * How long it is, in bytes.
 */
bytes: number, 
/**
 * A picture's width as it is seen, in pixels; absent for what is not shown as a picture.
 */
width?: number, 
/**
 * Its height.
 */
height?: number, 
/**
 * Whether a small picture of it is at `/files/ROOM/ID/thumb`; absent when not.
 */
thumb?: boolean, };

export type CardPicture = { 
/**
 * Its id.
 */
id: FileId, 
/**
 * How wide it is, in pixels.
 */
width: number, 
/**
 * How high.
 */
height: number, };

export type Card = { 
/**
 * Where the link leads, as it stands in the message.
 */
to: string, 
/**
 * Whose page it is: the host that answered in the end, behind the name that the page gives its site.
 */
site: string, 
/**
 * What the page calls itself.
 */
title: string, 
/**
 * What it says it is about; absent where it says nothing.
 */
description?: string, 
/**
 * Its picture; absent where there is none.
 */
picture?: CardPicture, };

export type Change = { "kind": "message", 
/**
 * The sender's own id, by which the sender settles its pending copy.
 */
client_id: ClientId, 
/**
 * The words.
 */
text: string, 
/**
 * Said by a classic client in a binary frame (`type` 2 of the tutorial's wire). The store keeps it
 * (`event.kind` is `binary` instead of `message`); absent on the wire when false.
 */
binary?: boolean, 
/**
 * The words with their markup read; absent where there is none (MSG-7).
 */
tree?: Tree, 
/**
 * What it answers; absent where it stands for itself.
 */
answers?: Answers, 
/**
 * Whom and what it names, at most [`crate::limits::MENTIONS_MAX`]; absent where it names nobody.
 */
mentions?: Array<Mention>, 
/**
 * When it was edited last, and so got the words it has here; absent where it was not.
 */
edited?: Edited, 
/**
 * Who deleted it; there are no words then, no tree and no mentions. Absent where nobody did.
 */
deleted?: Deleted, 
/**
 * What was brought with it; absent when nothing was, and where it was deleted.
 */
files?: Array<Attachment>, } | { "kind": "edited", 
/**
 * Which message.
 */
target: Seq, 
/**
 * The words from now on. Absent where the message was deleted since, and where somebody in the room may not see
 * the message itself (S44): who may asks for it.
 */
text?: string, 
/**
 * The words with their markup read; absent where there is none.
 */
tree?: Tree, 
/**
 * Whom and what it names now; absent where it names nobody.
 */
mentions?: Array<Mention>, } | { "kind": "carded", 
/**
 * Which message.
 */
target: Seq, 
/**
 * What is below it from now on, at most [`crate::limits::CARDS_PER_MESSAGE_MAX`]. Absent where the message was deleted
 * since, and where somebody in the room may not see the message itself (S44): who may asks for it.
 */
cards?: Array<Card>, } | { "kind": "deleted", 
/**
 * Which message.
 */
target: Seq, } | { "kind": "reacted", 
/**
 * To which message.
 */
target: Seq, 
/**
 * The emoji.
 */
emoji: string, } | { "kind": "unreacted", 
/**
 * From which message.
 */
target: Seq, 
/**
 * The emoji.
 */
emoji: string, } | { "kind": "pinned", 
/**
 * Which message.
 */
target: Seq, } | { "kind": "unpinned", 
/**
 * Which message.
 */
target: Seq, } | { "kind": "room_created", 
/**
 * Its name.
 */
name: string, 
/**
 * Its topic.
 */
topic: string, } | { "kind": "room_renamed", 
/**
 * The name now.
 */
name: string, 
/**
 * The topic now.
 */
topic: string, } | { "kind": "member_joined" } | { "kind": "member_left" } | { "kind": "member_added", 
/**
 * Whom.
 */
who: Author, } | { "kind": "member_removed", 
/**
 * Whose.
 */
who: Author, } | { "kind": "role_changed", 
/**
 * Who.
 */
who: Author, 
/**
 * What.
 */
role: RoomRole, } | { "kind": "posting_changed", 
/**
 * Who.
 */
post_by: PostBy, 
/**
 * Seconds between two messages of one person; 0 for none.
 */
slow_s: number, } | { "kind": "history_changed", 
/**
 * What.
 */
history: History, } | { "kind": "room_archived" } | { "kind": "room_restored" };

export type Event = { 
/**
 * Where.
 */
room: RoomId, 
/**
 * Its place in the room's log, without holes.
 */
seq: Seq, 
/**
 * When the server took it; never earlier than the event before it in the room.
 */
at: Timestamp, 
/**
 * Who did it.
 */
by: Author, } & ({ "kind": "message", 
/**
 * The sender's own id, by which the sender settles its pending copy.
 */
client_id: ClientId, 
/**
 * The words.
 */
text: string, 
/**
 * Said by a classic client in a binary frame (`type` 2 of the tutorial's wire). The store keeps it
 * (`event.kind` is `binary` instead of `message`); absent on the wire when false.
 */
binary?: boolean, 
/**
 * The words with their markup read; absent where there is none (MSG-7).
 */
tree?: Tree, 
/**
 * What it answers; absent where it stands for itself.
 */
answers?: Answers, 
/**
 * Whom and what it names, at most [`crate::limits::MENTIONS_MAX`]; absent where it names nobody.
 */
mentions?: Array<Mention>, 
/**
 * When it was edited last, and so got the words it has here; absent where it was not.
 */
edited?: Edited, 
/**
 * Who deleted it; there are no words then, no tree and no mentions. Absent where nobody did.
 */
deleted?: Deleted, 
/**
 * What was brought with it; absent when nothing was, and where it was deleted.
 */
files?: Array<Attachment>, } | { "kind": "edited", 
/**
 * Which message.
 */
target: Seq, 
/**
 * The words from now on. Absent where the message was deleted since, and where somebody in the room may not see
 * the message itself (S44): who may asks for it.
 */
text?: string, 
/**
 * The words with their markup read; absent where there is none.
 */
tree?: Tree, 
/**
 * Whom and what it names now; absent where it names nobody.
 */
mentions?: Array<Mention>, } | { "kind": "carded", 
/**
 * Which message.
 */
target: Seq, 
/**
 * What is below it from now on, at most [`crate::limits::CARDS_PER_MESSAGE_MAX`]. Absent where the message was deleted
 * since, and where somebody in the room may not see the message itself (S44): who may asks for it.
 */
cards?: Array<Card>, } | { "kind": "deleted", 
/**
 * Which message.
 */
target: Seq, } | { "kind": "reacted", 
/**
 * To which message.
 */
target: Seq, 
/**
 * The emoji.
 */
emoji: string, } | { "kind": "unreacted", 
/**
 * From which message.
 */
target: Seq, 
/**
 * The emoji.
 */
emoji: string, } | { "kind": "pinned", 
/**
 * Which message.
 */
target: Seq, } | { "kind": "unpinned", 
/**
 * Which message.
 */
target: Seq, } | { "kind": "room_created", 
/**
 * Its name.
 */
name: string, 
/**
 * Its topic.
 */
topic: string, } | { "kind": "room_renamed", 
/**
 * The name now.
 */
name: string, 
/**
 * The topic now.
 */
topic: string, } | { "kind": "member_joined" } | { "kind": "member_left" } | { "kind": "member_added", 
/**
 * Whom.
 */
who: Author, } | { "kind": "member_removed", 
/**
 * Whose.
 */
who: Author, } | { "kind": "role_changed", 
/**
 * Who.
 */
who: Author, 
/**
 * What.
 */
role: RoomRole, } | { "kind": "posting_changed", 
/**
 * Who.
 */
post_by: PostBy, 
/**
 * Seconds between two messages of one person; 0 for none.
 */
slow_s: number, } | { "kind": "history_changed", 
/**
 * What.
 */
history: History, } | { "kind": "room_archived" } | { "kind": "room_restored" });

export type Signal = { "kind": "typing", 
/**
 * Where.
 */
room: RoomId, 
/**
 * Who.
 */
by: Author, } | { "kind": "presence", 
/**
 * Where.
 */
room: RoomId, 
/**
 * People who came, oldest first.
 */
joined: Array<Author>, 
/**
 * People who went, oldest first.
 */
left: Array<Author>, 
/**
 * People who are connected and said that they are away (SIG-4), oldest first.
 */
away?: Array<Author>, 
/**
 * People who were away so and are not any more, oldest first.
 */
back?: Array<Author>, 
/**
 * Members with a connection open now who are not away.
 */
online: number, 
/**
 * When.
 */
at: Timestamp, };

export type Notice = { "kind": "read", 
/**
 * Which room.
 */
room: RoomId, 
/**
 * How far.
 */
seq: Seq, 
/**
 * What is unread, up to `head` (UNR-1).
 */
unread: number, 
/**
 * How much of it mentions the person.
 */
mentions: number, 
/**
 * The room's head when they were counted: later events count on top.
 */
head: Seq, } | { "kind": "thread", 
/**
 * The thread, as the person has it now.
 */
state: ThreadState, } | { "kind": "notify", 
/**
 * Which room.
 */
room: RoomId, 
/**
 * What.
 */
level: NotifyLevel, } | { "kind": "saved", 
/**
 * Where it was said.
 */
room: RoomId, 
/**
 * Which message.
 */
seq: Seq, 
/**
 * Whether it is saved now.
 */
saved: boolean, } | { "kind": "room_added", 
/**
 * The room and their standing in it.
 */
state: RoomState, } | { "kind": "room_removed", 
/**
 * Which room.
 */
room: RoomId, } | { "kind": "you", 
/**
 * Who they are, and as what.
 */
you: User, } | { "kind": "draining", 
/**
 * Spread reconnects over this many milliseconds.
 */
spread_ms: number, };

export type PublicLimits = { 
/**
 * A message's text, in bytes of UTF-8.
 */
body_bytes_max: number, 
/**
 * A room's or person's name, in grapheme clusters.
 */
name_graphemes_max: number, 
/**
 * Missed events that are replayed on resume; more yields `reset`.
 */
replay_events_max: number, 
/**
 * The server pings this often.
 */
heartbeat_ms: number, };

export type Welcome = { 
/**
 * The store's present life; cursors of another are void.
 */
epoch: Epoch, 
/**
 * The server's version, for the log of a bug report.
 */
version: string, 
/**
 * The server's clock.
 */
server_time: Timestamp, 
/**
 * Who this connection speaks for.
 */
you: User, 
/**
 * The house.
 */
house: House, 
/**
 * Every room the person is a member of. The cursor of each is the one asked for, or its head.
 */
rooms: Array<RoomState>, 
/**
 * The limits a client should know before it sends.
 */
limits: PublicLimits, 
/**
 * The person said that they are away (SIG-4); absent where they did not.
 */
away?: boolean, };

export type Reply = { "is": "welcome" } & Welcome | { "is": "posted", 
/**
 * Where it was said.
 */
room: RoomId, 
/**
 * Its place in the room's log.
 */
seq: Seq, 
/**
 * When the server took it.
 */
at: Timestamp, 
/**
 * The sender's own id, echoed.
 */
client_id: ClientId, 
/**
 * True when this client id had been taken before; nothing new was stored.
 */
duplicate: boolean, } | { "is": "room", 
/**
 * The room.
 */
state: RoomState, } | { "is": "read", 
/**
 * Which room.
 */
room: RoomId, 
/**
 * How far the person has read now.
 */
seq: Seq, 
/**
 * What is unread, up to `head` (UNR-1).
 */
unread: number, 
/**
 * How much of it mentions the person.
 */
mentions: number, 
/**
 * The room's head when they were counted: later events count on top.
 */
head: Seq, } | { "is": "thread", 
/**
 * As the person has it now.
 */
state: ThreadState, } | { "is": "done" } | { "is": "pong" };

export type ErrorCode = "bad_frame" | "bad_text" | "empty" | "too_big" | "bad_name" | "name_taken" | "not_found" | "forbidden" | "signed_out" | "rate" | "busy" | "store_full" | "quota_full" | "too_many" | "bad_credentials" | "code_needed" | "prove_again" | "bad_password" | "bad_handle" | "handle_taken" | "bad_email" | "link_over" | "bad_query" | "internal";

export type Refusal = { 
/**
 * Why.
 */
code: ErrorCode, 
/**
 * What happened and what to do, in one plain sentence.
 */
message: string, 
/**
 * When to try again, in milliseconds from now; absent when trying again does not help.
 */
retry_after_ms?: number, };

export type ServerFrame = { "t": "reply", 
/**
 * Which.
 */
ref: number, 
/**
 * With what result.
 */
reply: Reply, } | { "t": "refusal", 
/**
 * Which.
 */
ref: number, 
/**
 * Why, and what to do.
 */
refusal: Refusal, } | { "t": "event" } & Event | { "t": "reset", 
/**
 * Which room.
 */
room: RoomId, 
/**
 * Events continue after this seq.
 */
head: Seq, 
/**
 * The last seq no longer kept.
 */
floor: Seq, } | { "t": "signal", 
/**
 * What.
 */
signal: Signal, } | { "t": "notice", 
/**
 * What.
 */
notice: Notice, };

export type Provider = { 
/**
 * What stands for it in addresses.
 */
name: string, 
/**
 * What people call it.
 */
title: string, };

export type Connected = { 
/**
 * Which, by its name.
 */
name: string, 
/**
 * Since when.
 */
at: Timestamp, };

export type ToProvider = { 
/**
 * The provider's own page.
 */
url: Secret, };

export type IdentityAsks = "account" | "code" | "knock";

export type WaitingIdentity = { 
/**
 * The provider.
 */
provider: Provider, 
/**
 * What is missing.
 */
asks: IdentityAsks, 
/**
 * The name they have there; may be empty.
 */
name: string, 
/**
 * A handle like the one they have there; may be empty.
 */
handle: string, };

export type FinishIdentity = { 
/**
 * The name shown; whoever is inside may leave it as it is.
 */
name?: string, 
/**
 * What the account is called among accounts.
 */
handle?: string, 
/**
 * A code of the second factor, or a recovery code.
 */
code?: Secret, };

export type SignIn = { 
/**
 * The name wished for.
 */
name: string, };

export type SignedIn = { 
/**
 * Who you are now.
 */
you: User, };

export type Reaction = { 
/**
 * The emoji.
 */
emoji: string, 
/**
 * How many people added it.
 */
count: number, 
/**
 * Whether the reader is one of them.
 */
mine: boolean, 
/**
 * Who, the first of them first, at most [`crate::limits::REACTION_NAMES_MAX`].
 */
who: Array<Author>, };

export type MessageState = { 
/**
 * Where it was said.
 */
room: RoomId, 
/**
 * Which message.
 */
seq: Seq, 
/**
 * In the order in which each was used first, at most [`crate::limits::REACTION_KINDS_MAX`].
 */
reactions?: Array<Reaction>, 
/**
 * What is behind its links; absent where there is no card.
 */
cards?: Array<Card>, 
/**
 * The thread about it; absent where nobody replied.
 */
thread?: ThreadState, 
/**
 * It is pinned to its room; absent where not.
 */
pinned?: boolean, 
/**
 * The reader saved it; absent where not.
 */
saved?: boolean, };

export type MessageList = { 
/**
 * In the order of the list.
 */
events: Array<Event>, 
/**
 * What there is about them besides; those about which there is nothing are left out.
 */
states: Array<MessageState>, 
/**
 * What to ask on with as `before`; absent at the end.
 */
next?: number, };

export type Edit = { 
/**
 * The event by which it did: the message itself, or an edit.
 */
seq: Seq, 
/**
 * When.
 */
at: Timestamp, 
/**
 * The words.
 */
text: string, 
/**
 * The words with their markup read; absent where there is none.
 */
tree?: Tree, };

export type Edits = { 
/**
 * At most [`crate::limits::EDITS_MAX`] and one.
 */
edits: Array<Edit>, };

export type ThreadPage = { 
/**
 * The store's life these events belong to.
 */
epoch: Epoch, 
/**
 * The message that the thread is about; absent where the reader may not see it.
 */
root?: Event, 
/**
 * Replies in order of seq, none between them left out.
 */
replies: Array<Event>, 
/**
 * Whether there are replies before these.
 */
more: boolean, 
/**
 * What there is about the root and the replies besides.
 */
states: Array<MessageState>, 
/**
 * The messages that the replies quote and that are not here, as far as the reader may see them.
 */
quoted: Array<Event>, 
/**
 * The thread, as the reader has it.
 */
state: ThreadState, };

export type FollowedThread = { 
/**
 * The message that it is about; absent where the reader may not see it.
 */
root?: Event, 
/**
 * The thread.
 */
state: ThreadState, };

export type ThreadList = { 
/**
 * At most [`crate::limits::PAGE_THREADS`].
 */
threads: Array<FollowedThread>, 
/**
 * What to ask on with as `before`; absent at the end.
 */
next?: string, };

export type HistoryPage = { 
/**
 * Which room.
 */
room: RoomId, 
/**
 * The store's life these events belong to.
 */
epoch: Epoch, 
/**
 * In order of seq, without holes.
 */
events: Array<Event>, 
/**
 * The room's head when the page was read.
 */
head: Seq, 
/**
 * The first seq this reader may see in this room; paging back ends there.
 */
first: Seq, 
/**
 * What there is about its messages besides; those about which there is nothing are left out.
 */
states?: Array<MessageState>, 
/**
 * The messages that those of the page quote and that are not in it, as far as this reader may see them.
 */
quoted?: Array<Event>, };

export type Boot = { 
/**
 * The server's version.
 */
version: string, 
/**
 * The house.
 */
house: House, 
/**
 * The providers by which one may come in.
 */
providers?: Array<Provider>, 
/**
 * The store's life; absent when signed out.
 */
epoch?: Epoch, 
/**
 * Who you are; absent when signed out.
 */
you?: User, 
/**
 * Your rooms.
 */
rooms: Array<RoomState>, 
/**
 * The newest page of the room the address names, else of the lobby.
 */
page?: HistoryPage, };

export type ListedRoom = { 
/**
 * The room.
 */
room: Room, 
/**
 * How many members it has.
 */
members: number, 
/**
 * Whether the asker is one.
 */
joined: boolean, };

export type RoomList = { 
/**
 * By name.
 */
rooms: Array<ListedRoom>, };

export type Member = { 
/**
 * Who.
 */
id: UserId, 
/**
 * Their name.
 */
name: string, 
/**
 * Whether they have a connection open now and are not away (SIG-4).
 */
online: boolean, 
/**
 * What they are in the room.
 */
role: RoomRole, 
/**
 * What they are in the house.
 */
house_role: Role, };

export type MemberList = { 
/**
 * At most 1,000, those present first.
 */
members: Array<Member>, };

export type Problem = { 
/**
 * The HTTP status again.
 */
status: number, 
/**
 * The same codes as on the socket.
 */
code: ErrorCode, 
/**
 * What happened and what to do, in one plain sentence.
 */
detail: string, 
/**
 * When to try again.
 */
retry_after_ms?: number, 
/**
 * The field of the body that it is about, so that a page can say it beside it.
 */
field?: string, 
/**
 * A name that is free, when the one asked for is taken.
 */
suggestion?: string, };

export type NewUpload = { 
/**
 * What it is called.
 */
name: string, 
/**
 * How long it is, in bytes, at most [`crate::limits::FILE_BYTES_MAX`].
 */
bytes: number, };

export type Upload = { 
/**
 * Which.
 */
id: FileId, 
/**
 * The room it is for.
 */
room: RoomId, 
/**
 * What it is called.
 */
name: string, 
/**
 * How long it is to be.
 */
bytes: number, 
/**
 * How much of it is on the disk: where the next part begins.
 */
taken: number, 
/**
 * What it is, once it is whole.
 */
file?: Attachment, };

export type SearchOrder = "newest" | "best";

export type SearchPlace = { 
/**
 * In which room.
 */
room: RoomId, 
/**
 * Which event there.
 */
seq: Seq, };

export type Search = { 
/**
 * What to look for, as it was typed.
 */
q: string, 
/**
 * In one room alone.
 */
room?: RoomId, 
/**
 * Which come first; the newest when nothing is said.
 */
order?: SearchOrder, 
/**
 * Older ones than this alone: `next` of the page before. Not with `best`.
 */
before?: SearchPlace, 
/**
 * How many minutes the asker's clock is in front of universal time, for what day it is in `before:` and its like.
 */
zone_min?: number, };

export type Piece = { 
/**
 * The words.
 */
text: string, 
/**
 * Whether they were looked for.
 */
mark?: boolean, };

export type Beside = { 
/**
 * By whom.
 */
by: Author, 
/**
 * Its beginning.
 */
text: string, };

export type Hit = { 
/**
 * Where it was said.
 */
room: RoomId, 
/**
 * Which event.
 */
seq: Seq, 
/**
 * The thread that it is a reply in; absent where it stands in the room.
 */
thread?: Seq, 
/**
 * When.
 */
at: Timestamp, 
/**
 * By whom.
 */
by: Author, 
/**
 * A line of it.
 */
words: Array<Piece>, 
/**
 * What was said before it; absent where nothing was, or nothing that the asker may read.
 */
before?: Beside, 
/**
 * What was said after it.
 */
after?: Beside, };

export type SearchPage = { 
/**
 * In the order asked for.
 */
hits: Array<Hit>, 
/**
 * Where to go on; absent when there is nothing older.
 */
next?: SearchPlace, 
/**
 * Set while older messages are still being taken into the index: there may be more later.
 */
behind?: boolean, };

export type AdminPerson = { 
/**
 * Who.
 */
id: UserId, 
/**
 * Their name.
 */
name: string, 
/**
 * What they sign in with; absent for those who came with a name alone.
 */
handle?: string, 
/**
 * What they are in the house.
 */
role: Role, 
/**
 * Since when they are let in no more; absent for everybody else.
 */
suspended_at?: Timestamp, 
/**
 * Since when they are here.
 */
since: Timestamp, };

export type AdminPeople = { 
/**
 * The next ones.
 */
people: Array<AdminPerson>, };

export type AdminRoom = { 
/**
 * Which.
 */
id: RoomId, 
/**
 * Its name.
 */
name: string, 
/**
 * Its kind.
 */
kind: RoomKind, 
/**
 * How many members it has.
 */
members: number, 
/**
 * Since when it rests; absent for one that does not.
 */
archived_at?: Timestamp, 
/**
 * When it was made.
 */
since: Timestamp, };

export type AdminRooms = { 
/**
 * The next ones.
 */
rooms: Array<AdminRoom>, };

export type OpenReport = { 
/**
 * Which report.
 */
id: number, 
/**
 * Where it was said.
 */
room: RoomId, 
/**
 * Which message.
 */
seq: Seq, 
/**
 * Who said it.
 */
author: Author, 
/**
 * The words.
 */
text: string, 
/**
 * Who showed it.
 */
by: Author, 
/**
 * What they say is wrong.
 */
note: string, 
/**
 * When.
 */
at: Timestamp, };

export type OpenReports = { 
/**
 * The next ones.
 */
reports: Array<OpenReport>, };

export type AdminAct = { 
/**
 * Its place in the log.
 */
id: number, 
/**
 * Who did it; absent when it was done on the command line.
 */
by?: UserId, 
/**
 * The name they had then.
 */
by_name: string, 
/**
 * What was done.
 */
act: string, 
/**
 * To whom.
 */
whom?: UserId, 
/**
 * The name they had then.
 */
whom_name?: string, 
/**
 * In which room.
 */
room?: RoomId, 
/**
 * What there was to say about it.
 */
note: string, 
/**
 * When.
 */
at: Timestamp, };

export type AdminActs = { 
/**
 * The ones before.
 */
acts: Array<AdminAct>, };

export type SetRole = { 
/**
 * What they are from now on.
 */
role: Role, };

export type SetHouse = { 
/**
 * What the house is called.
 */
name?: string, 
/**
 * Who may come in.
 */
door?: Door, 
/**
 * Messages of one person a second: 1 to 20.
 */
posts_per_second?: number, 
/**
 * Who may make rooms.
 */
rooms_by?: RoomsBy, 
/**
 * Whether the house looks at where messages lead (CARD-1).
 */
link_cards?: boolean, };

export type Why = { 
/**
 * What there is to say about it, for the log; may be absent.
 */
note: string, };

export type Blocks = { 
/**
 * By name.
 */
people: Array<Author>, };

export type Secret = string;

export type PasskeyAnswer = unknown;

export type PasskeyQuestion = { 
/**
 * The options.
 */
options: unknown, };

export type PasskeySignIn = { 
/**
 * The passkey that is shown.
 */
passkey: PasskeyAnswer, };

export type FirstPasskey = { 
/**
 * What one would sign in with; the authenticator shows it.
 */
handle: string, };

export type AddPasskey = { 
/**
 * What its owner calls it; without one it is called after what the browser runs on.
 */
name: string, 
/**
 * The passkey that was made.
 */
passkey: PasskeyAnswer, };

export type RenamePasskey = { 
/**
 * What it is called from now on.
 */
name: string, };

export type Again = { 
/**
 * The password; left out by an account that has none.
 */
password?: Secret, 
/**
 * A passkey of the account, shown in the password's place.
 */
passkey?: PasskeyAnswer, };

export type Passkey = { 
/**
 * Which.
 */
id: number, 
/**
 * What its owner calls it.
 */
name: string, 
/**
 * The name of the house that it is bound to; at any other it cannot be shown.
 */
site: string, 
/**
 * When it was made.
 */
made_at: Timestamp, 
/**
 * When it was shown last; absent for one that never was.
 */
used_at?: Timestamp, };

export type Passkeys = { 
/**
 * The one made first, first.
 */
passkeys: Array<Passkey>, };

export type OwnerSetup = { 
/**
 * The last part of the link.
 */
token: Secret, 
/**
 * What the house is called from now on.
 */
house_name: string, 
/**
 * The name shown.
 */
name: string, 
/**
 * What one signs in with.
 */
handle: string, 
/**
 * The password; where there is a passkey it may be left out.
 */
password?: Secret, 
/**
 * A passkey that was made just now.
 */
passkey?: PasskeyAnswer, 
/**
 * An e-mail address, where one is wanted.
 */
email?: string, };

export type MakeAccount = { 
/**
 * The name shown; a stranger says it, and whoever is inside may leave it as it is.
 */
name?: string, 
/**
 * What one signs in with.
 */
handle: string, 
/**
 * The password; where there is a passkey it may be left out.
 */
password?: Secret, 
/**
 * A passkey that was made just now.
 */
passkey?: PasskeyAnswer, 
/**
 * An e-mail address, where one is wanted.
 */
email?: string, };

export type PasswordSignIn = { 
/**
 * The handle, or the e-mail address of an account that has one.
 */
login: string, 
/**
 * The password.
 */
password: Secret, 
/**
 * A code of the second factor, or a recovery code, once it was asked for (`code_needed`).
 */
code?: Secret, };

export type OwnAccount = { 
/**
 * What one signs in with; absent for those who came with a name alone and have no account.
 */
handle?: string, 
/**
 * The e-mail address, where there is one.
 */
email?: string, 
/**
 * Whether there is a password.
 */
has_password: boolean, 
/**
 * How many passkeys there are.
 */
passkeys: number, 
/**
 * Whether codes are asked for at sign-in.
 */
second_factor: boolean, 
/**
 * Recovery codes that were not used yet.
 */
recovery_codes: number, 
/**
 * The providers by which it is entered.
 */
connected?: Array<Connected>, };

export type ChangePassword = { 
/**
 * The password until now; left out by an account that has none.
 */
old?: Secret, 
/**
 * A passkey of the account, shown in the old password's place.
 */
passkey?: PasskeyAnswer, 
/**
 * The password from now on.
 */
new: Secret, };

export type NewSecondFactor = { 
/**
 * The secret, to be typed.
 */
secret: Secret, 
/**
 * The same as an `otpauth:` address.
 */
url: Secret, 
/**
 * The same as a picture to be photographed: an SVG.
 */
qr: Secret, };

export type ConfirmSecondFactor = { 
/**
 * What the app shows now.
 */
code: Secret, };

export type RecoveryCodes = { 
/**
 * All of them; any from before are over.
 */
codes: Array<Secret>, };

export type OwnSession = { 
/**
 * Which, to end it.
 */
id: string, 
/**
 * What it runs on, in a few words: "Firefox on Linux".
 */
device: string, 
/**
 * When it began.
 */
since: Timestamp, 
/**
 * When it was used last, to ten minutes.
 */
last_seen: Timestamp, 
/**
 * Whether it is the one that asks.
 */
this: boolean, };

export type Sessions = { 
/**
 * The one used last first.
 */
sessions: Array<OwnSession>, };

export type LinkToken = { 
/**
 * The last part of the link.
 */
token: Secret, };

export type ShownInvitation = { 
/**
 * Who made it, by name.
 */
by: string, 
/**
 * What one becomes: with `guest` a name is all that is asked for.
 */
role: Role, 
/**
 * The rooms it leads to besides the lobby, by name; for a guest the one room.
 */
rooms: Array<string>, 
/**
 * How long it holds.
 */
expires_at: Timestamp, };

export type Join = { 
/**
 * The last part of the link.
 */
token: Secret, 
/**
 * The name shown; not needed by those who are inside.
 */
name?: string, 
/**
 * What one signs in with; not for guests.
 */
handle?: string, 
/**
 * The password; not for guests, and where there is a passkey it may be left out.
 */
password?: Secret, 
/**
 * A passkey that was made just now.
 */
passkey?: PasskeyAnswer, 
/**
 * An e-mail address, where one is wanted.
 */
email?: string, };

export type Knock = { 
/**
 * The name shown.
 */
name: string, 
/**
 * What one says to those who decide; may be empty.
 */
note: string, };

export type Knocked = { 
/**
 * What `knock/enter` is asked with; keep it until then.
 */
token: Secret, 
/**
 * Until when the house remembers.
 */
expires_at: Timestamp, };

export type KnockEnter = { 
/**
 * From [`Knocked`].
 */
token: Secret, 
/**
 * Another name, where somebody took the one asked with meanwhile (`name_taken`).
 */
name?: string, };

export type Waiting = { 
/**
 * Always true.
 */
waiting: boolean, };

export type Reset = { 
/**
 * The last part of the link.
 */
token: Secret, 
/**
 * The password from now on.
 */
password: Secret, 
/**
 * A code of the second factor, or a recovery code, once it was asked for (`code_needed`).
 */
code?: Secret, };

export type NewInvitation = { 
/**
 * What those become who use it: `member` when nothing is said; `administrator` is the owners' to give; `guest` admits to
 * exactly one room with a name alone.
 */
role?: Role, 
/**
 * The rooms they are members of from the start, besides the lobby: those to which the maker could add somebody.
 */
rooms: Array<RoomId>, 
/**
 * How long it holds, in seconds; a week when nothing is said.
 */
expires_s?: number, 
/**
 * How many may use it; 1 when nothing is said, 0 for as many as come.
 */
uses?: number, 
/**
 * For whom it is, for the list.
 */
note: string, };

export type MadeLink = { 
/**
 * Which invitation it is; absent for a reset link.
 */
id?: number, 
/**
 * The whole address, to be given to whom it is for.
 */
url: Secret, 
/**
 * The same as a picture to be photographed: an SVG.
 */
qr: string, 
/**
 * How long it holds.
 */
expires_at: Timestamp, };

export type Invitation = { 
/**
 * Which.
 */
id: number, 
/**
 * Who made it, by the name they had then.
 */
by: string, 
/**
 * What those become who use it.
 */
role: Role, 
/**
 * The rooms it gives.
 */
rooms: Array<RoomId>, 
/**
 * For whom it is.
 */
note: string, 
/**
 * When it was made.
 */
made_at: Timestamp, 
/**
 * How long it holds.
 */
expires_at: Timestamp, 
/**
 * How many may use it; 0 for as many as come.
 */
uses_max: number, 
/**
 * How many have.
 */
uses: number, 
/**
 * When it was taken back; absent for one that was not.
 */
revoked_at?: Timestamp, };

export type Invitations = { 
/**
 * The next ones.
 */
invitations: Array<Invitation>, };

export type NewResetLink = { 
/**
 * Whether using it also takes the second factor and the passkeys away, for somebody who lost them.
 */
clears_second_factor: boolean, };

export type OpenKnock = { 
/**
 * Which.
 */
id: number, 
/**
 * The name they ask with.
 */
name: string, 
/**
 * What they say.
 */
note: string, 
/**
 * Since when.
 */
at: Timestamp, };

export type Knocks = { 
/**
 * The next ones.
 */
knocks: Array<OpenKnock>, };
