-- What comes of a message. An edit is an event with the message as its `target`, and `edited_seq` of the message names the last of
-- them, whose words are the message's from then on; so nothing is written twice, and what it said before stays. A deletion empties
-- the words of the message and of all its edits, and `deleted_seq` names it.

-- `mentions` is a JSON list beside words, null where they name nobody. `thread` is the message that a reply is about; it stands in
-- the room as well where `also_in_room` is 1. `withheld` is 1 for an edit of what somebody in the room may not see.
alter table event add column quote integer;
alter table event add column thread integer;
alter table event add column also_in_room integer not null default 0;
alter table event add column mentions text;
alter table event add column edited_seq integer;
alter table event add column deleted_seq integer;
alter table event add column withheld integer not null default 0;

-- What is counted as unread in a room, and in a thread of it.
drop index event_said;
create index event_said on event (room, seq, actor)
    where kind in ('message', 'binary') and deleted_seq is null and (thread is null or also_in_room = 1);
create index event_in_thread on event (room, thread, seq) where thread is not null;
create index event_by_target on event (room, target, seq) where target is not null;

-- Reactions as they are now; the log says how they came to be. `seq` is the event that added it.
create table reaction (
    room    integer not null,
    message integer not null,
    emoji   text not null,
    user    integer not null references user (id),
    seq     integer not null,
    primary key (room, message, emoji, user),
    foreign key (room, message) references event (room, seq)
) strict, without rowid;

-- Whom a message mentions, for counting: user 0 is everyone.
create table mention (
    room    integer not null,
    user    integer not null,
    message integer not null,
    primary key (room, user, message),
    foreign key (room, message) references event (room, seq)
) strict, without rowid;
create index mention_by_message on mention (room, message);

-- What is pinned to a room now; `seq` is the event that pinned it.
create table pin (
    room    integer not null,
    message integer not null,
    seq     integer not null,
    primary key (room, message),
    foreign key (room, message) references event (room, seq)
) strict, without rowid;

-- What somebody saved for themselves.
create table saved (
    id      integer primary key autoincrement,
    user    integer not null references user (id),
    room    integer not null,
    message integer not null,
    at      integer not null,
    unique (user, room, message),
    foreign key (room, message) references event (room, seq)
) strict;

-- Who follows a thread, and how far they have read in it. A row with `following` 0 is of somebody who said no: nothing but their
-- own doing makes them follow it again.
create table follow (
    user      integer not null references user (id),
    room      integer not null,
    thread    integer not null,
    following integer not null,
    read_seq  integer not null,
    primary key (user, room, thread),
    foreign key (room, thread) references event (room, seq)
) strict, without rowid;

-- What of a room counts as unread for a member.
alter table member add column notify text not null default 'all' check (notify in ('all', 'mentions', 'nothing'));
