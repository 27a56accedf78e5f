//! The bytes of files within the one file of a backup: in a table of their own, piece by piece, so that it stays a database that
//! anyone can open. A house that runs keeps them beside its database.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use parlour_protocol::FileId;
use rusqlite::{Connection, params};

use super::backup::BackupError;
use crate::blobs::FOLDER;
use crate::{Blobs, Disk, Form};

/// Bytes of one row.
const PIECE_BYTES: usize = 1024 * 1024;
const TABLE: &str = "create table blob (
         file  blob not null,
         thumb integer not null,
         n     integer not null,
         bytes blob not null,
         primary key (file, thumb, n)
     ) strict";

/// Puts the bytes of every file that the snapshot knows of into it. What was let go since the snapshot is not there any more, and
/// neither is the message that carried it, or soon.
pub(super) fn pack(snapshot: &Connection, folder: &Path) -> Result<(), BackupError> {
    let failed = |error| BackupError::Disk(folder.join(FOLDER), error);
    let disk = Disk::new(folder);
    // A house of before files has none.
    if !has_table(snapshot, "file")? {
        return Ok(());
    }
    snapshot.execute_batch(TABLE)?;
    // What had not come whole by then begins anew in another life.
    snapshot.execute("delete from file where type is null", [])?;
    let mut insert = snapshot.prepare("insert into blob (file, thumb, n, bytes) values (?1, ?2, ?3, ?4)")?;
    for (file, has_thumb) in files(snapshot)? {
        for form in [Form::Whole, Form::Thumb].into_iter().take(1 + usize::from(has_thumb)) {
            let mut reader = match disk.read(file, form) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                reader => reader.map_err(failed)?,
            };
            for n in 0_i64.. {
                let mut piece = Vec::with_capacity(PIECE_BYTES);
                reader.as_mut().take(PIECE_BYTES as u64).read_to_end(&mut piece).map_err(failed)?;
                if piece.is_empty() && n > 0 {
                    break;
                }
                insert.execute(params![file.0.as_bytes(), form == Form::Thumb, n, piece])?;
            }
        }
    }
    Ok(())
}

/// Takes the bytes out of a copy of a backup into a new folder, and the table out of the copy. None when there are none.
pub(super) fn unpack(copy: &Connection, folder: &Path) -> Result<Option<PathBuf>, BackupError> {
    if !has_table(copy, "blob")? {
        return Ok(None);
    }
    let beside = folder.join(format!("{FOLDER}-new"));
    let failed = |error| BackupError::Disk(beside.clone(), error);
    match fs::remove_dir_all(&beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    let disk = Disk::at(beside.clone());
    let mut pieces = copy.prepare("select bytes from blob where file = ?1 and thumb = ?2 order by n")?;
    let mut blobs = copy.prepare("select distinct file, thumb from blob order by file, thumb")?;
    let mut blobs = blobs.query([])?;
    let mut some = false;
    while let Some(row) = blobs.next()? {
        let (file, thumb): ([u8; 16], bool) = (row.get(0)?, row.get(1)?);
        let form = if thumb { Form::Thumb } else { Form::Whole };
        let mut writer = disk.write(FileId(uuid::Uuid::from_bytes(file)), form, 0).map_err(failed)?;
        let mut rows = pieces.query(params![file, thumb])?;
        while let Some(piece) = rows.next()? {
            let bytes = piece.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
            writer.write_all(bytes).map_err(failed)?;
        }
        writer.finish().map_err(failed)?;
        some = true;
    }
    Ok(some.then_some(beside.clone()))
}

/// Takes the table out of a copy of a backup, whose bytes are beside it now.
pub(super) fn drop_table(copy: &Connection) -> rusqlite::Result<()> {
    copy.execute_batch("drop table if exists blob; vacuum")
}

pub(super) fn has_table(connection: &Connection, name: &str) -> rusqlite::Result<bool> {
    connection.prepare("select 1 from sqlite_schema where type = 'table' and name = ?1")?.exists([name])
}

fn files(snapshot: &Connection) -> rusqlite::Result<Vec<(FileId, bool)>> {
    let mut statement = snapshot.prepare("select id, thumb from file order by id")?;
    let files = statement.query_map([], |row| Ok((FileId(uuid::Uuid::from_bytes(row.get(0)?)), row.get(1)?)))?;
    files.collect()
}
