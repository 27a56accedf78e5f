//! The least that the same rows cost: one loop over the same tables, with nothing asked and nobody answered.

use std::path::Path;

use anyhow::Result;
use parlour_protocol::{RoomId, User};
use rusqlite::{Connection, params};

use crate::house::{TEXT, now};

/// Bytes of the WAL after which the store moves it into the file, in pages.
const WAL_PAGES: i64 = 16_384;

pub(crate) struct Bare {
    connection: Connection,
    seqs: Vec<u64>,
    commits: u64,
}

impl Bare {
    /// Over the database of a store that is closed, whose rooms have no messages yet.
    pub(crate) fn over(folder: &Path, rooms: usize) -> Result<Bare> {
        let connection = Connection::open(folder.join("parlour.db"))?;
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "wal_autocheckpoint", WAL_PAGES)?;
        // The events that made the rooms are there already.
        Ok(Bare { connection, seqs: vec![100; rooms], commits: 1_000_000 })
    }

    /// Writes so many messages, `batch` in each transaction.
    pub(crate) fn write(&mut self, places: &[(RoomId, User)], count: usize, batch: usize) -> Result<()> {
        let mut written = 0;
        while written < count {
            let until = (written + batch).min(count);
            self.connection.execute_batch("begin immediate")?;
            for number in written..until {
                self.message(places, number % places.len())?;
            }
            let mut update =
                self.connection.prepare_cached("update room set head = ?2, msgs = ?2, last_at = ?3 where id = ?1")?;
            for (at, (room, _)) in places.iter().enumerate().take(until - written) {
                update.execute(params![room.0, self.seqs[at], now().0])?;
            }
            self.commits += 1;
            let noted = "insert into commit_log (shard, n, life, ranges, at) values (1, ?1, 1, '[]', ?2)";
            self.connection.prepare_cached(noted)?.execute(params![self.commits, now().0])?;
            self.connection.prepare_cached("update shard set head = head + 1 where id = 1")?.execute([])?;
            drop(update);
            self.connection.execute_batch("commit")?;
            written = until;
        }
        Ok(())
    }

    fn message(&mut self, places: &[(RoomId, User)], at: usize) -> Result<()> {
        let (room, by) = &places[at];
        self.seqs[at] += 1;
        let insert = "insert into event (room, seq, kind, actor, actor_name, nonce, target, mseq, rev, at, body)
             values (?1, ?2, 'message', ?3, ?4, ?5, null, ?2, ?2, ?6, ?7)";
        let nonce = uuid::Uuid::now_v7();
        self.connection.prepare_cached(insert)?.execute(params![
            room.0,
            self.seqs[at],
            by.id.0,
            by.name,
            nonce.as_bytes(),
            now().0,
            TEXT
        ])?;
        Ok(())
    }
}
