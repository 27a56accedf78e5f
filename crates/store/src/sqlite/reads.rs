//! How far people have read. Counts are never stored, so they cannot lie (READ-2).

use parlour_domain::access::Action;
use parlour_protocol::http::MessageList;
use parlour_protocol::{NotifyLevel, RoomId, Seq, UserId};
use rusqlite::params;

use super::batch::Batch;
use super::messages::no_such_room;
use super::rooms::{may_read, state};
use super::{SqliteStore, rows, states, unread};
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

    fn set_notify(&self, room: RoomId, user: UserId, level: NotifyLevel) -> Later<ReadState> {
        self.writer.write(ROW_BYTES, move |batch| {
            batch.may(Action::SetNotify, room, user)?;
            let sql = "update member set notify = ?3 where room = ?1 and user = ?2 and until_seq is null";
            batch.connection.prepare_cached(sql)?.execute(params![room.0, user.0, rows::notify_word(level)])?;
            read_state(batch, room, user)
        })
    }

    fn count(&self, room: RoomId, user: UserId) -> Later<ReadState> {
        self.readers.read(move |connection| {
            may_read(connection, room, user)?;
            let state = state(connection, room, user)?;
            let (seq, unread, mentions, head) = (state.read, state.unread, state.mentions, state.head);
            Ok(ReadState { room, seq, unread, mentions, head })
        })
    }

    fn unread(&self, room: RoomId, user: UserId) -> Later<MessageList> {
        self.readers.read(move |connection| {
            may_read(connection, room, user)?;
            let seqs = unread::list(connection, room, user)?;
            states::list(connection, user, room, &seqs)
        })
    }
}

fn set(batch: &mut Batch<'_>, sql: &str, room: RoomId, user: UserId, seq: Seq) -> Result<ReadState, StoreError> {
    if batch.connection.prepare_cached(sql)?.execute(params![room.0, user.0, seq.0])? == 0 {
        return Err(no_such_room());
    }
    read_state(batch, room, user)
}

/// How far somebody has read, and what is unread.
pub(super) fn read_state(batch: &mut Batch<'_>, room: RoomId, user: UserId) -> Result<ReadState, StoreError> {
    let state = state(batch.connection, room, user)?;
    // The room's row is written at the end of the batch; its head is known to the batch.
    let head = batch.room(room)?.head;
    Ok(ReadState { room, seq: state.read, unread: state.unread, mentions: state.mentions, head })
}
