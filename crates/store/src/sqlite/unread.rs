//! What is unread for a member: one predicate, of which the counts and the list are made, so that no number can say other than
//! the list that stands behind it (UNR-1, UNR-2). Nothing of it is stored.
//!
//! The texts expect the membership as `m`. Threads are looked through from what somebody follows (`cross join` says so to SQLite): the
//! other way round is all of the room.

use parlour_protocol::limits;
use parlour_protocol::{RoomId, Seq, UserId};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, params};

use super::messages::no_such_room;
use crate::StoreError;

const _: () = assert!(limits::UNREAD_COUNT_MAX == 100, "the statements below say so");

/// A message of somebody else that is there and that the member may see.
const SAID: &str =
    "e.kind in ('message', 'binary') and e.deleted_seq is null and e.actor <> m.user and e.seq >= m.since_seq";
/// It stands in the room.
const IN_ROOM: &str = "(e.thread is null or e.also_in_room = 1)";
/// It mentions the member.
const MENTIONS: &str =
    "exists (select 1 from mention x where x.room = e.room and x.message = e.seq and x.user in (m.user, 0))";
/// It stands in its thread alone, as `e`, and is unread for who follows that, as `f`.
const IN_THREAD: &str = "e.room = f.room and e.thread = f.thread and e.seq > f.read_seq and e.also_in_room = 0";

/// The seqs of what is unread where everything counts.
fn all() -> String {
    format!(
        "select e.seq as seq from event e where e.room = m.room and e.seq > m.read_seq and {SAID} and {IN_ROOM}
         union all select e.seq from follow f cross join event e on {IN_THREAD}
         where f.user = m.user and f.room = m.room and f.following = 1 and {SAID}"
    )
}

/// The seqs of what is unread where mentions count: the same, by way of the mentions, of which there are fewer.
fn mentioning() -> String {
    format!(
        "select e.seq as seq from mention x cross join event e on e.room = x.room and e.seq = x.message
         where x.room = m.room and x.user in (m.user, 0) and x.message > m.read_seq and {SAID} and {IN_ROOM}
         union all select e.seq from follow f cross join event e on {IN_THREAD}
         where f.user = m.user and f.room = m.room and f.following = 1 and {SAID} and {MENTIONS}"
    )
}

/// How much is unread, and how much of it mentions the member, as two columns.
pub(super) fn counts() -> String {
    let (all, mentioning) = (all(), mentioning());
    by_level(
        &format!("(select count(*) from ({all} limit 100))"),
        &format!("(select count(*) from ({mentioning} limit 100))"),
    )
}

/// The same of one thread, which its follower has as `f`.
pub(super) fn counts_in_thread() -> String {
    let all = format!("select 1 from event e where {IN_THREAD} and f.following = 1 and {SAID}");
    by_level(
        &format!("(select count(*) from ({all} limit 100))"),
        &format!("(select count(*) from ({all} and {MENTIONS} limit 100))"),
    )
}

fn by_level(all: &str, mentioning: &str) -> String {
    format!(
        "case m.notify when 'all' then {all} when 'mentions' then {mentioning} else 0 end,
         case m.notify when 'nothing' then 0 else {mentioning} end"
    )
}

/// The messages that [`counts`] counts, the oldest first.
pub(super) fn list(connection: &Connection, room: RoomId, user: UserId) -> Result<Vec<Seq>, StoreError> {
    let (all, mentioning) = (all(), mentioning());
    let seqs =
        |rows: &str| format!("(select json_group_array(seq) from (select seq from ({rows}) order by seq limit 100))");
    let sql = format!(
        "select case m.notify when 'all' then {} when 'mentions' then {} else '[]' end from member m
         where m.room = ?1 and m.user = ?2 and m.until_seq is null",
        seqs(&all),
        seqs(&mentioning)
    );
    let found = connection.prepare_cached(&sql)?.query_row(params![room.0, user.0], |row| {
        let wrong = |error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error));
        serde_json::from_str::<Vec<u64>>(&row.get::<_, String>(0)?).map_err(wrong)
    });
    let seqs = found.optional()?.ok_or_else(no_such_room)?;
    Ok(seqs.into_iter().map(Seq).collect())
}
