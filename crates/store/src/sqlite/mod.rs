//! SQLite: one file, one writing thread, a few reading ones.

mod accounts;
mod acts;
mod backup;
mod backup_files;
mod batch;
mod blocks;
mod cards;
mod controls;
mod entering;
pub mod errands;
mod files;
mod houses;
mod identities;
mod invitations;
mod knocks;
mod life;
mod making;
mod membership;
mod mentions;
mod messages;
mod moderation;
mod pace;
mod passkeys;
mod people;
mod pins;
mod queue;
mod reactions;
mod readers;
mod reads;
mod resets;
mod rooms;
mod rows;
mod search;
mod second_factors;
mod sessions;
mod space;
mod states;
mod talk;
mod threads;
mod unread;
mod writer;

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use parlour_protocol::{Epoch, Timestamp};
use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::{Blobs, Disk, Gathering, OnBroken, OnCommit, OpenError, Store, StoreError};
pub use backup::{BackupError, Contents, Ended, Restored, WaysIn, backup, restore};
use readers::Readers;
use search::Search;
use space::Space;
use writer::Writer;

/// The schema's steps; `user_version` counts those taken.
const MIGRATIONS: [&str; 10] = [
    include_str!("migrations/0001_first.sql"),
    include_str!("migrations/0002_nonces_by_time.sql"),
    include_str!("migrations/0003_roles.sql"),
    include_str!("migrations/0004_accounts.sql"),
    include_str!("migrations/0005_limits.sql"),
    include_str!("migrations/0006_passkeys.sql"),
    include_str!("migrations/0007_history.sql"),
    include_str!("migrations/0008_conversation.sql"),
    include_str!("migrations/0009_files.sql"),
    include_str!("migrations/0010_cards.sql"),
];

/// A database up to this size is read through once at start to find damage early; a larger one when it is backed up.
const CHECKED_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// Another program that holds the file is waited for this long; then writes are refused as busy.
const BUSY_PATIENCE: Duration = Duration::from_secs(2);

/// Where the store is.
#[derive(Clone, Debug)]
pub struct Options {
    /// The data folder; made when it is missing.
    pub folder: PathBuf,
}

pub(super) struct SqliteStore {
    epoch: Epoch,
    blobs: Arc<dyn Blobs>,
    writer: Arc<Writer>,
    readers: Readers,
    pages: Arc<Readers>,
    search: Search,
    /// Held while the store is open, so that a second process refuses to start (H20).
    lock: Mutex<Option<File>>,
}

impl SqliteStore {
    fn clone_writer(&self) -> Arc<Writer> {
        Arc::clone(&self.writer)
    }
}

impl Store for SqliteStore {
    fn epoch(&self) -> Epoch {
        self.epoch.clone()
    }

    fn blobs(&self) -> Arc<dyn Blobs> {
        Arc::clone(&self.blobs)
    }

    fn gather(&self) -> Gathering {
        self.writer.gather()
    }

    fn close(&self) {
        self.search.close();
        self.readers.close();
        self.pages.close();
        self.writer.close();
        self.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        self.close();
    }
}

/// Opens the store in a folder, making both when they are missing.
///
/// # Errors
/// [`OpenError`], each with a line that says what to do.
pub fn open(options: &Options, on_commit: OnCommit, on_broken: OnBroken) -> Result<Arc<dyn Store>, OpenError> {
    let folder = &options.folder;
    make_folder(folder).map_err(|error| OpenError::Folder(folder.clone(), error))?;
    let lock = take_lock(folder)?;
    for name in ["parlour.db", "parlour.db-wal"] {
        check_private(folder.join(name))?;
    }
    // Before anything is written: on a full disk the ballast makes the room that opening needs.
    let space = Space::open(folder);
    let file = folder.join("parlour.db");
    let is_new = !file.exists();
    let failed = |error: rusqlite::Error| describe(&file, error);
    let mut connection = Connection::open(&file).map_err(failed)?;
    if is_new {
        private(&file).map_err(|error| OpenError::Folder(folder.clone(), error))?;
    }
    configure(&connection, &file)?;
    check(&connection, &file)?;
    migrate(&mut connection, &file)?;
    release_guests(&mut connection).map_err(|error| OpenError::Unready(file.clone(), error.to_string()))?;
    // The file's name must survive a power cut too, and SQLite swallows errors of this sync (H21).
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| OpenError::Folder(folder.clone(), error))?;
    let life = life::begin(&connection, folder).map_err(|error| OpenError::Folder(folder.clone(), error))?;
    let epoch = connection
        .query_row("select life || '.' || mark from meta", [], |row| row.get(0).map(Epoch))
        .map_err(failed)?;
    let readers = Readers::open(&file, "reader", readers::READERS).map_err(failed)?;
    let pages = Arc::new(Readers::open(&file, "pages", readers::PAGE_READERS).map_err(failed)?);
    let search = Search::start(folder, &epoch.0).map_err(|error| failed(readers::thread_failed(error)))?;
    let told = search.shared();
    let on_commit: OnCommit = Arc::new(move |committed| {
        on_commit(committed);
        told.committed();
    });
    let writer = Writer::start(connection, (life, space), epoch.clone(), on_commit, on_broken)
        .map_err(|error| failed(readers::thread_failed(error)))?;
    let blobs = Arc::new(Disk::new(folder));
    let writer = Arc::new(writer);
    Ok(Arc::new(SqliteStore { epoch, blobs, writer, readers, pages, search, lock: Mutex::new(Some(lock)) }))
}

/// Makes the folder when it is missing. One that was there keeps the rights its owner gave it.
fn make_folder(folder: &Path) -> std::io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    private(folder)
}

/// Nobody but the owner reads a house's data (S109).
#[cfg(unix)]
pub(crate) fn private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = if path.is_dir() { 0o700 } else { 0o600 };
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
pub(crate) fn private(_path: &Path) -> std::io::Result<()> {
    Ok(())
}

/// A file that was put there by another hand, or opened to others later, is not served from: it holds secrets of second factors and
/// hashes of passwords (S32).
#[cfg(unix)]
fn check_private(path: PathBuf) -> Result<(), OpenError> {
    use std::os::unix::fs::PermissionsExt;
    // What is not there yet is made private; what cannot be looked at says so when it is opened.
    let Ok(metadata) = fs::metadata(&path) else { return Ok(()) };
    let mode = metadata.permissions().mode() & 0o777;
    if metadata.is_file() && mode & 0o077 != 0 { Err(OpenError::Open(path, mode)) } else { Ok(()) }
}

#[cfg(not(unix))]
fn check_private(_path: PathBuf) -> Result<(), OpenError> {
    Ok(())
}

fn take_lock(folder: &Path) -> Result<File, OpenError> {
    let path = folder.join("parlour.lock");
    let lock = File::options().create(true).truncate(false).write(true).open(&path);
    let lock = lock
        .and_then(|lock| private(&path).map(|()| lock))
        .map_err(|error| OpenError::Folder(folder.to_owned(), error))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(folder.to_owned())),
        Err(TryLockError::Error(error)) => Err(OpenError::Folder(folder.to_owned(), error)),
    }
}

fn configure(connection: &Connection, file: &Path) -> Result<(), OpenError> {
    let failed = |error| describe(file, error);
    connection.set_prepared_statement_cache_capacity(128);
    keep_plans(connection).map_err(failed)?;
    connection.busy_timeout(BUSY_PATIENCE).map_err(failed)?;
    let journal: String = connection.query_row("pragma journal_mode = wal", [], |row| row.get(0)).map_err(failed)?;
    let synchronous = if controls::is_off("full_sync") { "normal" } else { "full" };
    connection.pragma_update(None, "synchronous", synchronous).map_err(failed)?;
    connection.pragma_update(None, "wal_autocheckpoint", 0).map_err(failed)?;
    connection.pragma_update(None, "foreign_keys", true).map_err(failed)?;
    // What is deleted is overwritten, and not merely given up (S105).
    connection.pragma_update(None, "secure_delete", true).map_err(failed)?;
    let synchronous: i64 = connection.query_row("pragma synchronous", [], |row| row.get(0)).map_err(failed)?;
    // NORMAL shows events before they are on disk (H19), so nothing less is accepted.
    if journal != "wal" || (synchronous != 2 && !controls::is_off("full_sync")) {
        return Err(OpenError::NotDurable(file.to_owned(), journal, synchronous));
    }
    Ok(())
}

fn check(connection: &Connection, file: &Path) -> Result<(), OpenError> {
    if fs::metadata(file).is_ok_and(|metadata| metadata.len() > CHECKED_BYTES_MAX) {
        return Ok(());
    }
    let verdict: String =
        connection.query_row("pragma quick_check(1)", [], |row| row.get(0)).map_err(|error| describe(file, error))?;
    // SQLite says it in several lines; the last one says what.
    let what = verdict.lines().last().unwrap_or_default();
    if verdict == "ok" { Ok(()) } else { Err(OpenError::Damaged(file.to_owned(), what.to_owned())) }
}

fn migrate(connection: &mut Connection, file: &Path) -> Result<(), OpenError> {
    let failed = |error| describe(file, error);
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    let taken: i64 = connection.query_row("pragma user_version", [], |row| row.get(0)).map_err(failed)?;
    if taken > known {
        return Err(OpenError::Newer(file.to_owned(), taken, known));
    }
    // A table that is made anew is gone for a moment; whether everything still refers to something is looked at below.
    connection.pragma_update(None, "foreign_keys", false).map_err(failed)?;
    let transaction = connection.transaction().map_err(failed)?;
    for step in MIGRATIONS.iter().skip(usize::try_from(taken).unwrap_or_default()) {
        transaction.execute_batch(step).map_err(failed)?;
    }
    if taken == 0 {
        let house = "insert into meta (store_id, life, mark, run) values (?1, 1, lower(hex(randomblob(8))), '')";
        transaction.execute(house, [uuid::Uuid::new_v4().simple().to_string()]).map_err(failed)?;
        let lobby = "insert into shard (id, head) values (1, 0);
             insert into room (id, shard, name, name_skeleton, topic, kind, head, msgs, floor, members, last_at, created_at)
             values (1, 1, 'lobby', 'lobby', '', 'lobby', 0, 0, 0, 0, 0, 0);";
        transaction.execute_batch(lobby).map_err(failed)?;
    }
    if taken < known {
        let dangling = transaction.prepare("pragma foreign_key_check").and_then(|mut check| check.exists([]));
        if dangling.map_err(failed)? {
            return Err(OpenError::Damaged(file.to_owned(), "a row refers to one that is not there".to_owned()));
        }
    }
    transaction.pragma_update(None, "user_version", known).map_err(failed)?;
    transaction.commit().map_err(failed)?;
    connection.pragma_update(None, "foreign_keys", true).map_err(failed)
}

/// Nobody said goodbye to the guests of a process that was killed.
fn release_guests(connection: &mut Connection) -> Result<(), StoreError> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX));
    let transaction = connection.transaction()?;
    let mut caches = batch::Caches::default();
    let mut batch = batch::Batch::new(&transaction, &mut caches);
    people::release_guests(&mut batch, now)?;
    batch.finish()?;
    Ok(transaction.commit()?)
}

fn describe(file: &Path, error: rusqlite::Error) -> OpenError {
    use rusqlite::ErrorCode;
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            OpenError::Damaged(file.to_owned(), error.to_string())
        }
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            OpenError::Folder(file.to_owned(), std::io::Error::other(error.to_string()))
        }
        _ => OpenError::Sqlite(file.to_owned(), error),
    }
}

/// Keeps a statement's plan whatever values are bound to it. Otherwise one that names a table with a partial index is compiled
/// anew each time it is run, since another value might allow the index: 30 us of the 33 that a session's look-up took.
fn keep_plans(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop)
}

#[cfg(test)]
mod tests {
    use rusqlite::{Connection, StatementStatus};

    #[test]
    fn a_statement_is_compiled_once_whatever_is_bound_to_it() {
        let connection = Connection::open_in_memory().unwrap();
        super::keep_plans(&connection).unwrap();
        let schema = "create table user (id integer primary key, name text, released_at integer);
             create unique index user_by_name on user (name) where released_at is null;
             create table session (token blob primary key, user integer, expires_at integer) without rowid;";
        connection.execute_batch(schema).unwrap();
        let sql = "select u.name from session s join user u on u.id = s.user where s.token = ?1 and s.expires_at > ?2";
        for token in 0..5 {
            let mut statement = connection.prepare_cached(sql).unwrap();
            assert!(!statement.exists([token, token]).unwrap());
            assert_eq!(statement.get_status(StatementStatus::RePrepare), 0, "at token {token}");
        }
    }
}
