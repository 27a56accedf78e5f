-- What of a room's past those see who become members from now on; `member.since_seq` says it of each member there is.
alter table room add column history text not null default 'all' check (history in ('all', 'since_joining'));
