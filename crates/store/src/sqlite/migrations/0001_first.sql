-- The first schema. Open the file with any SQLite while the house is running: `sqlite3 parlour.db`.

-- One row: which house this is, and which life of it. A restored backup begins another life; `mark` is random, so that two
-- copies of one house that went different ways are never taken for each other.
create table meta (
    store_id text not null,
    life     integer not null,
    mark     text not null,
    -- Which run of the program wrote here last; `parlour.life` beside this file knows it too. Empty before the first.
    run      text not null
) strict;

-- One row on SQLite. `head` counts committed batches, so that what was committed can be told apart from what was heard.
create table shard (
    id   integer primary key,
    head integer not null
) strict;

-- A person, or a guest of the classic wire. A name is free again when its last session has ended (`released_at`).
create table user (
    id            integer primary key,
    name          text not null,
    name_skeleton text not null,
    guest         integer not null,
    created_at    integer not null,
    released_at   integer
) strict;
create unique index user_by_name on user (name_skeleton) where released_at is null;

-- A signed-in browser. Only the SHA-256 of its token is here.
create table session (
    token_hash   blob primary key,
    user         integer not null references user (id),
    created_at   integer not null,
    last_used_at integer not null,
    expires_at   integer not null,
    revoked_at   integer
) strict, without rowid;
create index user_here on user (id) where guest = 0 and released_at is null;
create index session_by_user on session (user);

-- A room and the end of its log. `msgs` counts what people said; `members` counts members now.
create table room (
    id            integer primary key,
    shard         integer not null references shard (id),
    name          text not null,
    name_skeleton text not null unique,
    topic         text not null,
    kind          text not null check (kind in ('lobby', 'open')),
    head          integer not null,
    msgs          integer not null,
    floor         integer not null,
    members       integer not null,
    last_at       integer not null,
    created_by    integer references user (id),
    created_at    integer not null
) strict;

-- The log: every durable change of every room, 1, 2, 3 … in each. `body` is what was said, as it was said; for other
-- kinds a small JSON object. The nonce is the sender's own id of a message: once per room and sender, for ever.
create table event (
    room       integer not null references room (id),
    seq        integer not null,
    kind       text not null,
    actor      integer not null references user (id),
    actor_name text not null,
    nonce      blob,
    target     integer,
    mseq       integer not null,
    rev        integer not null,
    at         integer not null,
    body       text not null,
    primary key (room, seq)
) strict;
create unique index event_once on event (room, actor, nonce) where nonce is not null;
create index event_said on event (room, seq, actor) where kind in ('message', 'binary');
create index event_by_revision on event (room, rev) where rev <> seq;

-- Who is or was in a room. `until_seq` is the event of the leaving; nothing after it is shown to them.
create table member (
    room      integer not null references room (id),
    user      integer not null references user (id),
    since_seq integer not null,
    until_seq integer,
    read_seq  integer not null,
    primary key (room, user)
) strict, without rowid;
create index member_by_user on member (user);

-- One row per committed batch, kept for a quarter of an hour: [[room, from, to], …].
create table commit_log (
    shard  integer not null references shard (id),
    n      integer not null,
    life   integer not null,
    ranges text not null,
    at     integer not null,
    primary key (shard, n)
) strict, without rowid;
