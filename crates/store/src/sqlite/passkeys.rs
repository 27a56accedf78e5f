//! Passkeys: kept, shown, called something, removed.

use parlour_protocol::passkey::Passkey;
use parlour_protocol::{ErrorCode, Refusal, Timestamp, UserId, limits};
use rusqlite::{Connection, OptionalExtension, params};

use super::accounts::still;
use super::batch::Batch;
use super::{SqliteStore, entering, sessions};
use crate::{
    Entered, KeptPasskey, Later, NewPasskey, NewSession, OwnPasskeys, Passkeys, Proven, ShownPasskey, StoreError,
};

const ROW_BYTES: usize = 2_000;

impl Passkeys for SqliteStore {
    fn passkeys(&self, user: UserId) -> Later<Vec<Passkey>> {
        self.readers.read(move |connection| listed(connection, user))
    }

    fn own_passkeys(&self, user: UserId, site: String) -> Later<OwnPasskeys> {
        self.readers.read(move |connection| {
            let sql = "select passkey_owner from user where id = ?1";
            let owner = connection.prepare_cached(sql)?.query_row([user.0], |row| row.get(0))?;
            let sql = "select credential_id from passkey where user = ?1 and site = ?2 order by id";
            let mut statement = connection.prepare_cached(sql)?;
            let found = statement.query_map(params![user.0, site], |row| row.get(0))?;
            Ok(OwnPasskeys { owner, credential_ids: found.collect::<Result<_, _>>()? })
        })
    }

    fn passkey(&self, credential_id: Vec<u8>) -> Later<Option<KeptPasskey>> {
        self.readers.read(move |connection| {
            let sql = "select p.id, p.user, u.passkey_owner, p.site, p.credential
                 from passkey p join user u on u.id = p.user where p.credential_id = ?1";
            let found = connection.prepare_cached(sql)?.query_row([credential_id], |row| {
                let (id, user, owner) = (row.get(0)?, UserId(row.get(1)?), row.get(2)?);
                Ok(KeptPasskey { id, user, owner, site: row.get(3)?, credential: row.get(4)? })
            });
            Ok(found.optional()?)
        })
    }

    fn come_in_by_passkey(&self, shown: ShownPasskey, session: NewSession, now: Timestamp) -> Later<Entered> {
        self.writer.write(ROW_BYTES, move |batch| {
            let found = entering::user(batch, shown.kept.user)?.ok_or_else(opens_nothing)?;
            take(batch, &shown, now)?;
            let ended = sessions::begin(batch, found.id, &session, now)?;
            Ok(Entered { user: found, new_session: true, ended, told: Vec::new() })
        })
    }

    fn use_passkey(&self, shown: ShownPasskey, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| take(batch, &shown, now))
    }

    fn add_passkey(&self, by: Proven, new: NewPasskey, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| {
            still(batch, &by, now)?;
            may_keep(batch, Some(by.user), &new)?;
            keep(batch, by.user, &new, now)
        })
    }

    fn rename_passkey(&self, user: UserId, passkey: u64, name: String) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| {
            let sql = "update passkey set name = ?3 where id = ?1 and user = ?2";
            let changed = batch.connection.prepare_cached(sql)?.execute(params![passkey, user.0, name])?;
            if changed == 1 { Ok(()) } else { Err(none()) }
        })
    }

    fn remove_passkey(&self, by: Proven, passkey: u64, site: Option<String>, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| {
            still(batch, &by, now)?;
            remove(batch, by.user, passkey, site.as_deref())
        })
    }
}

fn none() -> StoreError {
    StoreError::Refused(Refusal::new(ErrorCode::NotFound, "You have no such passkey."))
}

fn opens_nothing() -> StoreError {
    StoreError::Refused(Refusal::bad_passkey())
}

fn listed(connection: &Connection, user: UserId) -> Result<Vec<Passkey>, StoreError> {
    let sql = "select id, name, site, made_at, used_at from passkey where user = ?1 order by id";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_map([user.0], |row| {
        let (made_at, used_at) = (Timestamp(row.get(3)?), row.get::<_, Option<i64>>(4)?.map(Timestamp));
        Ok(Passkey { id: row.get(0)?, name: row.get(1)?, site: row.get(2)?, made_at, used_at })
    })?;
    Ok(found.collect::<Result<Vec<_>, _>>()?)
}

/// Notes that a passkey was shown, where it is still kept as it was when it was checked: of two who show one at a time with the
/// same counter, one may be a copy.
fn take(batch: &Batch<'_>, shown: &ShownPasskey, now: Timestamp) -> Result<(), StoreError> {
    let ShownPasskey { kept, credential } = shown;
    let sql = "update passkey set credential = ?4, used_at = ?5 where id = ?1 and user = ?2 and credential = ?3";
    let row = params![kept.id, kept.user.0, kept.credential, credential, now.0];
    if batch.connection.prepare_cached(sql)?.execute(row)? == 1 { Ok(()) } else { Err(opens_nothing()) }
}

/// Refuses a passkey that is kept already, whoever's it is, and one too many. Nothing is written yet.
pub(super) fn may_keep(batch: &Batch<'_>, user: Option<UserId>, new: &NewPasskey) -> Result<(), StoreError> {
    let sql = "select 1 from passkey where credential_id = ?1";
    if batch.connection.prepare_cached(sql)?.exists([&new.credential_id])? {
        let words = "That passkey is kept already.";
        return Err(StoreError::Refused(Refusal::new(ErrorCode::Forbidden, words).at("passkey")));
    }
    // One account is one owner to every authenticator, also when two passkeys were begun at a time.
    let sql = "select 1 from user where (passkey_owner = ?1) is not (id is ?2) and (passkey_owner = ?1 or id = ?2)
         and passkey_owner is not null";
    let user = user.map(|user| user.0);
    if batch.connection.prepare_cached(sql)?.exists(params![new.owner, user])? {
        let words = "That passkey was made for another account. Make one anew.";
        return Err(StoreError::Refused(Refusal::new(ErrorCode::Forbidden, words).at("passkey")));
    }
    let sql = "select count(*) from passkey where user = ?1";
    let held: usize = batch.connection.prepare_cached(sql)?.query_row([user], |row| row.get(0))?;
    if held >= limits::PASSKEYS_MAX {
        let words = "You have 20 passkeys. Remove one first.";
        return Err(StoreError::Refused(Refusal::new(ErrorCode::TooMany, words)));
    }
    Ok(())
}

/// Keeps one for somebody.
pub(super) fn keep(batch: &Batch<'_>, user: UserId, new: &NewPasskey, now: Timestamp) -> Result<(), StoreError> {
    let sql = "update user set passkey_owner = ?2 where id = ?1";
    batch.connection.prepare_cached(sql)?.execute(params![user.0, new.owner])?;
    let sql =
        "insert into passkey (credential_id, user, site, name, credential, made_at) values (?1, ?2, ?3, ?4, ?5, ?6)";
    let row = params![new.credential_id, user.0, new.site, new.name, new.credential, now.0];
    batch.connection.prepare_cached(sql)?.execute(row)?;
    Ok(())
}

/// Removes one, unless nothing else lets its owner in: a password, a provider, or another passkey that can be shown here.
fn remove(batch: &Batch<'_>, user: UserId, passkey: u64, site: Option<&str>) -> Result<(), StoreError> {
    let sql = "select 1 from passkey where id = ?1 and user = ?2";
    if !batch.connection.prepare_cached(sql)?.exists(params![passkey, user.0])? {
        return Err(none());
    }
    let sql = "select exists (select 1 from user where id = ?2 and password is not null)
         or exists (select 1 from identity where user = ?2)
         or exists (select 1 from passkey where user = ?2 and id <> ?1 and site = coalesce(?3, site))";
    if !batch.connection.prepare_cached(sql)?.query_row(params![passkey, user.0, site], |row| row.get(0))? {
        let words = "It is all that lets you in. Set a password or add another passkey first.";
        return Err(StoreError::Refused(Refusal::new(ErrorCode::Forbidden, words)));
    }
    batch.connection.prepare_cached("delete from passkey where id = ?1")?.execute([passkey])?;
    Ok(())
}
