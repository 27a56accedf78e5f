-- What everybody may do in the house, and how fast.
alter table house add column posts_per_second integer not null default 5 check (posts_per_second between 1 and 20);
alter table house add column rooms_by text not null default 'everyone' check (rooms_by in ('everyone', 'administrators'));
