//! What the command line does in the file of a house, which may be running meanwhile: SQLite lets one write at a time, the house's
//! writer forgets what it remembers once somebody else has written, and the house looks again when `meta.errands` grew.

use std::path::Path;

use parlour_domain::account::Handle;
use parlour_protocol::account::{Invitation, OpenKnock};
use parlour_protocol::admin::{AdminPerson, AdminRoom};
use parlour_protocol::{ErrorCode, Refusal, Role, RoomId, RoomKind, Timestamp, UserId};
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};

use super::batch::{Batch, Caches};
use super::{BUSY_PATIENCE, MIGRATIONS, accounts, houses, invitations, knocks, making, moderation, resets};
use crate::{Doer, ErrandError, NewLink, StoreError, TokenHash};

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
    run(folder, |batch| {
        exists(batch, room)?;
        making::archive(batch, room, &Doer::CommandLine, archived, now)
    })
}

/// Everyone of a house, by number.
///
/// # Errors
/// [`ErrandError`].
pub fn list_people(folder: &Path) -> Result<Vec<AdminPerson>, ErrandError> {
    let connection = open(folder, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    moderation::people_of_the_house(&connection).map_err(|error| ErrandError::Store(error.into()))
}

/// Makes the link anew by which a house that has no owner becomes somebody's; the one before is over.
///
/// # Errors
/// [`ErrandError`]: `forbidden` for a house that has an owner.
pub fn owner_link(folder: &Path, token: TokenHash, now: Timestamp) -> Result<(), ErrandError> {
    run(folder, |batch| houses::renew_owner_link(batch, token, now))
}

/// Makes a link by which somebody chooses a new password.
///
/// # Errors
/// [`ErrandError`]; then nothing was done.
pub fn reset_link(
    folder: &Path,
    whom: &str,
    token: TokenHash,
    clears_second_factor: bool,
    now: Timestamp,
) -> Result<Timestamp, ErrandError> {
    run(folder, |batch| {
        let (whom, _) = named(batch, whom)?;
        resets::make(batch, &Doer::CommandLine, whom, (token, clears_second_factor), now)
    })
}

/// Makes somebody something else in the house, and says who that is.
///
/// # Errors
/// [`ErrandError`]; then nothing was done.
pub fn set_role(folder: &Path, whom: &str, role: Role, now: Timestamp) -> Result<String, ErrandError> {
    run(folder, |batch| {
        let (whom, called) = named(batch, whom)?;
        moderation::set_role(batch, &Doer::CommandLine, whom, role, now)?;
        Ok(called)
    })
}

/// Lets somebody in no more, or again, and says who that is.
///
/// # Errors
/// [`ErrandError`]; then nothing was done.
pub fn suspend(folder: &Path, whom: &str, suspended: bool, note: &str, now: Timestamp) -> Result<String, ErrandError> {
    run(folder, |batch| {
        let (whom, called) = named(batch, whom)?;
        match suspended {
            true => moderation::suspend(batch, &Doer::CommandLine, whom, note, now).map(drop)?,
            false => moderation::lift(batch, &Doer::CommandLine, whom, note, now)?,
        }
        Ok(called)
    })
}

/// Ends every session of somebody: how many, and who that is.
///
/// # Errors
/// [`ErrandError`]; then nothing was done.
pub fn sign_out(folder: &Path, whom: &str, now: Timestamp) -> Result<(usize, String), ErrandError> {
    run(folder, |batch| {
        let (whom, called) = named(batch, whom)?;
        let ended = accounts::sign_out_everywhere(batch, &Doer::CommandLine, whom, "", now)?;
        Ok((ended.len(), called))
    })
}

/// Makes an invitation or a guest link.
///
/// # Errors
/// [`ErrandError`]; then nothing was done.
pub fn invite(folder: &Path, new: &NewLink, now: Timestamp) -> Result<u64, ErrandError> {
    run(folder, |batch| {
        new.rooms.iter().try_for_each(|room| exists(batch, *room))?;
        invitations::make(batch, &Doer::CommandLine, new, now)
    })
}

/// The newest invitations, the newest first.
///
/// # Errors
/// [`ErrandError`].
pub fn list_invitations(folder: &Path) -> Result<Vec<Invitation>, ErrandError> {
    let connection = open(folder, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    invitations::all(&connection, u64::MAX).map_err(ErrandError::Store)
}

/// Takes an invitation back.
///
/// # Errors
/// [`ErrandError`]; then nothing was done.
pub fn revoke_invitation(folder: &Path, invitation: u64, now: Timestamp) -> Result<(), ErrandError> {
    run(folder, |batch| invitations::revoke(batch, &Doer::CommandLine, invitation, "", now))
}

/// The next who wait at the door after one, the longest waiting first.
///
/// # Errors
/// [`ErrandError`].
pub fn list_knocks(folder: &Path, after: u64, now: Timestamp) -> Result<Vec<OpenKnock>, ErrandError> {
    let connection = open(folder, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    knocks::all(&connection, after, now).map_err(ErrandError::Store)
}

/// Lets somebody in who waits at the door, or not.
///
/// # Errors
/// [`ErrandError`]; then nothing was done.
pub fn settle_knock(folder: &Path, knock: u64, admitted: bool, now: Timestamp) -> Result<(), ErrandError> {
    run(folder, |batch| knocks::settle(batch, &Doer::CommandLine, knock, admitted, "", now))
}

/// Declines everyone who waits at the door; how many that were.
///
/// # Errors
/// [`ErrandError`]; then nothing was done.
pub fn decline_knocks(folder: &Path, now: Timestamp) -> Result<usize, ErrandError> {
    run(folder, |batch| knocks::decline_all(batch, &Doer::CommandLine, "", now))
}

/// Refuses a number that is no room's, or a direct room's, which nobody gives or archives: the list says which there are.
fn exists(batch: &mut Batch<'_>, room: RoomId) -> Result<(), StoreError> {
    match batch.room(room) {
        Ok(end) if end.kind != RoomKind::Direct => Ok(()),
        Ok(_) | Err(StoreError::Refused(_)) => {
            let words = format!("This house has no room {room}. For the numbers of its rooms: parlour room list");
            Err(StoreError::Refused(Refusal::new(ErrorCode::NotFound, words)))
        }
        Err(error) => Err(error),
    }
}

/// Whom somebody at the command line means, by a handle or a number as the list says it: their number, and how to call them.
fn named(batch: &Batch<'_>, whom: &str) -> Result<(UserId, String), StoreError> {
    let handle = Handle::parse(whom).ok().map(|handle| handle.skeleton());
    let number: Option<u64> = whom.parse().ok();
    // A handle of digits alone wins: numbers are nobody's choice.
    let sql = "select id, name, handle from user where guest = 0 and released_at is null and (handle_skeleton = ?1 or id = ?2)
         order by handle_skeleton is ?1 desc limit 1";
    let found = batch.connection.prepare_cached(sql)?.query_row(params![handle, number], |row| {
        let (id, name, handle): (u64, String, Option<String>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let handle = handle.map_or_else(String::new, |handle| format!("@{handle}, "));
        Ok((UserId(id), format!("{name} ({handle}number {id})")))
    });
    let words =
        format!("Nobody here has the handle or the number {whom} (a name is neither). For both: parlour user list");
    found.optional()?.ok_or_else(|| StoreError::Refused(Refusal::new(ErrorCode::NotFound, words)))
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
