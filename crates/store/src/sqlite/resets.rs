//! Links by which somebody chooses a new password, once.

use parlour_domain::access::{self, Action};
use parlour_protocol::{ErrorCode, Refusal, Timestamp, UserId, limits};
use rusqlite::{Connection, OptionalExtension, params};

use super::acts::{self, Act};
use super::batch::{Batch, facts, who};
use super::{accounts, entering, moderation, rows, second_factors, sessions};
use crate::{Doer, Entered, Held, NewSession, Proof, StoreError, TokenHash};

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
    let sql = "insert into reset_link (token_hash, user, made_at, expires_at, clears_second_factor, made_by)
         values (?1, ?2, ?3, ?4, ?5, ?6)";
    let made_by = match by {
        Doer::Person(maker) => Some(maker.id.0),
        Doer::CommandLine => None,
    };
    let row = params![token, whom.0, now.0, expires_at.0, clears_second_factor, made_by];
    batch.connection.prepare_cached(sql)?.execute(row)?;
    let note = if clears_second_factor { "and no second factor" } else { "" };
    acts::write(batch, by, &Act::on("reset_link", &person.name).note(note), now)?;
    Ok(expires_at)
}

/// Whose link it is, if it may be used now, and whether it takes the second factor away. Who made it may still make such for
/// what its owner is now: a link outlasts neither the office of the one nor the rise of the other.
fn usable(connection: &Connection, token: TokenHash, now: Timestamp) -> Result<(UserId, bool), StoreError> {
    let sql =
        "select l.user, l.clears_second_factor, l.used_at is not null, l.expires_at, u.role, l.made_by is not null,
         m.role, m.suspended_at is not null or m.released_at is not null
         from reset_link l join user u on u.id = l.user left join user m on m.id = l.made_by where l.token_hash = ?1";
    let found = connection.prepare_cached(sql)?.query_row([token], |row| {
        let whom = rows::role(&row.get::<_, String>(4)?);
        let holds = match row.get(5)? {
            true => {
                let maker = who(&row.get::<_, String>(6)?, row.get(7)?);
                access::check(access::of_reset(whom), &facts(maker, None)).is_ok()
            }
            false => true,
        };
        Ok((UserId(row.get(0)?), row.get(1)?, row.get::<_, bool>(2)?, row.get::<_, i64>(3)?, holds))
    });
    let over = |words| Err(StoreError::Refused(Refusal::link_over(words)));
    match found.optional()?.ok_or_else(|| StoreError::Refused(Refusal::no_such_link()))? {
        (_, _, true, ..) => over("This link was used already."),
        (_, _, _, expires_at, _) if expires_at <= now.0 => over("The time of this link is over."),
        (.., false) => over("This link was taken back."),
        (user, clears, ..) => Ok((user, clears)),
    }
}

/// What is known of the account that a link is to, if it may be used now. A second factor is in it when the link leaves it.
pub(super) fn shown(connection: &Connection, token: TokenHash, now: Timestamp) -> Result<Held, StoreError> {
    let (user, clears) = usable(connection, token, now)?;
    let held = accounts::held(connection, user, (None, 0))?;
    let held = held.filter(|held| !held.suspended).ok_or_else(rests)?;
    Ok(Held { second_factor: held.second_factor.filter(|_| !clears), ..held })
}

fn rests() -> StoreError {
    StoreError::Refused(Refusal::new(ErrorCode::Forbidden, "This account rests. Ask an administrator."))
}

/// Uses one. Whoever had a session of the account has none any more. A second factor that stays is asked for: a link that was
/// read by somebody else is one factor (ASVS 6.4.3).
pub(super) fn apply(
    batch: &mut Batch<'_>,
    token: TokenHash,
    (password, proof): (&str, Proof),
    session: &NewSession,
    now: Timestamp,
) -> Result<Entered, StoreError> {
    let (user, clears) = usable(batch.connection, token, now)?;
    let found = entering::user(batch, user)?.ok_or_else(rests)?;
    if !clears {
        accounts::take_proof(batch, user, proof, now)?;
    }
    accounts::write_password(batch, user, password, now)?;
    if clears {
        second_factors::forget(batch, user)?;
        // Whoever got in by the forgotten password may have connected a passkey or an identity of their own.
        batch.connection.prepare_cached("delete from passkey where user = ?1")?.execute([user.0])?;
        batch.connection.prepare_cached("delete from identity where user = ?1")?.execute([user.0])?;
    }
    sessions::forget_devices(batch, user, None)?;
    let mut ended = sessions::end_all_but(batch, user, None, now)?;
    ended.extend(sessions::begin(batch, user, session, now)?);
    Ok(Entered { user: found, new_session: true, ended, told: Vec::new() })
}
