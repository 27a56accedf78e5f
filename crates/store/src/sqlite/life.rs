//! Which life of the house a database file is, told by a small file beside it (ENGINE H11, H39; LOG-9).
//!
//! A file put in the database's place (a copy, a backup, a disk's snapshot) cannot know that it was: it goes on where it
//! ended, and gives the seqs of what came after it to other events. So each start writes a new random *run* both into
//! `meta` and into `parlour.life`, with the number of commits seen so far. A database whose run is not one of the last
//! two, or that has fewer commits than were seen, is another life: the epoch changes, and every client is told to reload.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use serde_json::{Value, json};

/// The file beside the database.
const NAME: &str = "parlour.life";

/// What was last known of the database, for the next start.
pub(super) struct Life {
    path: PathBuf,
    folder: PathBuf,
    store_id: String,
    run: String,
    commits: i64,
}

struct Known {
    store_id: String,
    runs: Vec<String>,
    commits: i64,
}

/// Reads what the file beside the database knows, begins another life where the two do not fit, and begins a new run.
///
/// # Errors
/// When the database or the folder cannot be written.
pub(super) fn begin(connection: &Connection, folder: &Path) -> std::io::Result<Life> {
    let path = folder.join(NAME);
    let known = read(&path);
    let sql = "select store_id, run, (select head from shard where id = 1) from meta";
    let meta = connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    let (store_id, run, commits): (String, String, i64) = meta.map_err(std::io::Error::other)?;
    // A database without a run was made just now.
    let fits = run.is_empty()
        || known
            .is_some_and(|known| known.store_id == store_id && known.runs.contains(&run) && commits >= known.commits);
    if !fits {
        tracing::warn!(
            "the database is not the one this house last wrote: a new epoch begins, and every client reloads"
        );
        begin_another(connection).map_err(std::io::Error::other)?;
    }
    let next = uuid::Uuid::new_v4().simple().to_string();
    let mut life = Life { path, folder: folder.to_owned(), store_id, run: next, commits };
    // Both runs are good until the database has the new one: a power cut between the two is not another life.
    life.write(&[&run, &life.run])?;
    connection.execute("update meta set run = ?1", [&life.run]).map_err(std::io::Error::other)?;
    life.commits = commits;
    Ok(life)
}

/// Makes a database another life of its house.
pub(super) fn begin_another(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute("update meta set life = life + 1, mark = lower(hex(randomblob(8))), run = ''", []).map(drop)
}

impl Life {
    /// Notes how many commits there are now. Called when the store rests and when it closes; between those a database put
    /// back by hand may be taken for this one by at most the commits of that time.
    pub(super) fn note(&mut self, commits: i64) {
        if commits == self.commits {
            return;
        }
        self.commits = commits;
        if let Err(error) = self.write(&[&self.run]) {
            tracing::warn!(%error, "{NAME} could not be written");
        }
    }

    /// Whole or not at all: written beside, synced, renamed, and the folder synced.
    fn write(&self, runs: &[&String]) -> std::io::Result<()> {
        let text = json!({ "store_id": self.store_id, "runs": runs, "commits": self.commits });
        let beside = self.path.with_extension("life-new");
        let mut file = File::create(&beside)?;
        super::private(&beside)?;
        writeln!(file, "{text}")?;
        file.sync_all()?;
        fs::rename(&beside, &self.path)?;
        File::open(&self.folder)?.sync_all()
    }
}

/// None when there is no such file or it is damaged: then the database is taken for another life, which costs a reload.
fn read(path: &Path) -> Option<Known> {
    let value: Value = serde_json::from_str(&fs::read_to_string(path).ok()?).ok()?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    Some(Known {
        store_id: text(&value["store_id"])?,
        runs: value["runs"].as_array()?.iter().filter_map(text).collect(),
        commits: value["commits"].as_i64()?,
    })
}
