//! The thread that fills the index, behind everything else that the house does.
//!
//! It takes the present text of each message, in the order of time over all rooms, some at a time, each time with how far it has read:
//! whenever it ends, it goes on there. A message that a later event is about is looked at again.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap, VecDeque};
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use parlour_domain::search::{Marks, day_of, fold, marks_of, words_of};
use parlour_protocol::{Change, Event, Timestamp};
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, params};

use super::super::rows::{EVENT_COLUMNS, EVENT_FROM, read_event};
use super::{Shared, index, runs};

/// Events read into the index in one transaction.
const EVENTS_PER_TURN: usize = 1_000;
/// Events of all rooms together that are held to be put in order of time.
const EVENTS_HELD_MAX: usize = 8_192;
/// What is said is gathered for this long, unless somebody searches: many messages cost less together.
const GATHERING: Duration = Duration::from_millis(500);
/// It rests as long as it worked, but no longer than this.
const REST: Duration = Duration::from_millis(100);
/// Bytes of text of all rooms together that are held meanwhile; of a room that is behind there is always one event.
const BYTES_HELD_MAX: usize = 512 * 1024;
/// After an error it is tried again after this time.
const AGAIN_AFTER: Duration = Duration::from_secs(5);

/// Fills the index until the store closes.
pub(super) fn run(shared: &Shared) {
    be_modest(FILLING);
    let mut was_said = false;
    while !shared.is_stopping() {
        let filled = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| fill(shared)));
        let error = match filled {
            Ok(Ok(())) => return,
            Ok(Err(error)) => {
                if index::is_damage(&error) {
                    index::remove(&shared.folder);
                }
                error.to_string()
            }
            Err(_) => "a panic".to_owned(),
        };
        // As long as the disk is full it is the same each time.
        if std::mem::replace(&mut was_said, true) {
            tracing::debug!(error, "the search index could not be filled; trying again");
        } else {
            tracing::warn!(error, "the search index could not be filled; trying again every few seconds");
        }
        shared.rest(AGAIN_AFTER, false);
    }
}

/// How much a searching thread stands back: somebody waits for it, though not as one waits for what is said.
pub(super) const SEARCHING: i32 = 10;
/// How much the filling one does: as far as there is.
const FILLING: i32 = 19;

/// Leaves the processor to whoever speaks and listens. Where the system has no such thing it takes its share.
pub(super) fn be_modest(nice: i32) {
    // Of the calling thread alone, on Linux.
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, nice) {
        tracing::debug!(%error, "a thread of the search could not be given a low priority");
    }
}

impl Shared {
    /// Waits for a commit that is not in the index; none when the store closes. What is said is gathered a little.
    fn next_commits(&self) -> Option<u64> {
        let mut progress = self.progress();
        while !self.told.load(Ordering::Acquire) && !progress.stopping {
            progress = self.changed.wait(progress).unwrap_or_else(PoisonError::into_inner);
        }
        drop(progress);
        if self.progress().filled > 0 {
            self.rest(GATHERING, true);
        }
        // Told anew from here on: what is committed while the heads are read is looked for again.
        self.told.store(false, Ordering::Release);
        let commits = self.commits.load(Ordering::Acquire);
        (!self.is_stopping()).then_some(commits)
    }

    /// Rests until the time is over, the store closes or, where that hurries it, somebody searches.
    fn rest(&self, time: Duration, hurries: bool) {
        let until = Instant::now() + time;
        let mut progress = self.progress();
        while !progress.stopping && (!hurries || !progress.asked) {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            progress = self.changed.wait_timeout(progress, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn has_filled(&self, commits: u64) {
        let mut progress = self.progress();
        progress.filled = commits;
        progress.asked = false;
        self.changed.notify_all();
    }
}

fn fill(shared: &Shared) -> rusqlite::Result<()> {
    // Nothing is known to be in a file that was not opened yet.
    shared.progress().filled = 0;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let log = Connection::open_with_flags(shared.folder.join("parlour.db"), flags)?;
    log.busy_timeout(Duration::from_secs(5))?;
    log.set_prepared_statement_cache_capacity(32);
    // It reads each page once.
    log.pragma_update(None, "cache_size", -512)?;
    let index = index::open(&shared.folder, &shared.epoch, &log)?;
    let next = index.query_row("select coalesce(max(id), 0) + 1 from said", [], |row| row.get(0))?;
    let filled = index::filled(&index)?;
    let mut filling = Filling { log, index, filled, next };
    shared.made.fetch_add(1, Ordering::AcqRel);
    // An index that was closed with something left to read, or made anew, has everything to look at.
    shared.told.store(true, Ordering::Release);
    while let Some(commits) = shared.next_commits() {
        if !filling.catch_up(shared)? {
            return Ok(());
        }
        shared.has_filled(commits);
    }
    Ok(())
}

struct Filling {
    log: Connection,
    index: Connection,
    /// How far each room's log is in the index.
    filled: HashMap<u64, u64>,
    /// The number of the next message.
    next: i64,
}

/// A room that is behind.
struct Behind {
    room: u64,
    head: u64,
    /// The last event that was fetched.
    fetched: u64,
    events: VecDeque<Read>,
}

/// An event as it was read.
struct Read {
    seq: u64,
    at: i64,
    /// The messages that it is about: what it changes, and what its thread is about.
    about: [Option<u64>; 2],
    /// What was said; none for every other event.
    said: Option<Event>,
}

impl Filling {
    /// Takes everything into the index that is in the log now. False when the store closes meanwhile.
    fn catch_up(&mut self, shared: &Shared) -> rusqlite::Result<bool> {
        let heads = index::heads(&self.log)?;
        let filled = |room: &u64| self.filled.get(room).copied().unwrap_or_default();
        let mut behind: Vec<Behind> = heads
            .iter()
            .filter(|(room, head)| **head > filled(room))
            .map(|(room, head)| Behind { room: *room, head: *head, fetched: filled(room), events: VecDeque::new() })
            .collect();
        behind.sort_by_key(|behind| behind.room);
        let rooms = behind.len().max(1);
        let at_once = ((EVENTS_HELD_MAX / rooms).clamp(1, EVENTS_PER_TURN), BYTES_HELD_MAX / rooms);
        let mut order = BinaryHeap::new();
        for (place, room) in behind.iter_mut().enumerate() {
            self.fetch(room, at_once)?;
            order.extend(room.events.front().map(|event| Reverse((event.at, place))));
        }
        while !order.is_empty() {
            let began = Instant::now();
            self.turn(&mut behind, &mut order, at_once)?;
            if shared.is_stopping() {
                return Ok(false);
            }
            // As long as it worked: one half of what is left over is for others.
            shared.rest(began.elapsed().min(REST), true);
        }
        Ok(true)
    }

    /// One transaction.
    fn turn(
        &mut self,
        behind: &mut [Behind],
        order: &mut BinaryHeap<Reverse<(i64, usize)>>,
        at_once: (usize, usize),
    ) -> rusqlite::Result<()> {
        self.index.execute_batch("begin immediate")?;
        let (mut days, mut reached) = (BTreeMap::new(), BTreeMap::new());
        let mut removed = false;
        for _ in 0..EVENTS_PER_TURN {
            let Some(Reverse((_, place))) = order.pop() else { break };
            let Some(room) = behind.get_mut(place) else { break };
            let Some(event) = room.events.pop_front() else { break };
            if let Some(said) = event.said {
                let day = days.entry(day_of(said.at)).or_insert((self.next, self.next));
                day.1 = self.next;
                self.put(&said)?;
            }
            for about in event.about.into_iter().flatten() {
                removed |= self.look_again(room.room, about)?;
            }
            reached.insert(room.room, event.seq);
            if room.events.is_empty() {
                self.fetch(room, at_once)?;
            }
            order.extend(room.events.front().map(|event| Reverse((event.at, place))));
        }
        for (day, (first, last)) in days {
            let sql = "insert into day (day, first, last) values (?1, ?2, ?3)
                 on conflict (day) do update set first = min(first, ?2), last = max(last, ?3)";
            self.index.prepare_cached(sql)?.execute(params![day, first, last])?;
        }
        for (room, seq) in &reached {
            let sql = "insert into room (id, seq) values (?1, ?2) on conflict (id) do update set seq = ?2";
            self.index.prepare_cached(sql)?.execute(params![room, seq])?;
        }
        self.index.execute_batch("commit")?;
        self.filled.extend(reached);
        if removed {
            // What was taken out is in the older pages of the WAL as well. Who reads just now holds it up until the next time.
            self.index.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()))?;
        }
        Ok(())
    }

    /// The next events of a room: at most so many, and no more once they hold so many bytes of text.
    fn fetch(&self, room: &mut Behind, (most, bytes): (usize, usize)) -> rusqlite::Result<()> {
        let sql = format!(
            "select {EVENT_COLUMNS} from {EVENT_FROM} where e.room = ?1 and e.seq > ?2 and e.seq <= ?3
             order by e.seq limit ?4"
        );
        let mut statement = self.log.prepare_cached(&sql)?;
        let mut rows = statement.query(params![room.room, room.fetched, room.head, most])?;
        let mut held = 0;
        while held <= bytes {
            let Some(row) = rows.next()? else { break };
            let event = read_event(row)?;
            held += if let Change::Message { text, .. } = &event.change { text.len() } else { 0 };
            let (seq, at) = (event.seq.0, event.at.0);
            let said = matches!(event.change, Change::Message { .. }).then_some(event);
            room.events.push_back(Read { seq, at, about: [row.get(8)?, row.get(10)?], said });
            room.fetched = seq;
        }
        Ok(())
    }

    fn put(&mut self, said: &Event) -> rusqlite::Result<()> {
        let Some((folded, marks)) = kept(said) else { return Ok(()) };
        let sql = "insert into said (id, room, seq, actor, at, marks, text) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let Event { room, seq, at: Timestamp(at), by, .. } = said;
        let row = params![self.next, room.0, seq.0, by.id.0, at, runs::bits(marks), folded];
        self.index.prepare_cached(sql)?.execute(row)?;
        self.write(self.next, &runs::all(room.0, by.id.0, marks, &folded))?;
        self.next += 1;
        Ok(())
    }

    fn write(&self, id: i64, runs: &str) -> rusqlite::Result<()> {
        self.index.prepare_cached("insert into gram (rowid, runs) values (?1, ?2)")?.execute(params![id, runs])?;
        Ok(())
    }

    /// Looks at a message that an event is about: its words may be others now, or gone. Whether something was taken out.
    fn look_again(&self, room: u64, seq: u64) -> rusqlite::Result<bool> {
        let sql = "select id, actor, marks, text from said where room = ?1 and seq = ?2";
        let known = self.index.prepare_cached(sql)?.query_row(params![room, seq], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, u64>(1)?, row.get::<_, i64>(2)?, row.get::<_, String>(3)?))
        });
        let Some((id, actor, bits, text)) = known.optional()? else { return Ok(false) };
        let sql = format!("select {EVENT_COLUMNS} from {EVENT_FROM} where e.room = ?1 and e.seq = ?2");
        let present = self.log.prepare_cached(&sql)?.query_row(params![room, seq], read_event).optional()?;
        let mut present = present.as_ref().and_then(kept);
        if let Some((_, marks)) = &mut present {
            let sql = "select 1 from event where room = ?1 and thread = ?2";
            marks.thread |= self.log.prepare_cached(sql)?.exists(params![room, seq])?;
        }
        if present.as_ref().is_some_and(|(folded, marks)| *folded == text && runs::bits(*marks) == bits) {
            return Ok(false);
        }
        let taken = "insert into gram (gram, rowid, runs) values ('delete', ?1, ?2)";
        let before = runs::all(room, actor, runs::marks(bits), &text);
        self.index.prepare_cached(taken)?.execute(params![id, before])?;
        match present {
            Some((folded, marks)) => {
                let sql = "update said set text = ?2, marks = ?3 where id = ?1";
                self.index.prepare_cached(sql)?.execute(params![id, folded, runs::bits(marks)])?;
                self.write(id, &runs::all(room, actor, marks, &folded))?;
            }
            None => drop(self.index.prepare_cached("delete from said where id = ?1")?.execute([id])?),
        }
        Ok(true)
    }
}

/// What is kept of an event; none when nothing was said by it, or no more.
fn kept(event: &Event) -> Option<(String, Marks)> {
    let Change::Message { text, tree, files, deleted: None, .. } = &event.change else { return None };
    Some((fold(&words_of(text, tree.as_ref(), files)), marks_of(&event.change)))
}
