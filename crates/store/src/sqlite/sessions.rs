//! Sessions: begun, listed, ended; and the browsers an account knows.

use std::fmt::Write as _;

use parlour_protocol::account::OwnSession;
use parlour_protocol::{ErrorCode, Refusal, Timestamp, UserId, limits};
use rusqlite::types::FromSql;
use rusqlite::{Connection, Row, params};

use super::batch::Batch;
use super::people::{self, ALIVE};
use crate::{EndOf, NewSession, StoreError, TokenHash};

/// Bytes of a token's hash by which its owner names a session. The hash lets nobody in, and half of it says less.
const ID_BYTES: usize = 12;

/// Begins a session in the place of the one the browser had, and returns what ended: that, and the least lately used ones above
/// the limit.
pub(super) fn begin(
    batch: &mut Batch<'_>,
    user: UserId,
    new: &NewSession,
    now: Timestamp,
) -> Result<Vec<TokenHash>, StoreError> {
    let mut ended = Vec::new();
    // What ended is of no use to anybody, and whoever signs in again and again would fill the disk with it.
    let sql = format!("delete from session where user = ?1 and not ({ALIVE})");
    batch.connection.prepare_cached(&sql)?.execute(params![user.0, now.0, limits::SESSION_IDLE_MS])?;
    let sql = "insert into session (token_hash, user, created_at, last_used_at, expires_at, device)
         values (?1, ?2, ?3, ?3, ?4, ?5)";
    let row = params![new.token, user.0, now.0, now.0 + limits::SESSION_LIFE_MS, new.device];
    batch.connection.prepare_cached(sql)?.execute(row)?;
    if let Some(before) = new.visitor.before {
        people::end_session(batch, before, now)?;
        ended.push(before);
    }
    if let Some(known) = new.known {
        know(batch, user, known, now)?;
    }
    let live = live(batch.connection, user, now)?;
    for old in live.into_iter().skip(limits::SESSIONS_PER_USER_MAX).filter(|token| *token != new.token) {
        people::end_session(batch, old, now)?;
        ended.push(old);
    }
    Ok(ended)
}

/// Remembers a browser, and forgets the oldest of too many.
fn know(batch: &Batch<'_>, user: UserId, device: TokenHash, now: Timestamp) -> Result<(), StoreError> {
    let sql = "insert into known_device (token_hash, user, at) values (?1, ?2, ?3)
         on conflict do update set at = excluded.at, user = excluded.user";
    batch.connection.prepare_cached(sql)?.execute(params![device, user.0, now.0])?;
    let sql = "delete from known_device where user = ?1 and (at < ?3 or token_hash not in
         (select token_hash from known_device where user = ?1 order by at desc limit ?2))";
    let oldest = now.0 - limits::KNOWN_DEVICE_LIFE_MS;
    batch.connection.prepare_cached(sql)?.execute(params![user.0, limits::KNOWN_DEVICES_MAX, oldest])?;
    Ok(())
}

/// Forgets every browser of an account but this one.
pub(super) fn forget_devices(batch: &Batch<'_>, user: UserId, but: Option<TokenHash>) -> Result<(), StoreError> {
    let sql = "delete from known_device where user = ?1 and token_hash is not ?2";
    batch.connection.prepare_cached(sql)?.execute(params![user.0, but])?;
    Ok(())
}

/// Somebody's live sessions, the one used last first.
fn live(connection: &Connection, user: UserId, now: Timestamp) -> Result<Vec<TokenHash>, StoreError> {
    let sql = format!(
        "select token_hash from session where user = ?1 and {ALIVE} order by last_used_at desc, created_at desc"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement.query_map(params![user.0, now.0, limits::SESSION_IDLE_MS], read_token)?;
    Ok(found.collect::<Result<Vec<_>, _>>()?)
}

fn read_token(row: &Row<'_>) -> rusqlite::Result<TokenHash> {
    TokenHash::column_result(row.get_ref(0)?).map_err(Into::into)
}

/// The same for their owner.
pub(super) fn listed(
    connection: &Connection,
    user: UserId,
    this: TokenHash,
    now: Timestamp,
) -> Result<Vec<OwnSession>, StoreError> {
    let sql = format!(
        "select token_hash, device, created_at, last_used_at from session where user = ?1 and {ALIVE}
         order by last_used_at desc, created_at desc limit {}",
        limits::SESSIONS_PER_USER_MAX
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement.query_map(params![user.0, now.0, limits::SESSION_IDLE_MS], |row| {
        let token = read_token(row)?;
        Ok(OwnSession {
            id: id_of(&token),
            device: row.get(1)?,
            since: Timestamp(row.get(2)?),
            last_seen: Timestamp(row.get(3)?),
            this: token == this,
        })
    })?;
    Ok(found.collect::<Result<Vec<_>, _>>()?)
}

fn id_of(token: &TokenHash) -> String {
    token.iter().take(ID_BYTES).fold(String::new(), |mut id, byte| {
        // Writing into a String does not fail.
        let _ = write!(id, "{byte:02x}");
        id
    })
}

/// Ends sessions as their owner asks.
pub(super) fn end(
    batch: &mut Batch<'_>,
    user: UserId,
    which: &EndOf,
    now: Timestamp,
) -> Result<Vec<TokenHash>, StoreError> {
    match which {
        EndOf::AllBut(token) => end_all_but(batch, user, Some(*token), now),
        EndOf::One(id) => {
            let token = live(batch.connection, user, now)?.into_iter().find(|token| id_of(token) == *id);
            let none = || StoreError::Refused(Refusal::new(ErrorCode::NotFound, "That session has ended already."));
            let token = token.ok_or_else(none)?;
            people::end_session(batch, token, now)?;
            Ok(vec![token])
        }
    }
}

/// Ends every session of somebody but this one. Who came with a name alone and keeps none is nobody's any more, once the caller
/// says so ([`people::release_if_nobody`]).
pub(super) fn end_all_but(
    batch: &Batch<'_>,
    user: UserId,
    but: Option<TokenHash>,
    now: Timestamp,
) -> Result<Vec<TokenHash>, StoreError> {
    let ended: Vec<TokenHash> =
        live(batch.connection, user, now)?.into_iter().filter(|token| Some(*token) != but).collect();
    let sql = "update session set revoked_at = ?2 where token_hash = ?1 and revoked_at is null";
    let mut statement = batch.connection.prepare_cached(sql)?;
    for token in &ended {
        statement.execute(params![token, now.0])?;
    }
    Ok(ended)
}
