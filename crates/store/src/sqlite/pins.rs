//! What is pinned to a room (TALK-6), and what somebody saved for themselves (TALK-7).

use parlour_domain::access::Action;
use parlour_protocol::http::MessageList;
use parlour_protocol::{Change, ErrorCode, Refusal, RoomId, Seq, Timestamp, User, UserId, limits};
use rusqlite::{Connection, params};

use super::batch::Batch;
use super::membership::author;
use super::rooms::may_read;
use super::states;
use super::talk::target;
use crate::StoreError;

/// Messages in one page of what somebody saved.
const PAGE: usize = 50;

/// Pins a message, or pins it no more. What changes nothing is no event.
pub(super) fn set(
    batch: &mut Batch<'_>,
    (room, seq): (RoomId, Seq),
    by: &User,
    pinned: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    batch.may(Action::Pin, room, by.id)?;
    target(batch, room, seq, by.id)?;
    let sql = "select count(*), coalesce(max(message = ?2), 0) from pin where room = ?1";
    let row = params![room.0, seq.0];
    let (pins, is_pinned): (usize, bool) =
        batch.connection.prepare_cached(sql)?.query_row(row, |row| Ok((row.get(0)?, row.get(1)?)))?;
    if is_pinned == pinned {
        return Ok(());
    }
    if pinned && pins >= limits::PINS_MAX {
        let words = "50 messages are pinned here, which is the limit. Unpin one first.";
        return Err(StoreError::Refused(Refusal::new(ErrorCode::TooMany, words)));
    }
    let change = if pinned { Change::Pinned { target: seq } } else { Change::Unpinned { target: seq } };
    let event = batch.log(room, author(by), change, now)?;
    if pinned {
        let sql = "insert into pin (room, message, seq) values (?1, ?2, ?3)";
        batch.connection.prepare_cached(sql)?.execute(params![room.0, seq.0, event.seq.0])?;
    } else {
        let sql = "delete from pin where room = ?1 and message = ?2";
        batch.connection.prepare_cached(sql)?.execute(params![room.0, seq.0])?;
    }
    Ok(())
}

/// What is pinned, the newest pin first.
pub(super) fn list(connection: &Connection, room: RoomId, asker: UserId) -> Result<MessageList, StoreError> {
    may_read(connection, room, asker)?;
    let sql = "select message from pin where room = ?1 order by seq desc";
    let mut statement = connection.prepare_cached(sql)?;
    let seqs = statement.query_map([room.0], |row| row.get(0).map(Seq))?.collect::<Result<Vec<_>, _>>()?;
    states::list(connection, asker, room, &seqs)
}

/// Saves a message, or saves it no more. What is saved no more need not be there.
pub(super) fn save(
    batch: &mut Batch<'_>,
    (room, seq): (RoomId, Seq),
    user: UserId,
    saved: bool,
    now: Timestamp,
) -> Result<bool, StoreError> {
    batch.may(Action::Save, room, user)?;
    if !saved {
        let sql = "delete from saved where user = ?1 and room = ?2 and message = ?3";
        return Ok(batch.connection.prepare_cached(sql)?.execute(params![user.0, room.0, seq.0])? > 0);
    }
    target(batch, room, seq, user)?;
    let sql = "select count(*) from saved where user = ?1";
    let held: usize = batch.connection.prepare_cached(sql)?.query_row([user.0], |row| row.get(0))?;
    let sql = "select 1 from saved where user = ?1 and room = ?2 and message = ?3";
    if batch.connection.prepare_cached(sql)?.exists(params![user.0, room.0, seq.0])? {
        return Ok(false);
    }
    if held >= limits::SAVED_MAX {
        let words = "You saved 1,000 messages, which is the limit. Take one out first.";
        return Err(StoreError::Refused(Refusal::new(ErrorCode::TooMany, words)));
    }
    let sql = "insert into saved (user, room, message, at) values (?1, ?2, ?3, ?4)";
    batch.connection.prepare_cached(sql)?.execute(params![user.0, room.0, seq.0, now.0])?;
    Ok(true)
}

/// What somebody saved, the newest first, of the rooms they are in.
pub(super) fn saved(connection: &Connection, asker: UserId, before: u64) -> Result<MessageList, StoreError> {
    let sql = "select s.id, s.room, s.message from saved s
         join member m on m.room = s.room and m.user = s.user and m.until_seq is null and m.since_seq <= s.message
         where s.user = ?1 and s.id < ?2 order by s.id desc limit ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let before = i64::try_from(before).unwrap_or(i64::MAX);
    let found = statement.query_map(params![asker.0, before, PAGE + 1], |row| {
        Ok((row.get::<_, u64>(0)?, RoomId(row.get(1)?), Seq(row.get(2)?)))
    })?;
    let mut found = found.collect::<Result<Vec<_>, _>>()?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let mut list = MessageList { events: Vec::new(), states: Vec::new(), next: None };
    for (_, room, seq) in &found {
        let one = states::list(connection, asker, *room, &[*seq])?;
        list.events.extend(one.events);
        list.states.extend(one.states);
    }
    list.next = found.last().filter(|_| more).map(|(id, ..)| *id);
    Ok(list)
}
