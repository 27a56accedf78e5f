//! Whom somebody does not want to hear from (S48).

use parlour_domain::access::Action;
use parlour_protocol::push::Author;
use parlour_protocol::{ErrorCode, Refusal, RoomId, Timestamp, UserId, limits};
use rusqlite::{Connection, OptionalExtension, params};

use super::batch::Batch;
use super::membership::{reachable, read_author};
use crate::StoreError;

/// Blocks somebody, or blocks them no more. Once is as good as twice.
pub(super) fn set(
    batch: &mut Batch<'_>,
    by: UserId,
    whom: UserId,
    blocked: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    batch.may_in_house(Action::Block, by)?;
    if !blocked {
        let sql = "delete from block where user = ?1 and blocked = ?2";
        batch.connection.prepare_cached(sql)?.execute(params![by.0, whom.0])?;
        return Ok(());
    }
    if whom == by {
        return Err(StoreError::Refused(Refusal::no_such_person()));
    }
    reachable(batch, whom)?;
    let sql = "select count(*) from block where user = ?1";
    let held: usize = batch.connection.prepare_cached(sql)?.query_row([by.0], |row| row.get(0))?;
    if held >= limits::BLOCKED_MAX && !has_blocked(batch, by, whom)? {
        let words = "You block 1,000 people, which is the limit. Unblock one first.";
        return Err(StoreError::Refused(Refusal::new(ErrorCode::TooMany, words)));
    }
    let sql = "insert into block (user, blocked, at) values (?1, ?2, ?3) on conflict do nothing";
    batch.connection.prepare_cached(sql)?.execute(params![by.0, whom.0, now.0])?;
    Ok(())
}

/// Whom somebody blocks, by name.
pub(super) fn of(connection: &Connection, user: UserId) -> Result<Vec<Author>, StoreError> {
    let sql =
        "select u.id, u.name from block b join user u on u.id = b.blocked where b.user = ?1 order by u.name, u.id";
    let mut statement = connection.prepare_cached(sql)?;
    let people = statement.query_map([user.0], read_author)?;
    Ok(people.collect::<Result<Vec<_>, _>>()?)
}

/// Refuses a direct word to somebody who blocked the sender as one to nobody, and one to somebody the sender blocked.
pub(super) fn refuse_blocked(batch: &Batch<'_>, from: UserId, to: UserId) -> Result<(), StoreError> {
    if has_blocked(batch, from, to)? {
        let words = "You block them. Unblock them first.";
        return Err(StoreError::Refused(Refusal::new(ErrorCode::Forbidden, words)));
    }
    if has_blocked(batch, to, from)? { Err(StoreError::Refused(Refusal::no_such_person())) } else { Ok(()) }
}

/// Refuses a message to a direct room of two when the other is not there any more, or does not want to hear it: both with
/// one answer.
pub(super) fn refuse_unheard(batch: &Batch<'_>, room: RoomId, from: UserId) -> Result<(), StoreError> {
    let sql = "select min(user), count(*) from member where room = ?1 and user <> ?2";
    let mut statement = batch.connection.prepare_cached(sql)?;
    let only = statement.query_row(params![room.0, from.0], |row| {
        let (user, others): (Option<u64>, u32) = (row.get(0)?, row.get(1)?);
        Ok(user.filter(|_| others == 1).map(UserId))
    });
    match only.optional()?.flatten() {
        None => Ok(()),
        Some(other) => {
            refuse_blocked(batch, from, other)?;
            reachable(batch, other).map(drop)
        }
    }
}

fn has_blocked(batch: &Batch<'_>, user: UserId, whom: UserId) -> Result<bool, StoreError> {
    let sql = "select 1 from block where user = ?1 and blocked = ?2";
    Ok(batch.connection.prepare_cached(sql)?.exists(params![user.0, whom.0])?)
}
