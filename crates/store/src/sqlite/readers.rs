//! The read side: a few threads, each with a read-only connection, each read a short snapshot.

use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;

use rusqlite::{Connection, OpenFlags};
use tokio::sync::oneshot;

use crate::{Later, StoreError};

/// Threads for short reads. More do not help on few cores.
pub(super) const READERS: usize = 3;
/// Threads for pages of messages, whose trees are made anew. They are apart so that no session waits behind them to be looked up.
pub(super) const PAGE_READERS: usize = 2;
/// Pages that each keeps. What more is read lies in the system's own cache, which all of them share.
const CACHE_KIB: i64 = 1_024;
/// Reads that may wait; above it they are refused as busy.
const READ_QUEUE_MAX: usize = 4_096;
/// Reads that share a snapshot at most, when many wait: beginning and ending one costs as much as looking up a row.
const READS_PER_SNAPSHOT: usize = 16;

type Job = Box<dyn FnOnce(Result<&Connection, StoreError>) + Send>;

/// The pool.
pub(super) struct Readers {
    jobs: Mutex<Option<mpsc::Sender<Job>>>,
    waiting: Arc<AtomicUsize>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Readers {
    /// Opens the connections. The file must exist and be migrated.
    pub(super) fn open(file: &Path, name: &str, count: usize) -> rusqlite::Result<Readers> {
        let (jobs, received) = mpsc::channel::<Job>();
        let received = Arc::new(Mutex::new(received));
        let waiting = Arc::new(AtomicUsize::new(0));
        let mut threads = Vec::new();
        for n in 0..count {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let connection = Connection::open_with_flags(file, flags)?;
            connection.busy_timeout(std::time::Duration::from_secs(5))?;
            connection.set_prepared_statement_cache_capacity(64);
            super::keep_plans(&connection)?;
            connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
            connection.pragma_update(None, "query_only", true)?;
            let (received, waiting) = (Arc::clone(&received), Arc::clone(&waiting));
            let reader = std::thread::Builder::new().name(format!("{name}-{n}"));
            threads.push(reader.spawn(move || serve(&connection, &received, &waiting, count)).map_err(thread_failed)?);
        }
        Ok(Readers { jobs: Mutex::new(Some(jobs)), waiting, threads: Mutex::new(threads) })
    }

    /// Runs `read` in a snapshot that begins after this call.
    pub(super) fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Later<T> {
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= READ_QUEUE_MAX {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            return Box::pin(async { Err(StoreError::Busy) });
        }
        let (answer, answered) = oneshot::channel();
        let waiting = Arc::clone(&self.waiting);
        let job: Job = Box::new(move |snapshot| {
            waiting.fetch_sub(1, Ordering::Relaxed);
            // A panic in one read must not take a reading thread away from all the others (S99).
            let read = AssertUnwindSafe(|| snapshot.and_then(read));
            let result =
                std::panic::catch_unwind(read).unwrap_or_else(|_| Err(StoreError::Fault("a read panicked".to_owned())));
            // Whoever asked may have gone.
            let _ = answer.send(result);
        });
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(jobs) = jobs.as_ref() {
            // Fails only when every reader has ended; the dropped answer says so.
            let _ = jobs.send(job);
        }
        Box::pin(async move { answered.await.unwrap_or(Err(StoreError::Broken)) })
    }

    /// Ends the threads after what is queued.
    pub(super) fn close(&self) {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take();
        for thread in self.threads.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            // A reader that panicked has nothing left to close.
            let _ = thread.join();
        }
    }
}

fn serve(connection: &Connection, jobs: &Mutex<mpsc::Receiver<Job>>, waiting: &AtomicUsize, threads: usize) {
    let mut some = Vec::with_capacity(READS_PER_SNAPSHOT);
    loop {
        {
            let jobs = jobs.lock().unwrap_or_else(PoisonError::into_inner);
            match jobs.recv() {
                Ok(job) => some.push(job),
                Err(mpsc::RecvError) => return,
            }
            // A fair share: what waits is for all the threads.
            let share = waiting.load(Ordering::Relaxed) / threads;
            some.extend(jobs.try_iter().take(share.min(READS_PER_SNAPSHOT - 1)));
        }
        read_all(connection, &mut some);
    }
}

fn read_all(connection: &Connection, some: &mut Vec<Job>) {
    for job in some.drain(..) {
        // The first begins it, and whoever comes after a read whose error ended it.
        let begun = if connection.is_autocommit() { run(connection, "begin") } else { Ok(()) };
        job(begun.map(|()| connection));
    }
    // Nothing was written, so ending it this way leaves nothing behind.
    if !connection.is_autocommit()
        && let Err(error) = run(connection, "rollback")
    {
        tracing::warn!(%error, "a snapshot could not be ended");
    }
}

fn run(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    Ok(connection.prepare_cached(sql)?.execute([]).map(drop)?)
}

pub(super) fn thread_failed(error: std::io::Error) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(Box::new(error))
}
