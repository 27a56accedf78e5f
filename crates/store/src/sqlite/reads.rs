//! How far people have read. Counts are never stored, so they cannot lie (READ-2).

use parlour_domain::access::Action;
use parlour_protocol::{RoomId, Seq, UserId};
use rusqlite::params;

use super::SqliteStore;
use super::batch::Batch;
use super::messages::no_such_room;
use super::rooms::state;
use crate::{Later, ReadState, Reads, StoreError};

const ROW_BYTES: usize = 64;

impl Reads for SqliteStore {
    fn mark_read(&self, room: RoomId, user: UserId, seq: Seq) -> Later<ReadState> {
        self.writer.write(ROW_BYTES, move |batch| {
            batch.may(Action::MarkRead, room, user)?;
            let seq = seq.min(batch.room(room)?.head);
            let sql =
                "update member set read_seq = max(read_seq, ?3) where room = ?1 and user = ?2 and until_seq is null";
            set(batch, sql, room, user, seq)
        })
    }

    fn mark_unread(&self, room: RoomId, user: UserId, seq: Seq) -> Later<ReadState> {
        self.writer.write(ROW_BYTES, move |batch| {
            batch.may(Action::MarkRead, room, user)?;
            let seq = Seq(seq.0.saturating_sub(1)).min(batch.room(room)?.head);
            let sql =
                "update member set read_seq = max(?3, since_seq - 1) where room = ?1 and user = ?2 and until_seq is null";
            set(batch, sql, room, user, seq)
        })
    }
}

fn set(batch: &mut Batch<'_>, sql: &str, room: RoomId, user: UserId, seq: Seq) -> Result<ReadState, StoreError> {
    if batch.connection.prepare_cached(sql)?.execute(params![room.0, user.0, seq.0])? == 0 {
        return Err(no_such_room());
    }
    let state = state(batch.connection, room, user)?;
    // The room's row is written at the end of the batch; its head is known to the batch.
    let head = batch.room(room)?.head;
    Ok(ReadState { room, seq: state.read, unread: state.unread, head })
}
