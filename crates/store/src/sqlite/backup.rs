//! One file out of a house, also while it runs, and one file into a house, as another life of it (D13, S104, LOG-9).

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use parlour_protocol::Timestamp;
use rusqlite::{Connection, OpenFlags};

use super::{MIGRATIONS, backup_files, life, private, take_lock};
use crate::OpenError;
use crate::blobs::FOLDER;

/// Why a backup was not made, or not put back. Each message is one line that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is nothing to back up.
    #[error("there is no house in {0}. Name its data folder with --data.")]
    NoHouse(PathBuf),
    /// A backup is never written over another file.
    #[error("{0} is there already, and a backup is never written over. Choose another name.")]
    Exists(PathBuf),
    /// The file is no backup of a house.
    #[error("{0} is not a whole backup of a house ({1}). Take another one.")]
    NotWhole(PathBuf, String),
    /// A later Parlour wrote it.
    #[error("{0} was written by a newer Parlour (schema {1}, this one knows {2}). Install a newer Parlour.")]
    Newer(PathBuf, i64, i64),
    /// The house runs, or its folder cannot be used.
    #[error(transparent)]
    House(#[from] OpenError),
    /// The file or the folder could not be read or written.
    #[error("{0}: {1}. Look at its rights and at the disk's free space.")]
    Disk(PathBuf, std::io::Error),
    /// The database said no.
    #[error("the database could not be read: {0}")]
    Sqlite(#[from] rusqlite::Error),
}

/// What a backup holds, to be said to whoever made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contents {
    /// Rooms.
    pub rooms: u64,
    /// Events of all rooms.
    pub events: u64,
    /// Files that messages carry.
    pub files: u64,
    /// Its size in bytes.
    pub bytes: u64,
}

/// What becomes of the sessions and links in a backup that is put back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaysIn {
    /// They end now: those that were ended or used after the backup would be good again, and nothing in the backup says which.
    End(Timestamp),
    /// They are as they were when the backup was made.
    Keep,
}

/// What was put back.
#[derive(Clone, Debug)]
pub struct Restored {
    /// What it holds.
    pub contents: Contents,
    /// Where the house that was there before is kept; none when there was none.
    pub kept: Option<PathBuf>,
    /// What ended; nothing where it was kept.
    pub ended: Ended,
}

/// Ways into a house that ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// Sessions.
    pub sessions: u64,
    /// People who had one and no account to come in with again.
    pub nameless: u64,
    /// Invitations, guest links, reset links, and admissions at the door that nobody used.
    pub links: u64,
}

/// Writes everything the house has committed by now into one file, which is itself a database anyone can open. The house may
/// run: the snapshot is one, whatever is written meanwhile.
///
/// # Errors
/// [`BackupError`]; then there is no file.
pub fn backup(folder: &Path, to: &Path) -> Result<Contents, BackupError> {
    let file = folder.join("parlour.db");
    if !file.exists() {
        return Err(BackupError::NoHouse(folder.to_owned()));
    }
    if to.exists() {
        return Err(BackupError::Exists(to.to_owned()));
    }
    // Made beside its place and renamed when it is whole and on the disk: a file of that name is always a whole backup.
    let beside = beside(to);
    let made = write_snapshot(folder, &file, &beside).and_then(|contents| {
        let disk = |error| BackupError::Disk(to.to_owned(), error);
        fs::hard_link(&beside, to).map_err(disk)?;
        sync_folder_of(to).map_err(disk)?;
        Ok(contents)
    });
    let removed = fs::remove_file(&beside);
    if made.is_ok() {
        removed.map_err(|error| BackupError::Disk(beside, error))?;
    }
    made
}

fn write_snapshot(folder: &Path, file: &Path, to: &Path) -> Result<Contents, BackupError> {
    let disk = |error| BackupError::Disk(to.to_owned(), error);
    match fs::remove_file(to) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(disk(error)),
        _ => {}
    }
    // Made by us and empty, so that nobody else can read it for a moment; VACUUM INTO takes an empty file.
    File::create_new(to).and_then(|_| private(to)).map_err(disk)?;
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.busy_timeout(super::BUSY_PATIENCE)?;
    connection.execute("vacuum into ?1", [to.to_string_lossy()])?;
    let snapshot = Connection::open(to)?;
    // Nobody else sees it yet, and it is synced below.
    snapshot.execute_batch("pragma journal_mode = off; pragma synchronous = off; begin")?;
    backup_files::pack(&snapshot, folder)?;
    snapshot.execute_batch("commit")?;
    drop(snapshot);
    File::open(to).and_then(|file| file.sync_all()).map_err(disk)?;
    contents(to)
}

/// Puts a backup into a data folder, in the place of the house that may be there, which is kept beside it under the name
/// returned. What comes out is another life of the house: every client is told to reload. Passwords, roles and suspensions are as
/// they were.
///
/// # Errors
/// [`BackupError`]; then the folder is as it was.
pub fn restore(from: &Path, folder: &Path, ways_in: WaysIn) -> Result<Restored, BackupError> {
    super::make_folder(folder).map_err(|error| OpenError::Folder(folder.to_owned(), error))?;
    let _lock = take_lock(folder)?;
    let contents = contents(from)?;
    let (file, beside) = (folder.join("parlour.db"), folder.join("parlour.db-new"));
    let disk = |error| BackupError::Disk(folder.to_owned(), error);
    fs::copy(from, &beside).map_err(disk)?;
    private(&beside).map_err(disk)?;
    let (blobs, ended) = {
        let copy = Connection::open(&beside)?;
        let blobs = backup_files::unpack(&copy, folder)?;
        backup_files::drop_table(&copy)?;
        life::begin_another(&copy)?;
        let ended = match ways_in {
            WaysIn::End(now) => end_ways_in(&copy, now)?,
            WaysIn::Keep => Ended::default(),
        };
        (blobs, ended)
    };
    File::open(&beside).and_then(|file| file.sync_all()).map_err(disk)?;
    let kept = set_aside(folder).map_err(disk)?;
    // The files first: without a database they mean nothing.
    if let Some(blobs) = blobs {
        fs::rename(blobs, folder.join(FOLDER)).map_err(disk)?;
    }
    fs::rename(&beside, &file).map_err(disk)?;
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(disk)?;
    Ok(Restored { contents, kept, ended })
}

/// Ends every session and every link that lets somebody in. It may be a house of before there were links.
fn end_ways_in(copy: &Connection, now: Timestamp) -> Result<Ended, BackupError> {
    let has_links = backup_files::has_table(copy, "invitation")?;
    let accountless = if has_links { "u.handle is null" } else { "true" };
    let sql = format!(
        "select count(distinct u.id) from session s join user u on u.id = s.user
         where s.revoked_at is null and s.expires_at > ?1 and {accountless}"
    );
    let nameless = copy.query_row(&sql, [now.0], |row| row.get(0))?;
    let end = |sql: &str| copy.execute(sql, [now.0]).map(|rows| u64::try_from(rows).unwrap_or(u64::MAX));
    let sessions = end("update session set revoked_at = ?1 where revoked_at is null and expires_at > ?1")?;
    let mut links = 0;
    if has_links {
        for sql in [
            "update invitation set revoked_at = ?1 where revoked_at is null and expires_at > ?1
             and (uses_max = 0 or uses < uses_max)",
            "update reset_link set used_at = ?1 where used_at is null and expires_at > ?1",
            "update knock set entered_at = ?1 where admitted = 1 and entered_at is null",
        ] {
            links += end(sql)?;
        }
    }
    Ok(Ended { sessions, nameless, links })
}

/// Looks through a whole backup and says what it holds.
fn contents(file: &Path) -> Result<Contents, BackupError> {
    let not_whole = |what: String| BackupError::NotWhole(file.to_owned(), what);
    let bytes = fs::metadata(file).map_err(|error| BackupError::Disk(file.to_owned(), error))?.len();
    let look = || -> rusqlite::Result<(String, i64, Contents)> {
        let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let verdict = connection.query_row("pragma integrity_check(1)", [], |row| row.get(0))?;
        let schema = connection.query_row("pragma user_version", [], |row| row.get(0))?;
        let counts = "select (select count(*) from room), (select sum(head - floor) from room)";
        let (rooms, events) = connection.query_row(counts, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        // A house of before files has no table of them.
        let files = match backup_files::has_table(&connection, "file")? {
            true => connection.query_row("select count(*) from file where seq is not null", [], |row| row.get(0))?,
            false => 0,
        };
        Ok((verdict, schema, Contents { rooms, events, files, bytes }))
    };
    let (verdict, schema, contents) = look().map_err(|error| not_whole(error.to_string()))?;
    if verdict != "ok" {
        return Err(not_whole(verdict));
    }
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if schema > known {
        return Err(BackupError::Newer(file.to_owned(), schema, known));
    }
    Ok(contents)
}

/// Moves the house that is there to a folder beside its database; none when there is none.
fn set_aside(folder: &Path) -> std::io::Result<Option<PathBuf>> {
    if !folder.join("parlour.db").exists() && !folder.join(FOLDER).exists() {
        return Ok(None);
    }
    let names = (1..).map(|n| folder.join(format!("before-restore-{n}")));
    let kept = names.into_iter().find(|path| !path.exists()).unwrap_or_else(|| folder.join("before-restore"));
    fs::create_dir(&kept)?;
    private(&kept)?;
    // The database last: with it gone the others mean nothing, and before it is they still belong to it.
    for name in [FOLDER, "parlour.life", "parlour.db-shm", "parlour.db-wal", "parlour.db"] {
        match fs::rename(folder.join(name), kept.join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(Some(kept))
}

fn beside(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".unfinished");
    file.with_file_name(name)
}

fn sync_folder_of(file: &Path) -> std::io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}
