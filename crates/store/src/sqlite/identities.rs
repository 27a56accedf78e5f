//! Who accounts are at providers of identities: found by issuer and subject alone.

use parlour_protocol::{ErrorCode, Refusal, Timestamp, UserId};
use rusqlite::{Connection, OptionalExtension, params};

use super::accounts::{held, still, take_proof};
use super::batch::Batch;
use super::{SqliteStore, entering, sessions};
use crate::{Entered, Held, Identities, Identity, Later, NewSession, Proof, Proven, StoreError};

const ROW_BYTES: usize = 600;

impl Identities for SqliteStore {
    fn held_by_identity(&self, identity: Identity) -> Later<Option<Held>> {
        self.readers.read(move |connection| match owner(connection, &identity)? {
            Some(user) => held(connection, user, (None, 0)),
            None => Ok(None),
        })
    }

    fn come_in_by_identity(
        &self,
        identity: Identity,
        proof: Proof,
        session: NewSession,
        now: Timestamp,
    ) -> Later<Entered> {
        self.writer.write(ROW_BYTES, move |batch| come_in(batch, &identity, proof, &session, now))
    }

    fn connect(&self, by: Proven, identity: Identity, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| connect(batch, &by, &identity, now))
    }

    fn disconnect(&self, by: Proven, issuer: String, issuers: Vec<String>, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| disconnect(batch, &by, &issuer, &issuers, now))
    }

    fn identities_of(&self, user: UserId) -> Later<Vec<(String, Timestamp)>> {
        self.readers.read(move |connection| of(connection, user))
    }
}

/// Whose an identity is.
pub(super) fn owner(connection: &Connection, identity: &Identity) -> Result<Option<UserId>, StoreError> {
    let sql = "select user from identity where issuer = ?1 and subject = ?2";
    let row = params![identity.issuer, identity.subject];
    Ok(connection.prepare_cached(sql)?.query_row(row, |row| row.get(0).map(UserId)).optional()?)
}

/// Makes an identity somebody's, which is nobody's yet.
pub(super) fn write(batch: &Batch<'_>, user: UserId, identity: &Identity, now: Timestamp) -> Result<(), StoreError> {
    let sql = "insert into identity (issuer, subject, user, at) values (?1, ?2, ?3, ?4)";
    let row = params![identity.issuer, identity.subject, user.0, now.0];
    batch.connection.prepare_cached(sql)?.execute(row)?;
    Ok(())
}

/// What is said about an identity that is another account's.
pub(super) fn another_s() -> StoreError {
    let words = "Another account comes in by that one already.";
    StoreError::Refused(Refusal::new(ErrorCode::Forbidden, words))
}

fn of(connection: &Connection, user: UserId) -> Result<Vec<(String, Timestamp)>, StoreError> {
    let mut statement =
        connection.prepare_cached("select issuer, at from identity where user = ?1 order by at, issuer")?;
    let found = statement.query_map([user.0], |row| Ok((row.get(0)?, Timestamp(row.get(1)?))))?;
    Ok(found.collect::<Result<Vec<_>, _>>()?)
}

fn come_in(
    batch: &mut Batch<'_>,
    identity: &Identity,
    proof: Proof,
    session: &NewSession,
    now: Timestamp,
) -> Result<Entered, StoreError> {
    let found = match owner(batch.connection, identity)? {
        Some(user) => entering::user(batch, user)?,
        None => None,
    };
    let user = found.ok_or_else(|| StoreError::Refused(Refusal::bad_credentials()))?;
    take_proof(batch, user.id, proof, now)?;
    let ended = sessions::begin(batch, user.id, session, now)?;
    Ok(Entered { user, new_session: true, ended, told: Vec::new() })
}

fn connect(batch: &Batch<'_>, by: &Proven, identity: &Identity, now: Timestamp) -> Result<(), StoreError> {
    still(batch, by, now)?;
    match owner(batch.connection, identity)? {
        Some(user) if user == by.user => return Ok(()),
        Some(_) => return Err(another_s()),
        None => {}
    }
    if of(batch.connection, by.user)?.iter().any(|(issuer, _)| *issuer == identity.issuer) {
        let words = "You come in by another one of theirs already. Disconnect that first.";
        return Err(StoreError::Refused(Refusal::new(ErrorCode::Forbidden, words)));
    }
    write(batch, by.user, identity, now)
}

fn disconnect(
    batch: &Batch<'_>,
    by: &Proven,
    issuer: &str,
    issuers: &[String],
    now: Timestamp,
) -> Result<(), StoreError> {
    still(batch, by, now)?;
    let connected = of(batch.connection, by.user)?;
    if connected.iter().all(|(held, _)| held != issuer) {
        return Err(StoreError::Refused(Refusal::new(ErrorCode::NotFound, "You do not come in by it.")));
    }
    let sql = "select password is not null or exists (select 1 from passkey where user = ?1) from user where id = ?1";
    let by_oneself: bool = batch.connection.prepare_cached(sql)?.query_row([by.user.0], |row| row.get(0))?;
    let by_another = connected.iter().any(|(held, _)| held != issuer && issuers.contains(held));
    if !by_oneself && !by_another {
        let words = "It is the only way into your account. Set a password first.";
        return Err(StoreError::Refused(Refusal::new(ErrorCode::Forbidden, words)));
    }
    let sql = "delete from identity where user = ?1 and issuer = ?2";
    batch.connection.prepare_cached(sql)?.execute(params![by.user.0, issuer])?;
    Ok(())
}
