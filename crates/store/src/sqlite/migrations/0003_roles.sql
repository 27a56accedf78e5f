-- Roles in the house and in rooms, closed and direct rooms, and the tables of moderation. Run with foreign keys off: the
-- table `room` is made anew, since SQLite cannot loosen a check in place, and nothing that refers to it may be touched.

-- What somebody is in the house (docs/PERMISSIONS.md). A suspended person has no session while `suspended_at` is set; their
-- sessions stay, and are good again afterwards.
alter table user add column role text not null default 'member'
    check (role in ('owner', 'administrator', 'member', 'guest', 'bot'));
alter table user add column suspended_at integer;
update user set role = 'guest' where guest = 1;

-- `direct_key` is the set of people of a direct room: their ids in ascending order, joined by commas, so that the same set
-- finds the same room; null in every other. Names are told apart among the lobby and the open rooms alone: a closed room's
-- name may be anybody's, or a refusal would tell of it. A direct room has no name.
create table room_new (
    id            integer primary key,
    shard         integer not null references shard (id),
    name          text not null,
    name_skeleton text not null,
    topic         text not null,
    kind          text not null check (kind in ('lobby', 'open', 'closed', 'direct')),
    head          integer not null,
    msgs          integer not null,
    floor         integer not null,
    members       integer not null,
    last_at       integer not null,
    created_by    integer references user (id),
    created_at    integer not null,
    archived_at   integer,
    post_by       text not null default 'everyone' check (post_by in ('everyone', 'managers')),
    -- Seconds between two messages of one person; 0 for none.
    slow_s        integer not null default 0,
    direct_key    text unique,
    check ((kind = 'direct') = (direct_key is not null))
) strict;
insert into room_new (id, shard, name, name_skeleton, topic, kind, head, msgs, floor, members, last_at, created_by, created_at)
    select id, shard, name, name_skeleton, topic, kind, head, msgs, floor, members, last_at, created_by, created_at from room;
drop table room;
alter table room_new rename to room;
create unique index room_by_name on room (name_skeleton) where kind in ('lobby', 'open');

-- What a member is in the room. Who made a room looks after it. `said_at` is when they last spoke while the room was slow.
-- `removed` is 1 once somebody else ended the membership, until somebody else makes them a member again.
alter table member add column role text not null default 'member' check (role in ('manager', 'member'));
alter table member add column said_at integer;
alter table member add column removed integer not null default 0;
update member set role = 'manager'
    where until_seq is null and user = (select created_by from room where room.id = member.room);

-- How often the command line has changed something here while a house may run, which then looks again.
alter table meta add column errands integer not null default 0;

-- Whom somebody does not want to hear from.
create table block (
    user    integer not null references user (id),
    blocked integer not null references user (id),
    at      integer not null,
    primary key (user, blocked)
) strict, without rowid;

-- A message that a member showed to the administrators. The words are copied: those who settle it need not be in the room.
create table report (
    id          integer primary key autoincrement,
    room        integer not null references room (id),
    seq         integer not null,
    author      integer not null references user (id),
    author_name text not null,
    body        text not null,
    by          integer not null references user (id),
    by_name     text not null,
    note        text not null,
    at          integer not null,
    settled_at  integer,
    unique (room, seq, by)
) strict;
create index report_open on report (id) where settled_at is null;

-- Every act done by office, written in the transaction that did it. `actor` is null for the command line. Rows are added
-- and nothing else; who can write to this file can still drop the triggers, so it is a record and not a proof.
create table admin_act (
    id         integer primary key autoincrement,
    actor      integer references user (id),
    actor_name text not null,
    act        text not null,
    whom       integer references user (id),
    whom_name  text,
    room       integer references room (id),
    note       text not null,
    at         integer not null
) strict;
create trigger admin_act_is_not_changed before update on admin_act
    begin select raise(abort, 'the log of administrative acts is only added to'); end;
create trigger admin_act_is_not_deleted before delete on admin_act
    begin select raise(abort, 'the log of administrative acts is only added to'); end;
create trigger admin_act_is_not_replaced before insert on admin_act
    when exists (select 1 from admin_act where id = new.id)
    begin select raise(abort, 'the log of administrative acts is only added to'); end;
