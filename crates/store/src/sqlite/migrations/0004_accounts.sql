-- Accounts, doors and links. Of every token here only the SHA-256 is kept, of passwords the argon2id string.

-- One row: what the owner chose (null: nothing yet), and what the program was last started with, which holds until then.
-- `owner_link` makes the house somebody's own; it is there only while the house has no owner.
create table house (
    id         integer primary key check (id = 1),
    name       text,
    door       text check (door in ('open', 'invitation', 'approval')),
    began_name text not null,
    began_door text not null check (began_door in ('open', 'invitation', 'approval')),
    owner_link blob
) strict;
insert into house (id, began_name, began_door) values (1, 'Parlour', 'open');

-- Who has a handle has an account: the name stays theirs also without a session. An account without a password is entered by
-- a passkey or a provider.
alter table user add column handle text;
alter table user add column handle_skeleton text;
alter table user add column email text;
alter table user add column password text;
create unique index user_by_handle on user (handle_skeleton) where handle_skeleton is not null;
create unique index user_by_email on user (email) where email is not null;

-- What the browser runs on, in a few words, for the one whose session it is.
alter table session add column device text not null default '';

-- Browsers that an account signed in from: guesses made elsewhere do not lock them out.
create table known_device (
    token_hash blob primary key,
    user       integer not null references user (id),
    at         integer not null
) strict, without rowid;
create index known_device_by_user on known_device (user, at);

-- Invitations, and with the role 'guest' links that admit to one room. `made_by` is null for the command line; one that was
-- made by somebody holds while they may still make such. `uses_max` is 0 for as many as come.
create table invitation (
    id         integer primary key autoincrement,
    token_hash blob not null unique,
    role       text not null check (role in ('administrator', 'member', 'guest', 'bot')),
    made_by    integer references user (id),
    by_name    text not null,
    note       text not null,
    made_at    integer not null,
    expires_at integer not null,
    uses_max   integer not null,
    uses       integer not null default 0,
    revoked_at integer,
    check (uses_max = 0 or uses <= uses_max)
) strict;
create table invitation_room (
    invitation integer not null references invitation (id),
    room       integer not null references room (id),
    primary key (invitation, room)
) strict, without rowid;

-- One-time links by which somebody chooses a new password. `made_by` is as in invitations.
create table reset_link (
    token_hash           blob primary key,
    user                 integer not null references user (id),
    made_by              integer references user (id),
    made_at              integer not null,
    expires_at           integer not null,
    clears_second_factor integer not null,
    used_at              integer
) strict, without rowid;
create index reset_link_by_user on reset_link (user);

-- Who asked to be let in. `admitted` is null while nobody has decided; `entered_at` is set when they came in.
create table knock (
    id            integer primary key autoincrement,
    token_hash    blob not null unique,
    name          text not null,
    name_skeleton text not null,
    note          text not null,
    asked_at      integer not null,
    admitted      integer,
    settled_at    integer,
    entered_at    integer
) strict;
create index knock_open on knock (id) where settled_at is null;

-- The second factor of an account: codes by time (RFC 6238) once `confirmed_at` is set, each step of time taken once.
create table totp (
    user         integer primary key references user (id),
    secret       blob not null,
    confirmed_at integer,
    last_step    integer not null
) strict;
create table recovery_code (
    user      integer not null references user (id),
    code_hash blob not null,
    used_at   integer,
    primary key (user, code_hash)
) strict, without rowid;

-- Passkeys. `credential` is what the library that checks them keeps, as JSON: public keys and counters.
create table passkey (
    id         blob primary key,
    user       integer not null references user (id),
    name       text not null,
    credential text not null,
    made_at    integer not null,
    used_at    integer
) strict, without rowid;
create index passkey_by_user on passkey (user);

-- Who an account is at a provider of identities.
create table identity (
    issuer  text not null,
    subject text not null,
    user    integer not null references user (id),
    at      integer not null,
    primary key (issuer, subject)
) strict, without rowid;
create index identity_by_user on identity (user);
