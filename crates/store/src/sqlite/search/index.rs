//! The file of the index: opened, or made anew where it cannot be used.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _, params};

use super::super::private;

/// Beside the database.
pub(super) const NAME: &str = "search.db";
/// The files of it.
const FILES: [&str; 3] = [NAME, "search.db-wal", "search.db-shm"];

/// Counted up whenever what is kept of a message changes, so that an older index is made anew.
const FORMAT: i64 = 2;

/// `said` has a row for each message, numbered in the order of time as far as the clock was right; `gram` the runs of each, and
/// nothing of where in it they stand; `room` how far each log was read; `day` the first and the last message of each day.
const SCHEMA: &str = "
    create table meta (format integer not null, epoch text not null) strict;
    create table room (id integer primary key, seq integer not null) strict;
    create table day (day integer primary key, first integer not null, last integer not null) strict;
    create table said (
        id    integer primary key,
        room  integer not null,
        seq   integer not null,
        actor integer not null,
        at    integer not null,
        marks integer not null,
        text  text not null
    ) strict;
    create unique index said_by_place on said (room, seq);
    create virtual table gram using fts5 (runs, content = '', columnsize = 0, detail = none, tokenize = 'ascii');
    insert into gram (gram, rank) values ('secure-delete', 1);";

/// Opens the index of this life of the house, or makes an empty one.
pub(super) fn open(folder: &Path, epoch: &str, log: &Connection) -> rusqlite::Result<Connection> {
    let file = folder.join(NAME);
    if file.exists() {
        match open_file(&file).and_then(|index| is_usable(&index, epoch, log).map(|usable| usable.then_some(index))) {
            Ok(Some(index)) => return Ok(index),
            Ok(None) => tracing::info!("the search index is of another house or version and is made anew"),
            Err(error) if is_damage(&error) || matches!(error, rusqlite::Error::SqlInputError { .. }) => {
                tracing::warn!(%error, "the search index is damaged and is made anew")
            }
            Err(error) => return Err(error),
        }
        remove(folder);
    }
    let index = open_file(&file)?;
    index.execute_batch("begin immediate")?;
    index.execute_batch(SCHEMA)?;
    index.execute("insert into meta (format, epoch) values (?1, ?2)", params![FORMAT, epoch])?;
    index.execute_batch("commit")?;
    Ok(index)
}

/// Takes the files away. Who has them open keeps them until they close them.
pub(super) fn remove(folder: &Path) {
    for name in FILES {
        if let Err(error) = fs::remove_file(folder.join(name))
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "{name} could not be removed");
        }
    }
}

/// Whether an error says that the file is no good.
pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode;
    matches!(error.sqlite_error_code(), Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt))
}

fn open_file(file: &Path) -> rusqlite::Result<Connection> {
    let index = Connection::open(file)?;
    private(file).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    index.set_prepared_statement_cache_capacity(32);
    index.busy_timeout(std::time::Duration::from_secs(5))?;
    let _: String = index.query_row("pragma journal_mode = wal", [], |row| row.get(0))?;
    // What a power cut takes is read from the log again.
    index.pragma_update(None, "synchronous", "normal")?;
    // What was deleted is gone from the file too (S105).
    index.pragma_update(None, "secure_delete", true)?;
    index.pragma_update(None, "cache_size", -4_096)?;
    Ok(index)
}

/// Whether it is of this life and this version, and nowhere ahead of the log.
fn is_usable(index: &Connection, epoch: &str, log: &Connection) -> rusqlite::Result<bool> {
    let is_there = index.query_row("select 1 from sqlite_schema where name = 'meta'", [], |_| Ok(())).optional()?;
    if is_there.is_none() {
        return Ok(false);
    }
    let same = index.query_row("select format = ?1 and epoch = ?2 from meta", params![FORMAT, epoch], |row| row.get(0));
    if !same.optional()?.unwrap_or(false) {
        return Ok(false);
    }
    let heads = heads(log)?;
    Ok(filled(index)?.iter().all(|(room, seq)| heads.get(room).is_some_and(|head| seq <= head)))
}

/// Every room's head in the log.
pub(super) fn heads(log: &Connection) -> rusqlite::Result<HashMap<u64, u64>> {
    numbers(log, "select id, head from room")
}

/// How far each room's log was read.
pub(super) fn filled(index: &Connection) -> rusqlite::Result<HashMap<u64, u64>> {
    numbers(index, "select id, seq from room")
}

fn numbers(connection: &Connection, sql: &str) -> rusqlite::Result<HashMap<u64, u64>> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}
