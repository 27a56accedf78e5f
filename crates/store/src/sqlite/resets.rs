//! Links by which somebody chooses a new password, once.

use parlour_domain::access::{self, Action};
use parlour_protocol::{ErrorCode, Refusal, Timestamp, UserId, limits};
use rusqlite::{Connection, OptionalExtension, params};

use super::acts::{self, Act};
use super::batch::Batch;
use super::{accounts, entering, moderation, second_factors, sessions};
use crate::{Doer, Entered, NewSession, StoreError, TokenHash};

/// Makes one; the ones made before for the same account are over.
pub(super) fn make(
    batch: &mut Batch<'_>,
    by: &Doer,
    whom: UserId,
    (token, clears_second_factor): (TokenHash, bool),
    now: Timestamp,
) -> Result<Timestamp, StoreError> {
    moderation::may(batch, by, Action::ResetLink)?;
    let person = moderation::person(batch, whom)?;
    moderation::may(batch, by, access::of_reset(person.role))?;
    let sql = "select handle is not null from user where id = ?1";
    if !batch.connection.prepare_cached(sql)?.query_row([whom.0], |row| row.get::<_, bool>(0))? {
        let words = "They came with a name alone and have no account.";
        return Err(StoreError::Refused(Refusal::new(ErrorCode::NotFound, words)));
    }
    let sql = "update reset_link set used_at = ?2 where user = ?1 and used_at is null";
    batch.connection.prepare_cached(sql)?.execute(params![whom.0, now.0])?;
    let expires_at = Timestamp(now.0 + limits::RESET_LINK_LIFE_MS);
    let sql = "insert into reset_link (token_hash, user, made_at, expires_at, clears_second_factor)
         values (?1, ?2, ?3, ?4, ?5)";
    let row = params![token, whom.0, now.0, expires_at.0, clears_second_factor];
    batch.connection.prepare_cached(sql)?.execute(row)?;
    let note = if clears_second_factor { "and no second factor" } else { "" };
    acts::write(batch, by, &Act::on("reset_link", &person.name).note(note), now)?;
    Ok(expires_at)
}

/// Whose link it is, if it may be used now, and whether it takes the second factor away.
pub(super) fn usable(connection: &Connection, token: TokenHash, now: Timestamp) -> Result<(UserId, bool), StoreError> {
    let sql =
        "select user, clears_second_factor, used_at is not null, expires_at from reset_link where token_hash = ?1";
    let found = connection.prepare_cached(sql)?.query_row([token], |row| {
        Ok((UserId(row.get(0)?), row.get(1)?, row.get::<_, bool>(2)?, row.get::<_, i64>(3)?))
    });
    let none = || StoreError::Refused(Refusal::no_such_link());
    match found.optional()?.ok_or_else(none)? {
        (_, _, true, _) => Err(StoreError::Refused(Refusal::link_over("This link was used already."))),
        (_, _, _, expires_at) if expires_at <= now.0 => {
            Err(StoreError::Refused(Refusal::link_over("The time of this link is over.")))
        }
        (user, clears, ..) => Ok((user, clears)),
    }
}

/// Uses one. Whoever had a session of the account has none any more; a second factor that stays is asked for at the next
/// sign-in.
pub(super) fn apply(
    batch: &mut Batch<'_>,
    token: TokenHash,
    password: &str,
    session: &NewSession,
    now: Timestamp,
) -> Result<Entered, StoreError> {
    let (user, clears) = usable(batch.connection, token, now)?;
    let rests = || StoreError::Refused(Refusal::new(ErrorCode::Forbidden, "This account rests. Ask an administrator."));
    let found = entering::user(batch, user)?.ok_or_else(rests)?;
    accounts::write_password(batch, user, password, now)?;
    if clears {
        second_factors::forget(batch, user)?;
        batch.connection.prepare_cached("delete from passkey where user = ?1")?.execute([user.0])?;
    }
    sessions::forget_devices(batch, user, None)?;
    let mut ended = sessions::end_all_but(batch, user, None, now)?;
    ended.extend(sessions::begin(batch, user, session, now)?);
    Ok(Entered { user: found, new_session: true, ended, told: Vec::new() })
}
