//! The search: an index in a file of its own beside the log, and the threads that fill it and look in it.
//!
//! `search.db` holds nothing that the log does not: it is made of it, is no part of a backup, and is made anew when it is missing,
//! damaged, or of another life of the house. So nobody who speaks ever waits for it, neither for its lock nor for its syncs: one
//! thread of low priority reads what was committed and writes it there (ADR 11).
//!
//! [`index`] the file · [`filling`] the thread that fills it · [`runs`] what is kept of a message · [`asking`] one search ·
//! [`showing`] what of a message is answered.

mod asking;
mod filling;
mod index;
mod runs;
mod showing;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use parlour_protocol::limits;
use parlour_protocol::search::SearchPage;
use rusqlite::{Connection, OpenFlags};
use tokio::sync::oneshot;

use super::SqliteStore;
use crate::{Later, SearchFor, Searches, StoreError};

/// Threads that search.
const SEARCHERS: usize = 2;
/// Pages of the index that each keeps, and of the log.
const SEARCH_CACHE_KIB: i64 = 4_096;

/// What the writer's thread, the filling one and the searching ones share.
pub(super) struct Shared {
    /// The folder of the house.
    folder: PathBuf,
    /// Which life of the house the index must be of.
    epoch: String,
    /// Commits so far. The index is behind at first, whatever is in it.
    commits: AtomicU64,
    /// Whether the filling thread was told of a commit that it has not begun with.
    told: AtomicBool,
    /// How often the file was made anew: whoever has an older one open opens it again.
    made: AtomicU64,
    progress: Mutex<Progress>,
    changed: Condvar,
}

#[derive(Default)]
struct Progress {
    /// Commits whose messages are all in the index.
    filled: u64,
    /// Somebody searches and waits for what was said just now.
    asked: bool,
    stopping: bool,
}

/// The search of an open store.
pub(super) struct Search {
    shared: Arc<Shared>,
    jobs: Mutex<Option<mpsc::Sender<Job>>>,
    waiting: Arc<AtomicUsize>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

struct Job {
    ask: SearchFor,
    /// What was committed when it was asked.
    commits: u64,
    answer: oneshot::Sender<Result<SearchPage, StoreError>>,
}

impl Search {
    /// Starts the threads. The database must exist and be migrated.
    ///
    /// # Errors
    /// When a thread cannot be started. That there is no index yet is no error: it comes.
    pub(super) fn start(folder: &Path, epoch: &str) -> std::io::Result<Search> {
        let shared = Arc::new(Shared {
            folder: folder.to_owned(),
            epoch: epoch.to_owned(),
            commits: AtomicU64::new(1),
            told: AtomicBool::new(true),
            made: AtomicU64::new(0),
            progress: Mutex::default(),
            changed: Condvar::new(),
        });
        let (jobs, received) = mpsc::channel::<Job>();
        let received = Arc::new(Mutex::new(received));
        let waiting = Arc::new(AtomicUsize::new(0));
        let mut threads = Vec::new();
        let filling = Arc::clone(&shared);
        threads.push(std::thread::Builder::new().name("indexer".to_owned()).spawn(move || filling::run(&filling))?);
        for n in 0..SEARCHERS {
            let (shared, received, waiting) = (Arc::clone(&shared), Arc::clone(&received), Arc::clone(&waiting));
            let thread = std::thread::Builder::new().name(format!("searcher-{n}"));
            threads.push(thread.spawn(move || serve(&shared, &received, &waiting))?);
        }
        Ok(Search { shared, jobs: Mutex::new(Some(jobs)), waiting, threads: Mutex::new(threads) })
    }

    /// What is to be told of each commit, on the writer's thread.
    pub(super) fn shared(&self) -> Arc<Shared> {
        Arc::clone(&self.shared)
    }

    /// Ends the threads. What is not in the index yet is taken into it after the next start.
    pub(super) fn close(&self) {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.shared.progress().stopping = true;
        self.shared.changed.notify_all();
        for thread in self.threads.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            // One that panicked has nothing left to close.
            let _ = thread.join();
        }
    }
}

impl Searches for SqliteStore {
    fn search(&self, ask: SearchFor) -> Later<SearchPage> {
        let search = &self.search;
        if search.waiting.fetch_add(1, Ordering::Relaxed) >= limits::SEARCHES_WAITING_MAX {
            search.waiting.fetch_sub(1, Ordering::Relaxed);
            return Box::pin(async { Err(StoreError::Busy) });
        }
        let (answer, answered) = oneshot::channel();
        let commits = search.shared.commits.load(Ordering::Acquire);
        if let Some(jobs) = search.jobs.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            // Fails only when every searcher has ended; the dropped answer says so.
            let _ = jobs.send(Job { ask, commits, answer });
        }
        Box::pin(async move { answered.await.unwrap_or(Err(StoreError::Broken)) })
    }
}

impl Shared {
    /// Something was committed: costs the writer a flag, and a wake-up when the filling thread has not been told yet.
    pub(super) fn committed(&self) {
        self.commits.fetch_add(1, Ordering::AcqRel);
        if !self.told.swap(true, Ordering::AcqRel) {
            // Held for a moment, so that the thread is not between looking and waiting.
            drop(self.progress());
            self.changed.notify_all();
        }
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_stopping(&self) -> bool {
        self.progress().stopping
    }

    /// Waits at most so long for the index to hold what so many commits made, and makes it hurry.
    fn wait_until_filled(&self, commits: u64, patience: Duration) -> bool {
        let until = Instant::now() + patience;
        let mut progress = self.progress();
        while progress.filled < commits && !progress.stopping {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            progress.asked = true;
            self.changed.notify_all();
            progress = self.changed.wait_timeout(progress, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        progress.filled >= commits
    }
}

/// The two files as one searching thread has them open.
struct Desk {
    log: Connection,
    index: Connection,
    made: u64,
}

fn serve(shared: &Shared, jobs: &Mutex<mpsc::Receiver<Job>>, waiting: &AtomicUsize) {
    filling::be_modest(filling::SEARCHING);
    let mut desk = None;
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Job { ask, commits, answer }) = job else { return };
        waiting.fetch_sub(1, Ordering::Relaxed);
        if answer.is_closed() {
            // Whoever asked has gone, as one does who types on.
            continue;
        }
        // A panic in one search must not take the thread away from all the others (S99).
        let done = std::panic::AssertUnwindSafe(|| answer_one(shared, &mut desk, &ask, commits));
        let result =
            std::panic::catch_unwind(done).unwrap_or_else(|_| Err(StoreError::Fault("a search panicked".to_owned())));
        if result.is_err() {
            desk = None;
        }
        let _ = answer.send(result);
    }
}

fn answer_one(
    shared: &Shared,
    desk: &mut Option<Desk>,
    ask: &SearchFor,
    commits: u64,
) -> Result<SearchPage, StoreError> {
    let is_filled = shared.wait_until_filled(commits, Duration::from_millis(limits::SEARCH_WAIT_MS));
    let made = shared.made.load(Ordering::Acquire);
    if desk.as_ref().is_none_or(|desk| desk.made != made) {
        *desk = Some(open(shared, made)?);
    }
    let Some(Desk { log, index, .. }) = desk else { return Err(StoreError::Busy) };
    let until = Instant::now() + Duration::from_millis(limits::SEARCH_MS);
    let page = asking::search(log, index, ask, until)?;
    Ok(SearchPage { behind: !is_filled, ..page })
}

fn open(shared: &Shared, made: u64) -> Result<Desk, StoreError> {
    if made == 0 {
        // Not even begun.
        return Err(StoreError::Busy);
    }
    let open = |name: &str| -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(shared.folder.join(name), flags)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.set_prepared_statement_cache_capacity(32);
        super::keep_plans(&connection)?;
        connection.pragma_update(None, "cache_size", -SEARCH_CACHE_KIB)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(connection)
    };
    let opened = open("parlour.db").and_then(|log| Ok(Desk { log, index: open(index::NAME)?, made }));
    opened.map_err(|error| {
        // Taken away just now, to be made anew.
        tracing::debug!(%error, "the search index cannot be opened");
        StoreError::Busy
    })
}
