//! What the command line does in the file of a house, which may be running meanwhile: SQLite lets one write at a time, the house's
//! writer forgets what it remembers once somebody else has written, and the house looks again when `meta.errands` grew.

use std::path::Path;

use parlour_protocol::admin::AdminRoom;
use parlour_protocol::{RoomId, Timestamp};
use rusqlite::{Connection, OpenFlags};

use super::batch::{Batch, Caches};
use super::{BUSY_PATIENCE, MIGRATIONS, making, moderation};
use crate::{Doer, ErrandError, StoreError};

/// Every room of a house but the direct ones, by number.
///
/// # Errors
/// [`ErrandError`].
pub fn list_rooms(folder: &Path) -> Result<Vec<AdminRoom>, ErrandError> {
    let connection = open(folder, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    moderation::rooms_of_the_house(&connection).map_err(|error| ErrandError::Store(error.into()))
}

/// Archives a room or takes it up again, in the name of an owner.
///
/// # Errors
/// [`ErrandError`]; then nothing was done.
pub fn archive_room(folder: &Path, room: RoomId, archived: bool, now: Timestamp) -> Result<(), ErrandError> {
    run(folder, |batch| making::archive(batch, room, &Doer::CommandLine, archived, now))
}

/// Does something in one transaction of its own.
fn run<T>(folder: &Path, errand: impl FnOnce(&mut Batch<'_>) -> Result<T, StoreError>) -> Result<T, ErrandError> {
    let mut connection = open(folder, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let done = (|| {
        let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let mut caches = Caches::default();
        let mut batch = Batch::new(&transaction, &mut caches);
        let done = errand(&mut batch)?;
        batch.finish()?;
        transaction.execute("update meta set errands = errands + 1", [])?;
        transaction.commit()?;
        Ok(done)
    })();
    done.map_err(ErrandError::Store)
}

fn open(folder: &Path, flags: OpenFlags) -> Result<Connection, ErrandError> {
    let file = folder.join("parlour.db");
    if !file.exists() {
        return Err(ErrandError::NoHouse(folder.to_owned()));
    }
    let failed = |error: rusqlite::Error| ErrandError::Store(error.into());
    let connection = Connection::open_with_flags(&file, flags).map_err(failed)?;
    connection.busy_timeout(BUSY_PATIENCE).map_err(failed)?;
    connection.pragma_update(None, "synchronous", "full").map_err(failed)?;
    connection.pragma_update(None, "foreign_keys", true).map_err(failed)?;
    let schema: i64 = connection.query_row("pragma user_version", [], |row| row.get(0)).map_err(failed)?;
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if schema == known { Ok(connection) } else { Err(ErrandError::Schema(folder.to_owned(), schema, known)) }
}
