//! What SQLite's FTS5 does with the same messages as it comes: its default tokenizer, one table, a filter by room behind it.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use rusqlite::{Connection, params};

use crate::talk::Talk;

pub(crate) struct Plain(Connection);

impl Plain {
    /// The same messages in the same rooms, and how long it took.
    pub(crate) fn filled(folder: &Path, talk: &Talk, rooms: usize, messages: usize) -> Result<(Plain, Duration)> {
        let connection = Connection::open(folder.join("plain.db"))?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.execute_batch(
            "create table said (id integer primary key, room integer not null, text text not null);
             create virtual table words using fts5 (text, content = 'said', content_rowid = 'id');",
        )?;
        let began = Instant::now();
        for from in (0..messages).step_by(1_000) {
            connection.execute_batch("begin")?;
            for number in from..(from + 1_000).min(messages) {
                let text = talk.message(number);
                let row = params![number as i64, (number % rooms) as i64, text];
                connection.prepare_cached("insert into said (id, room, text) values (?1, ?2, ?3)")?.execute(row)?;
                let row = params![number as i64, text];
                connection.prepare_cached("insert into words (rowid, text) values (?1, ?2)")?.execute(row)?;
            }
            connection.execute_batch("commit")?;
        }
        Ok((Plain(connection), began.elapsed()))
    }

    /// Finds the newest twenty, outside the last room.
    pub(crate) fn search(&self, typed: &str, rooms: usize) -> Result<usize> {
        let words: Vec<String> = typed.split(' ').map(|word| format!("\"{}\"", word.replace('"', ""))).collect();
        let matching = if typed.starts_with('"') { typed.to_owned() } else { words.join(" ") };
        let sql = "select s.text from words w join said s on s.id = w.rowid where w.text match ?1 and s.room < ?2
             order by w.rowid desc limit 20";
        let mut statement = self.0.prepare_cached(&sql.replace("w.text match", "words match"))?;
        let mut rows = statement.query(params![matching, (rooms - 1) as i64])?;
        let mut found = 0;
        while let Some(row) = rows.next()? {
            found += usize::from(!row.get_ref(0)?.as_str()?.is_empty());
        }
        Ok(found)
    }
}
