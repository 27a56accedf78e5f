//! Files: announced, taken part by part, carried by one message, and let go.

use parlour_domain::access::Action;
use parlour_protocol::file::{Attachment, Upload};
use parlour_protocol::{ErrorCode, FileId, Refusal, RoomId, Seq, Timestamp, UserId, limits};
use rusqlite::{OptionalExtension, Row, params};

use super::SqliteStore;
use super::batch::Batch;
use super::rooms::may_read;
use crate::{Append, Files, Later, NewFile, StoreError, WholeFile};

const ROW_BYTES: usize = 600;
/// Files let go at once, and whose bytes are removed at once.
const GONE_AT_ONCE: usize = 256;
const _: () = assert!(GONE_AT_ONCE == 256);

/// The columns that [`read_attachment`] reads, in its order.
const COLUMNS: &str = "id, name, type, bytes, width, height, thumb";

impl Files for SqliteStore {
    fn begin_file(&self, by: UserId, new: NewFile, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| begin(batch, by, &new, now))
    }

    fn upload(&self, by: UserId, file: FileId) -> Later<Upload> {
        self.readers.read(move |connection| {
            let sql = format!("select {COLUMNS}, room, taken from file where id = ?1 and owner = ?2 and seq is null");
            let found = connection.prepare_cached(&sql)?.query_row(params![key(&file), by.0], |row| {
                let whole: Option<String> = row.get(2)?;
                let (bytes, room, taken) = (row.get(3)?, RoomId(row.get(7)?), row.get(8)?);
                let name = row.get(1)?;
                let file_now = whole.is_some().then(|| read_attachment(row)).transpose()?;
                Ok(Upload { id: file, room, name, bytes, taken, file: file_now })
            });
            found.optional()?.ok_or_else(no_such_file)
        })
    }

    fn note_taken(&self, by: UserId, file: FileId, taken: u64, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| {
            let sql = "update file set taken = ?3, touched_at = ?4 where id = ?1 and owner = ?2 and type is null
                 and ?3 <= bytes";
            let row = params![key(&file), by.0, taken, now.0];
            changed(batch.connection.prepare_cached(sql)?.execute(row)?)
        })
    }

    fn finish_file(&self, by: UserId, file: FileId, whole: WholeFile, now: Timestamp) -> Later<Attachment> {
        self.writer.write(ROW_BYTES, move |batch| {
            let sql = format!(
                "update file set type = ?3, bytes = ?4, taken = ?4, width = ?5, height = ?6, thumb = ?7, touched_at = ?8
                 where id = ?1 and owner = ?2 and type is null returning {COLUMNS}"
            );
            let (width, height) = whole.size.unzip();
            let row = params![key(&file), by.0, whole.kind, whole.bytes, width, height, whole.thumb, now.0];
            let found = batch.connection.prepare_cached(&sql)?.query_row(row, read_attachment).optional()?;
            found.ok_or_else(no_such_file)
        })
    }

    fn cancel_file(&self, by: UserId, file: FileId) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| {
            let sql = "delete from file where id = ?1 and owner = ?2 and seq is null";
            changed(batch.connection.prepare_cached(sql)?.execute(params![key(&file), by.0])?)?;
            let sql = "insert or ignore into file_gone (id) values (?1)";
            Ok(batch.connection.prepare_cached(sql)?.execute([key(&file)]).map(drop)?)
        })
    }

    fn file(&self, room: RoomId, asker: UserId, file: FileId) -> Later<Attachment> {
        self.readers.read(move |connection| {
            may_read(connection, room, asker)?;
            // What was said before somebody came is not theirs, and so is not what it carried (ROOM-13).
            let sql = format!(
                "select {COLUMNS} from file where id = ?1 and room = ?2 and type is not null and
                 case when seq is null then owner = ?3 else seq >= (select max(r.floor + 1, m.since_seq)
                     from member m join room r on r.id = m.room
                     where m.room = ?2 and m.user = ?3 and m.until_seq is null) end"
            );
            let row = params![key(&file), room.0, asker.0];
            connection.prepare_cached(&sql)?.query_row(row, read_attachment).optional()?.ok_or_else(no_such_file)
        })
    }

    fn gone_files(&self, before: Timestamp) -> Later<Vec<FileId>> {
        self.writer.write(ROW_BYTES, move |batch| {
            let sql = "insert or ignore into file_gone (id) select id from file where seq is null and touched_at < ?1
                 order by touched_at limit 256";
            if batch.connection.prepare_cached(sql)?.execute([before.0])? > 0 {
                let sql = "delete from file where seq is null and id in (select id from file_gone)";
                batch.connection.prepare_cached(sql)?.execute([])?;
            }
            let mut statement = batch.connection.prepare_cached("select id from file_gone order by id limit 256")?;
            let gone = statement.query_map([], |row| row.get(0).map(id_of))?;
            Ok(gone.collect::<Result<Vec<_>, _>>()?)
        })
    }

    fn forget_files(&self, files: Vec<FileId>) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| {
            let mut statement = batch.connection.prepare_cached("delete from file_gone where id = ?1")?;
            files.iter().try_for_each(|file| statement.execute([key(file)]).map(drop))?;
            Ok(())
        })
    }
}

fn begin(batch: &mut Batch<'_>, by: UserId, new: &NewFile, now: Timestamp) -> Result<(), StoreError> {
    batch.may(Action::Post, new.room, by)?;
    refuse_too_much(batch, by, new)?;
    let sql = "insert into file (id, room, owner, name, bytes, taken, made_at, touched_at)
         values (?1, ?2, ?3, ?4, ?5, 0, ?6, ?6)";
    let row = params![key(&new.id), new.room.0, by.0, new.name, new.bytes, now.0];
    Ok(batch.connection.prepare_cached(sql)?.execute(row).map(drop)?)
}

/// Holds people, rooms and the house to what each may keep (S80). What is announced counts as if it were there.
fn refuse_too_much(batch: &Batch<'_>, by: UserId, new: &NewFile) -> Result<(), StoreError> {
    let number = |sql: &str, values: &[&dyn rusqlite::ToSql]| -> Result<u64, StoreError> {
        Ok(batch.connection.prepare_cached(sql)?.query_row(values, |row| row.get(0))?)
    };
    let loose = number("select count(*) from file where owner = ?1 and seq is null", &[&by.0])?;
    if loose >= limits::FILES_LOOSE_MAX as u64 {
        let words = "You have brought 50 files that are in no message. Send or remove some first.";
        return Err(StoreError::Refused(Refusal::new(ErrorCode::TooMany, words)));
    }
    let sum = "select coalesce(sum(bytes), 0) from file";
    let kept = [
        (number(&format!("{sum} where owner = ?1"), &[&by.0])?, limits::FILE_BYTES_PER_USER_MAX, "Your files"),
        (
            number(&format!("{sum} where room = ?1"), &[&new.room.0])?,
            limits::FILE_BYTES_PER_ROOM_MAX,
            "The room's files",
        ),
        (number(sum, &[])?, limits::FILE_BYTES_OF_HOUSE_MAX, "The house's files"),
    ];
    for (bytes, most, whose) in kept {
        if bytes + new.bytes > most {
            let words = format!("{whose} are as many as may be kept. Delete messages with files to make room.");
            return Err(StoreError::Refused(Refusal::new(ErrorCode::QuotaFull, words)));
        }
    }
    Ok(())
}

/// What a message is to carry: whole, the sender's own, of this room, and in no other message (FILE-5).
pub(super) fn of_message(batch: &Batch<'_>, message: &Append) -> Result<Vec<Attachment>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from file where id = ?1 and owner = ?2 and room = ?3 and type is not null and seq is null"
    );
    let find = |file: &FileId| {
        let row = params![key(file), message.actor.0, message.room.0];
        let found = batch.connection.prepare_cached(&sql)?.query_row(row, read_attachment).optional()?;
        found.ok_or_else(no_such_file)
    };
    message.files.iter().map(find).collect()
}

/// Notes that a message carries them.
pub(super) fn carry(batch: &Batch<'_>, files: &[FileId], seq: Seq) -> Result<(), StoreError> {
    for file in files {
        let sql = "update file set seq = ?2 where id = ?1";
        batch.connection.prepare_cached(sql)?.execute(params![key(file), seq.0])?;
    }
    Ok(())
}

/// Lets go of what a message carried: it was deleted. From now on nobody is given the bytes, which are removed soon.
pub(super) fn release(batch: &Batch<'_>, room: RoomId, seq: Seq) -> Result<(), StoreError> {
    let row = params![room.0, seq.0];
    let sql = "insert or ignore into file_gone (id) select id from file where room = ?1 and seq = ?2 order by id";
    batch.connection.prepare_cached(sql)?.execute(row)?;
    batch.connection.prepare_cached("delete from file where room = ?1 and seq = ?2")?.execute(row)?;
    let sql = "update event set files = null where room = ?1 and seq = ?2";
    Ok(batch.connection.prepare_cached(sql)?.execute(row).map(drop)?)
}

fn read_attachment(row: &Row<'_>) -> rusqlite::Result<Attachment> {
    Ok(Attachment {
        id: id_of(row.get(0)?),
        name: row.get(1)?,
        kind: row.get(2)?,
        bytes: row.get(3)?,
        width: row.get(4)?,
        height: row.get(5)?,
        thumb: row.get(6)?,
    })
}

fn key(file: &FileId) -> &[u8; 16] {
    file.0.as_bytes()
}

fn id_of(bytes: [u8; 16]) -> FileId {
    FileId(uuid::Uuid::from_bytes(bytes))
}

fn changed(rows: usize) -> Result<(), StoreError> {
    if rows == 0 { Err(no_such_file()) } else { Ok(()) }
}

fn no_such_file() -> StoreError {
    StoreError::Refused(Refusal::no_such_file())
}
