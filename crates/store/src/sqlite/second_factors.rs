//! Second factors: a secret for codes by time, and recovery codes that stand in for them.

use parlour_protocol::{ErrorCode, Refusal, Timestamp, UserId};
use rusqlite::{OptionalExtension, params};

use super::SqliteStore;
use super::accounts::still;
use super::batch::Batch;
use crate::{Hidden, Later, Proven, SecondFactors, StoreError, TokenHash};

const ROW_BYTES: usize = 1_000;

impl SecondFactors for SqliteStore {
    fn begin_second_factor(&self, by: Proven, secret: Hidden, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| {
            still(batch, &by, now)?;
            let sql = "insert into totp (user, secret, last_step) values (?1, ?2, 0)
                 on conflict do update set secret = excluded.secret, last_step = 0 where confirmed_at is null";
            if batch.connection.prepare_cached(sql)?.execute(params![by.user.0, secret.0])? == 1 {
                return Ok(());
            }
            let words = "You have a second factor already. Remove it first.";
            Err(StoreError::Refused(Refusal::new(ErrorCode::Forbidden, words)))
        })
    }

    fn begun_second_factor(&self, user: UserId) -> Later<Option<Hidden>> {
        self.readers.read(move |connection| {
            let sql = "select secret from totp where user = ?1 and confirmed_at is null";
            Ok(connection.prepare_cached(sql)?.query_row([user.0], |row| row.get(0).map(Hidden)).optional()?)
        })
    }

    fn confirm_second_factor(&self, by: Proven, step: u64, codes: Vec<TokenHash>, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| {
            still(batch, &by, now)?;
            let sql = "update totp set confirmed_at = ?3, last_step = ?2 where user = ?1 and confirmed_at is null";
            if batch.connection.prepare_cached(sql)?.execute(params![by.user.0, step, now.0])? == 0 {
                return Err(none());
            }
            write_codes(batch, by.user, &codes)
        })
    }

    fn renew_recovery_codes(&self, by: Proven, codes: Vec<TokenHash>, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| {
            still(batch, &by, now)?;
            let sql = "select 1 from totp where user = ?1 and confirmed_at is not null";
            if !batch.connection.prepare_cached(sql)?.exists([by.user.0])? {
                return Err(none());
            }
            write_codes(batch, by.user, &codes)
        })
    }

    fn remove_second_factor(&self, by: Proven, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| {
            still(batch, &by, now)?;
            forget(batch, by.user)
        })
    }
}

fn none() -> StoreError {
    StoreError::Refused(Refusal::new(ErrorCode::NotFound, "You have no second factor. Begin with one."))
}

fn write_codes(batch: &Batch<'_>, user: UserId, codes: &[TokenHash]) -> Result<(), StoreError> {
    batch.connection.prepare_cached("delete from recovery_code where user = ?1")?.execute([user.0])?;
    let mut statement =
        batch.connection.prepare_cached("insert into recovery_code (user, code_hash) values (?1, ?2)")?;
    for code in codes {
        statement.execute(params![user.0, code])?;
    }
    Ok(())
}

/// Asks for no code of somebody any more.
pub(super) fn forget(batch: &Batch<'_>, user: UserId) -> Result<(), StoreError> {
    for sql in ["delete from totp where user = ?1", "delete from recovery_code where user = ?1"] {
        batch.connection.prepare_cached(sql)?.execute([user.0])?;
    }
    Ok(())
}
