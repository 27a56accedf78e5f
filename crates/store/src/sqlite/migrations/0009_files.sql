-- Files. The bytes are not here but in the folder `blobs` beside this database, each under its id.

-- What was brought with a message, as everybody sees it: a JSON list, null where there is nothing.
alter table event add column files text;

-- A file that somebody announced. `taken` of its `bytes` are on the disk for good; `type` says that it is whole. `seq` is the
-- message that carries it; until there is one it is its owner's alone, and let go some time after `touched_at`.
create table file (
    id         blob primary key,
    room       integer not null references room (id),
    owner      integer not null references user (id),
    name       text not null,
    bytes      integer not null,
    taken      integer not null,
    type       text,
    width      integer,
    height     integer,
    thumb      integer not null default 0,
    made_at    integer not null,
    touched_at integer not null,
    seq        integer
) strict, without rowid;
create index file_by_owner on file (owner, bytes);
create index file_by_room on file (room, bytes);
create index file_by_message on file (room, seq) where seq is not null;
create index file_loose on file (touched_at) where seq is null;

-- Files that are nobody's any more, and whose bytes have still to be removed.
create table file_gone (
    id blob primary key
) strict, without rowid;
