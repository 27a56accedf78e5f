-- A message's id comes first: ids carry the time they were made (UUIDv7), so what is written together is kept together. With
-- the sender first, every sender of a batch had a page of their own to be written (docs/PERFORMANCE.md).
drop index event_once;
create unique index event_once on event (nonce, room, actor) where nonce is not null;
