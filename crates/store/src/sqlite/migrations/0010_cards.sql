-- What is behind the links of a message, as everybody sees it: a JSON list beside the message; null where nothing is, `[]` where its
-- writer wants nothing there. An event `carded` says that it changed and holds none of it: it is read with what there is by then. A
-- card's picture is a row of `file` without a whole.
alter table event add column cards text;

-- Whether the house looks at where messages lead; null until its owner says.
alter table house add column link_cards integer check (link_cards in (0, 1));
alter table house add column began_link_cards integer not null default 1 check (began_link_cards in (0, 1));
