-- Passkeys. The table that 0004 made held none yet: no version wrote into it.
drop table passkey;

-- What authenticators know an account by: random bytes that say nothing of its owner.
alter table user add column passkey_owner blob;
create unique index user_by_passkey_owner on user (passkey_owner) where passkey_owner is not null;

-- `credential_id` is what the authenticator calls it, `site` the name of the house that it is bound to and shown at alone.
-- `credential` is what the library that checks them keeps, as JSON: the public key, the counter, no secret.
create table passkey (
    id            integer primary key autoincrement,
    credential_id blob not null unique,
    user          integer not null references user (id),
    site          text not null,
    name          text not null,
    credential    text not null,
    made_at       integer not null,
    used_at       integer
) strict;
create index passkey_by_user on passkey (user);
