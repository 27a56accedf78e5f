//! Reactions to messages (TALK-5).

use parlour_domain::access::Action;
use parlour_protocol::http::Reaction;
use parlour_protocol::{Change, ErrorCode, Refusal, RoomId, Seq, Timestamp, User, UserId, limits};
use rusqlite::{Connection, params};

use super::batch::Batch;
use super::membership::{author, read_author};
use super::talk::{refuse_unheard, target};
use crate::StoreError;

/// Adds one; nothing is written when it is there.
pub(super) fn add(
    batch: &mut Batch<'_>,
    (room, seq): (RoomId, Seq),
    by: &User,
    emoji: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    batch.may(Action::React, room, by.id)?;
    refuse_unheard(batch, room, by.id)?;
    target(batch, room, seq, by.id)?;
    let sql = "select count(distinct emoji), coalesce(max(emoji = ?3), 0), coalesce(sum(user = ?4), 0),
         coalesce(max(emoji = ?3 and user = ?4), 0) from reaction where room = ?1 and message = ?2";
    let (kinds, is_used, own, is_there): (usize, bool, usize, bool) =
        batch.connection.prepare_cached(sql)?.query_row(params![room.0, seq.0, emoji, by.id.0], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?;
    if is_there {
        return Ok(());
    }
    if (!is_used && kinds >= limits::REACTION_KINDS_MAX) || own >= limits::REACTIONS_OWN_MAX {
        let words = "There are as many kinds of reactions here as a message can have.";
        return Err(StoreError::Refused(Refusal::new(ErrorCode::TooMany, words)));
    }
    let event = batch.log(room, author(by), Change::Reacted { target: seq, emoji: emoji.to_owned() }, now)?;
    let sql = "insert into reaction (room, message, emoji, user, seq) values (?1, ?2, ?3, ?4, ?5)";
    batch.connection.prepare_cached(sql)?.execute(params![room.0, seq.0, emoji, by.id.0, event.seq.0])?;
    Ok(())
}

/// Takes one back; nothing is written when it is not there.
pub(super) fn take_back(
    batch: &mut Batch<'_>,
    (room, seq): (RoomId, Seq),
    by: &User,
    emoji: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    batch.may(Action::React, room, by.id)?;
    target(batch, room, seq, by.id)?;
    let sql = "delete from reaction where room = ?1 and message = ?2 and emoji = ?3 and user = ?4";
    if batch.connection.prepare_cached(sql)?.execute(params![room.0, seq.0, emoji, by.id.0])? == 0 {
        return Ok(());
    }
    batch.log(room, author(by), Change::Unreacted { target: seq, emoji: emoji.to_owned() }, now).map(drop)
}

/// The reactions to some messages of a room, each with its message, in the order in which each kind was used first.
pub(super) fn of(
    connection: &Connection,
    room: RoomId,
    seqs: &str,
    asker: UserId,
) -> Result<Vec<(Seq, Reaction)>, StoreError> {
    let sql = "select message, emoji, count(*), max(user = ?3) from reaction
         where room = ?1 and message in (select value from json_each(?2))
         group by message, emoji order by message, min(seq)";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_map(params![room.0, seqs, asker.0], |row| {
        let reaction = Reaction { emoji: row.get(1)?, count: row.get(2)?, mine: row.get(3)?, who: Vec::new() };
        Ok((Seq(row.get(0)?), reaction))
    })?;
    let mut found = found.collect::<Result<Vec<_>, _>>()?;
    let sql = "select u.id, u.name from reaction x join user u on u.id = x.user
         where x.room = ?1 and x.message = ?2 and x.emoji = ?3 order by x.seq limit ?4";
    for (seq, reaction) in &mut found {
        let mut names = connection.prepare_cached(sql)?;
        let who = names.query_map(params![room.0, seq.0, reaction.emoji, limits::REACTION_NAMES_MAX], read_author)?;
        reaction.who = who.collect::<Result<Vec<_>, _>>()?;
    }
    Ok(found)
}
