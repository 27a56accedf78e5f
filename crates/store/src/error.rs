//! What can go wrong in the store, by what a caller will do about it.

use std::path::PathBuf;

use parlour_protocol::{ErrorCode, Refusal};

/// Why a store could not be opened. Each message is one line that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder cannot be made or written to.
    #[error("cannot write to the data folder {0}: {1}. Choose another with --data, or change who owns it.")]
    Folder(PathBuf, std::io::Error),
    /// Others on this machine may read it, and it holds what must stay secret.
    #[error("the database {0} can be read or written by others (mode {1:o}). Take that away first: chmod 600 {0}")]
    Open(PathBuf, u32),
    /// Another process holds it.
    #[error("the data folder {0} is in use by another Parlour. Stop that one first, or choose another with --data.")]
    InUse(PathBuf),
    /// The file is not a database, or a damaged one.
    #[error("the database {0} is damaged ({1}). Put a backup in its place, or move it away to start afresh.")]
    Damaged(PathBuf, String),
    /// A later Parlour wrote it.
    #[error("the database {0} is newer than this Parlour (schema {1}, this one knows {2}). Install a newer Parlour.")]
    Newer(PathBuf, i64, i64),
    /// The database would not keep what it acknowledges.
    #[error(
        "the database {0} does not hold its durability settings (journal {1}, synchronous {2}); it needs WAL and FULL."
    )]
    NotDurable(PathBuf, String, i64),
    /// It opened, and then could not be written.
    #[error("the database {0} cannot be written: {1}. Look at the disk's free space and at who owns the file.")]
    Unready(PathBuf, String),
    /// Anything else the database said.
    #[error("the database {0} cannot be opened: {1}")]
    Sqlite(PathBuf, rusqlite::Error),
}

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The asker's doing: nothing was written.
    #[error("{0}")]
    Refused(Refusal),
    /// The queue is full: nothing was written.
    #[error("the store is busy")]
    Busy,
    /// The disk is full: nothing was written, reads go on.
    #[error("the disk is full")]
    Full,
    /// The store has stopped for good after an error of the disk; what was not acknowledged may or may not be there.
    #[error("the store has stopped after an error of the disk")]
    Broken,
    /// A fault of ours; nothing was written.
    #[error("the store failed: {0}")]
    Fault(String),
}

/// Why the command line could not do something in a house. Each message is one line that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ErrandError {
    /// There is no house.
    #[error("there is no house in {0}. Name its data folder with --data.")]
    NoHouse(PathBuf),
    /// The house is of another version.
    #[error(
        "the house in {0} is of another Parlour (schema {1}, this one knows {2}). Use its own program, or start this one there once."
    )]
    Schema(PathBuf, i64, i64),
    /// It was refused, or failed.
    #[error("{0}")]
    Store(StoreError),
}

impl StoreError {
    /// A name somebody else has.
    #[must_use]
    pub fn name_taken(what: &str) -> StoreError {
        StoreError::Refused(Refusal::new(ErrorCode::NameTaken, format!("{what} is taken.")).at("name"))
    }

    /// A handle somebody else has.
    #[must_use]
    pub fn handle_taken(what: &str) -> StoreError {
        StoreError::Refused(Refusal::new(ErrorCode::HandleTaken, format!("The handle {what} is taken.")).at("handle"))
    }

    /// What an asker is told.
    #[must_use]
    pub fn into_refusal(self) -> Refusal {
        match self {
            StoreError::Refused(refusal) => refusal,
            StoreError::Busy => {
                Refusal::later(ErrorCode::Busy, "The house is very busy. Trying again in a moment.", 250)
            }
            StoreError::Full => {
                Refusal::later(ErrorCode::StoreFull, "The house's disk is full. Nothing was stored.", 2_000)
            }
            StoreError::Broken | StoreError::Fault(_) => {
                Refusal::later(ErrorCode::Internal, "Something went wrong in the house. Send it again.", 1_000)
            }
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> StoreError {
        use rusqlite::ErrorCode as Sqlite;
        match error.sqlite_error_code() {
            Some(Sqlite::DiskFull) => StoreError::Full,
            // Somebody else's program holds the file: nothing was written, and it will let go.
            Some(Sqlite::DatabaseBusy | Sqlite::DatabaseLocked) => StoreError::Busy,
            Some(Sqlite::SystemIoFailure | Sqlite::DatabaseCorrupt | Sqlite::NotADatabase) => StoreError::Broken,
            _ => StoreError::Fault(error.to_string()),
        }
    }
}
