//! Those who wait at the door, where it is by approval; and the trait of links, which are the other ways in.

use parlour_domain::access::{Action, Who};
use parlour_protocol::account::{Invitation, OpenKnock, ShownInvitation};
use parlour_protocol::{ErrorCode, Refusal, Timestamp, UserId, limits};
use rusqlite::{Connection, OptionalExtension, params};

use super::acts::{self, Act};
use super::batch::Batch;
use super::{SqliteStore, invitations, moderation, people, resets};
use crate::{
    Doer, Entered, Held, KnockState, Later, Links, Named, NewLink, NewSession, Proof, StoreError, TokenHash, Visitor,
};

const ROW_BYTES: usize = 1_000;
/// Rows in one page of the list.
const PAGE: usize = 200;

impl Links for SqliteStore {
    fn invite(&self, by: Doer, new: NewLink, now: Timestamp) -> Later<u64> {
        self.writer.write(ROW_BYTES, move |batch| invitations::make(batch, &by, &new, now))
    }

    fn revoke_invitation(&self, by: Doer, invitation: u64, note: String, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| invitations::revoke(batch, &by, invitation, &note, now))
    }

    fn invitations(&self, asker: UserId, before: u64) -> Later<Vec<Invitation>> {
        self.readers.read(move |connection| invitations::listed(connection, asker, before))
    }

    fn invitation(&self, token: TokenHash, visitor: Visitor, now: Timestamp) -> Later<ShownInvitation> {
        self.readers.read(move |connection| invitations::shown(connection, token, visitor, now))
    }

    fn make_reset_link(
        &self,
        by: Doer,
        whom: UserId,
        token: TokenHash,
        clears_second_factor: bool,
        now: Timestamp,
    ) -> Later<Timestamp> {
        self.writer.write(ROW_BYTES, move |batch| resets::make(batch, &by, whom, (token, clears_second_factor), now))
    }

    fn look_at_reset(&self, token: TokenHash, now: Timestamp) -> Later<Held> {
        self.readers.read(move |connection| resets::shown(connection, token, now))
    }

    fn reset(
        &self,
        token: TokenHash,
        password: String,
        proof: Proof,
        session: NewSession,
        now: Timestamp,
    ) -> Later<Entered> {
        self.writer.write(ROW_BYTES, move |batch| resets::apply(batch, token, (&password, proof), &session, now))
    }

    fn knock(&self, token: TokenHash, name: Named, note: String, now: Timestamp) -> Later<Timestamp> {
        self.writer.write(ROW_BYTES + note.len(), move |batch| knock(batch, token, &name, &note, now))
    }

    fn knock_state(&self, token: TokenHash, now: Timestamp) -> Later<KnockState> {
        self.readers.read(move |connection| state(connection, token, now).map(|(state, ..)| state))
    }

    fn knocks(&self, asker: UserId, after: u64, now: Timestamp) -> Later<Vec<OpenKnock>> {
        self.readers.read(move |connection| waiting(connection, asker, after, now))
    }

    fn settle_knock(&self, by: Doer, knock: u64, admitted: bool, note: String, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| settle(batch, &by, knock, admitted, &note, now))
    }

    fn decline_knocks(&self, by: Doer, note: String, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| decline_all(batch, &by, &note, now).map(drop))
    }
}

/// Notes somebody. Their name is held for nobody: who comes in first has it.
fn knock(
    batch: &mut Batch<'_>,
    token: TokenHash,
    name: &Named,
    note: &str,
    now: Timestamp,
) -> Result<Timestamp, StoreError> {
    batch.may_as(Action::Knock, Who::Stranger)?;
    people::may_take_name(batch, name, None, now)?;
    let since = now.0 - limits::KNOCK_LIFE_MS;
    let sql = "select count(*) from knock where settled_at is null and asked_at > ?1";
    let waiting: usize = batch.connection.prepare_cached(sql)?.query_row([since], |row| row.get(0))?;
    if waiting >= limits::KNOCKS_MAX {
        let words =
            "Too many wait at the door of this house. Ask whoever lives there for an invitation, or try again later.";
        return Err(StoreError::Refused(Refusal::later(ErrorCode::Rate, words, 3_600_000)));
    }
    let sql = "delete from knock where asked_at <= ?1";
    batch.connection.prepare_cached(sql)?.execute([since])?;
    let sql = "insert into knock (token_hash, name, name_skeleton, note, asked_at) values (?1, ?2, ?3, ?4, ?5)";
    batch.connection.prepare_cached(sql)?.execute(params![token, name.shown, name.skeleton, note, now.0])?;
    Ok(Timestamp(now.0 + limits::KNOCK_LIFE_MS))
}

/// What became of a knock, which it is, and the name asked with.
fn state(connection: &Connection, token: TokenHash, now: Timestamp) -> Result<(KnockState, u64, Named), StoreError> {
    let sql =
        "select id, name, name_skeleton, admitted, entered_at is not null, asked_at from knock where token_hash = ?1";
    let found = connection.prepare_cached(sql)?.query_row([token], |row| {
        let named = Named { shown: row.get(1)?, skeleton: row.get(2)? };
        Ok((row.get(0)?, named, row.get::<_, Option<bool>>(3)?, row.get::<_, bool>(4)?, row.get::<_, i64>(5)?))
    });
    let refuse = |refusal| Err(StoreError::Refused(refusal));
    match found.optional()? {
        None => refuse(Refusal::no_such_link()),
        Some((.., true, _)) => refuse(Refusal::link_over("You came in by this already.")),
        Some((.., asked_at)) if asked_at <= now.0 - limits::KNOCK_LIFE_MS => {
            refuse(Refusal::link_over("Nobody answered for a week."))
        }
        Some((_, _, Some(false), ..)) => {
            refuse(Refusal::new(ErrorCode::Forbidden, "Those who look after this house did not let you in."))
        }
        Some((id, named, Some(true), ..)) => Ok((KnockState::Admitted, id, named)),
        Some((id, named, None, ..)) => Ok((KnockState::Waiting, id, named)),
    }
}

/// The knock of a token, if it was admitted and nobody came in by it.
pub(super) fn admitted(batch: &Batch<'_>, token: TokenHash, now: Timestamp) -> Result<(u64, Named), StoreError> {
    match state(batch.connection, token, now)? {
        (KnockState::Admitted, id, named) => Ok((id, named)),
        (KnockState::Waiting, ..) => {
            Err(StoreError::Refused(Refusal::new(ErrorCode::Forbidden, "Nobody has let you in yet.")))
        }
    }
}

/// Somebody came in.
pub(super) fn entered(batch: &Batch<'_>, knock: u64, now: Timestamp) -> Result<(), StoreError> {
    let sql = "update knock set entered_at = ?2 where id = ?1";
    batch.connection.prepare_cached(sql)?.execute(params![knock, now.0])?;
    Ok(())
}

fn waiting(connection: &Connection, asker: UserId, after: u64, now: Timestamp) -> Result<Vec<OpenKnock>, StoreError> {
    moderation::may_read(connection, Action::Admit, asker)?;
    all(connection, after, now)
}

/// The same for the command line.
pub(super) fn all(connection: &Connection, after: u64, now: Timestamp) -> Result<Vec<OpenKnock>, StoreError> {
    let sql = "select id, name, note, asked_at from knock where id > ?1 and settled_at is null and asked_at > ?2
         order by id limit ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let found = statement.query_map(params![after, now.0 - limits::KNOCK_LIFE_MS, PAGE], |row| {
        Ok(OpenKnock { id: row.get(0)?, name: row.get(1)?, note: row.get(2)?, at: Timestamp(row.get(3)?) })
    })?;
    Ok(found.collect::<Result<Vec<_>, _>>()?)
}

/// Declines everyone who waits, as one act; how many that were.
pub(super) fn decline_all(batch: &mut Batch<'_>, by: &Doer, note: &str, now: Timestamp) -> Result<usize, StoreError> {
    moderation::may(batch, by, Action::Admit)?;
    let sql = "update knock set admitted = 0, settled_at = ?1 where settled_at is null and asked_at > ?2";
    let declined = batch.connection.prepare_cached(sql)?.execute([now.0, now.0 - limits::KNOCK_LIFE_MS])?;
    if declined > 0 {
        let note = if note.is_empty() { declined.to_string() } else { format!("{declined}: {note}") };
        acts::write(batch, by, &Act::of_the_house("decline_all").note(&note), now)?;
    }
    Ok(declined)
}

/// Decides; what was decided stays, and deciding the same again is nothing.
pub(super) fn settle(
    batch: &mut Batch<'_>,
    by: &Doer,
    knock: u64,
    admitted: bool,
    note: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    moderation::may(batch, by, Action::Admit)?;
    let sql = "select name, admitted from knock where id = ?1";
    let found = batch
        .connection
        .prepare_cached(sql)?
        .query_row([knock], |row| Ok((row.get(0)?, row.get::<_, Option<bool>>(1)?)));
    let none = || StoreError::Refused(Refusal::new(ErrorCode::NotFound, "Nobody like that waits at the door."));
    let (name, before): (String, _) = found.optional()?.ok_or_else(none)?;
    match before {
        Some(before) if before == admitted => return Ok(()),
        Some(_) => return Err(none()),
        None => {}
    }
    let sql = "update knock set admitted = ?2, settled_at = ?3 where id = ?1";
    batch.connection.prepare_cached(sql)?.execute(params![knock, admitted, now.0])?;
    let note = if note.is_empty() { name } else { format!("{name}: {note}") };
    acts::write(batch, by, &Act::of_the_house(if admitted { "admit" } else { "decline" }).note(&note), now)
}
