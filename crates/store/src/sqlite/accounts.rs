//! Accounts: found by handle or address, entered with a proof, looked at and changed by their owners.

use parlour_domain::access::{self, Action};
use parlour_protocol::account::{OwnAccount, OwnSession};
use parlour_protocol::{ErrorCode, Refusal, Timestamp, User, UserId, limits};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::acts::{self, Act};
use super::batch::Batch;
use super::{SqliteStore, entering, moderation, people, rows, sessions};
use crate::{
    Accounts, Doer, EndOf, Entered, Held, Hidden, Later, NewSession, Newcomer, Proof, Proven, StoreError, TokenHash,
    Way,
};

const ROW_BYTES: usize = 1_000;

/// Expects the browser's token as ?1 and the least time of a known browser as ?2.
const HELD: &str = "select u.id, u.name, u.role, u.suspended_at is not null, u.password, u.handle,
     exists (select 1 from known_device k where k.token_hash = ?1 and k.user = u.id and k.at > ?2),
     (select secret from totp t where t.user = u.id and t.confirmed_at is not null),
     exists (select 1 from passkey p where p.user = u.id)
     from user u where u.released_at is null and u.handle is not null";

impl Accounts for SqliteStore {
    fn enter(&self, way: Way, newcomer: Newcomer, now: Timestamp) -> Later<Entered> {
        self.writer.write(ROW_BYTES, move |batch| entering::enter(batch, way.clone(), newcomer.clone(), now))
    }

    fn held_by(
        &self,
        handle: Option<String>,
        email: String,
        device: Option<TokenHash>,
        now: Timestamp,
    ) -> Later<Option<Held>> {
        let oldest = now.0 - limits::KNOWN_DEVICE_LIFE_MS;
        self.readers.read(move |connection| {
            let sql = format!("{HELD} and (u.handle_skeleton = ?3 or u.email = ?4)");
            let mut statement = connection.prepare_cached(&sql)?;
            Ok(statement.query_row(params![device, oldest, handle, email], read_held).optional()?)
        })
    }

    fn held(&self, user: UserId, device: Option<TokenHash>, now: Timestamp) -> Later<Option<Held>> {
        let oldest = now.0 - limits::KNOWN_DEVICE_LIFE_MS;
        self.readers.read(move |connection| held(connection, user, (device, oldest)))
    }

    fn come_in(
        &self,
        user: UserId,
        password: (String, Option<String>),
        proof: Proof,
        session: NewSession,
        now: Timestamp,
    ) -> Later<Entered> {
        self.writer.write(ROW_BYTES, move |batch| {
            let (kept, rehashed) = (&password.0, password.1.as_deref());
            come_in(batch, user, (kept, rehashed), proof, &session, now)
        })
    }

    fn set_password(
        &self,
        by: Proven,
        password: String,
        known: Option<TokenHash>,
        now: Timestamp,
    ) -> Later<Vec<TokenHash>> {
        self.writer.write(ROW_BYTES, move |batch| {
            still(batch, &by, now)?;
            write_password(batch, by.user, &password, now)?;
            sessions::forget_devices(batch, by.user, known)?;
            sessions::end_all_but(batch, by.user, Some(by.session), now)
        })
    }

    fn own_account(&self, user: UserId) -> Later<OwnAccount> {
        self.readers.read(move |connection| own_account(connection, user))
    }

    fn sessions(&self, user: UserId, this: TokenHash, now: Timestamp) -> Later<Vec<OwnSession>> {
        self.readers.read(move |connection| sessions::listed(connection, user, this, now))
    }

    fn end_sessions(&self, user: UserId, which: EndOf, now: Timestamp) -> Later<Vec<TokenHash>> {
        self.writer.write(ROW_BYTES, move |batch| sessions::end(batch, user, &which, now))
    }

    fn sign_out_everywhere(&self, by: Doer, whom: UserId, note: String, now: Timestamp) -> Later<Vec<TokenHash>> {
        self.writer.write(ROW_BYTES, move |batch| sign_out_everywhere(batch, &by, whom, &note, now))
    }
}

fn read_held(row: &Row<'_>) -> rusqlite::Result<Held> {
    let role = rows::role(&row.get::<_, String>(2)?);
    Ok(Held {
        user: User { id: UserId(row.get(0)?), name: row.get(1)?, guest: false, role },
        suspended: row.get(3)?,
        password: row.get(4)?,
        handle: row.get(5)?,
        known_device: row.get(6)?,
        second_factor: row.get::<_, Option<Vec<u8>>>(7)?.map(Hidden),
        has_passkey: row.get(8)?,
    })
}

/// What is known of somebody, and of a browser that was seen last after a time.
pub(super) fn held(
    connection: &Connection,
    user: UserId,
    (device, oldest): (Option<TokenHash>, i64),
) -> Result<Option<Held>, StoreError> {
    let sql = format!("{HELD} and u.id = ?3");
    Ok(connection.prepare_cached(&sql)?.query_row(params![device, oldest, user.0], read_held).optional()?)
}

/// Looks again whether what proved somebody holds: hashing took its time.
pub(super) fn still(batch: &Batch<'_>, by: &Proven, now: Timestamp) -> Result<(), StoreError> {
    let session = people::find_session(batch.connection, by.session, now)?;
    let here = session.is_some_and(|(session, _)| session.user.id == by.user);
    let unchanged = match &by.password {
        Some(password) => keeps(batch, by.user, password)?,
        None => true,
    };
    let out =
        || StoreError::Refused(Refusal::new(ErrorCode::SignedOut, "You were signed out meanwhile. Come in first."));
    if here && unchanged { Ok(()) } else { Err(out()) }
}

/// Whether this is the hash that is kept of somebody's password.
fn keeps(batch: &Batch<'_>, user: UserId, password: &str) -> Result<bool, StoreError> {
    let sql = "select 1 from user where id = ?1 and password = ?2";
    Ok(batch.connection.prepare_cached(sql)?.exists(params![user.0, password])?)
}

/// Begins a session of an account. The second factor is used up here, once, whoever asks at the same time.
fn come_in(
    batch: &mut Batch<'_>,
    user: UserId,
    (kept, rehashed): (&str, Option<&str>),
    proof: Proof,
    session: &NewSession,
    now: Timestamp,
) -> Result<Entered, StoreError> {
    let found = if keeps(batch, user, kept)? { entering::user(batch, user)? } else { None };
    let found = found.ok_or_else(|| StoreError::Refused(Refusal::bad_credentials()))?;
    take_proof(batch, user, proof, now)?;
    if let Some(password) = rehashed {
        let sql = "update user set password = ?2 where id = ?1";
        batch.connection.prepare_cached(sql)?.execute(params![user.0, password])?;
    }
    let ended = sessions::begin(batch, user, session, now)?;
    Ok(Entered { user: found, new_session: true, ended, told: Vec::new() })
}

/// Takes the proof of a second factor, where the account has one.
pub(super) fn take_proof(batch: &Batch<'_>, user: UserId, proof: Proof, now: Timestamp) -> Result<(), StoreError> {
    let sql = "select 1 from totp where user = ?1 and confirmed_at is not null";
    if matches!(proof, Proof::NotNeeded) || !batch.connection.prepare_cached(sql)?.exists([user.0])? {
        return Ok(());
    }
    let taken = match proof {
        Proof::Nothing | Proof::NotNeeded => 0,
        Proof::Step(step) => {
            let sql = "update totp set last_step = ?2 where user = ?1 and last_step < ?2";
            batch.connection.prepare_cached(sql)?.execute(params![user.0, step])?
        }
        Proof::Recovery(hash) => {
            let sql = "update recovery_code set used_at = ?3 where user = ?1 and code_hash = ?2 and used_at is null";
            batch.connection.prepare_cached(sql)?.execute(params![user.0, hash, now.0])?
        }
    };
    let words = match proof {
        Proof::Nothing => "Type the code that your second factor shows.",
        _ => "That code is not right, or was used already.",
    };
    let refusal = || StoreError::Refused(Refusal::new(ErrorCode::CodeNeeded, words).at("code"));
    if taken == 1 { Ok(()) } else { Err(refusal()) }
}

/// A new password is the end of every link that could set another.
pub(super) fn write_password(
    batch: &Batch<'_>,
    user: UserId,
    password: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = "update user set password = ?2 where id = ?1";
    batch.connection.prepare_cached(sql)?.execute(params![user.0, password])?;
    let sql = "update reset_link set used_at = ?2 where user = ?1 and used_at is null";
    batch.connection.prepare_cached(sql)?.execute(params![user.0, now.0])?;
    Ok(())
}

fn own_account(connection: &Connection, user: UserId) -> Result<OwnAccount, StoreError> {
    let sql = "select handle, email, password is not null,
         exists (select 1 from totp t where t.user = u.id and t.confirmed_at is not null),
         (select count(*) from recovery_code c where c.user = u.id and c.used_at is null),
         (select count(*) from passkey p where p.user = u.id)
         from user u where id = ?1";
    Ok(connection.prepare_cached(sql)?.query_row([user.0], |row| {
        Ok(OwnAccount {
            handle: row.get(0)?,
            email: row.get(1)?,
            has_password: row.get(2)?,
            second_factor: row.get(3)?,
            recovery_codes: row.get(4)?,
            passkeys: row.get(5)?,
        })
    })?)
}

/// Somebody's sessions end by office: the same power as suspending them, which ends them too.
pub(super) fn sign_out_everywhere(
    batch: &mut Batch<'_>,
    by: &Doer,
    whom: UserId,
    note: &str,
    now: Timestamp,
) -> Result<Vec<TokenHash>, StoreError> {
    moderation::may(batch, by, Action::Suspend)?;
    let person = moderation::person(batch, whom)?;
    moderation::may(batch, by, access::of_suspension(person.role))?;
    let ended = sessions::end_all_but(batch, whom, None, now)?;
    sessions::forget_devices(batch, whom, None)?;
    people::release_if_nobody(batch, whom, now)?;
    acts::write(batch, by, &Act::on("sign_out", &person.name).note(note), now)?;
    Ok(ended)
}
