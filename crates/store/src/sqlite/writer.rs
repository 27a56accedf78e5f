//! The write side: one thread, one connection, group commit.
//!
//! The next batch begins when the last one is on disk, with everything that came meanwhile: a lone write is committed at
//! once, a crowd shares a commit. Only a crowd's stragglers are waited for, a fraction of a millisecond, and in a steady
//! stream of many people company, a few of them ([`super::pace`]).

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use parlour_protocol::{Epoch, Timestamp, UserId, limits};
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::batch::Batch;
use super::controls;
use super::life::Life;
use super::pace::{ENOUGH, Pace};
use super::queue::{Queue, Queued, Took};
use super::space::Space;
use crate::{Committed, Gathering, Later, OnBroken, OnCommit, Pipeline, StoreError};

/// Nothing was written for this long: a good moment to move the WAL into the file.
const IDLE: Duration = Duration::from_secs(1);
/// Where many wrote at once just now, a batch that is smaller than of late waits so long for the rest: their next words come within
/// a few turns of the sockets, and fewer commits carry more to every reader. Nobody who writes alone is waited with.
const GATHERING: Duration = Duration::from_micros(300);
/// The WAL is moved into the file at this size also under load. Whoever writes meanwhile waits: with 2,048 messages in flight
/// the 99th percentile was 67 ms at twice the size and 43 at half of it, with as many messages a second.
const WAL_PAGES_MAX: i64 = 8_192;
/// How often, in batches, the WAL's size is looked at.
const WAL_LOOKED_AT_EVERY: u64 = 32;
/// How often, in batches, commits are noted and old rows of the commit log go.
const HOUSEKEEPING_EVERY: u64 = 256;

/// One write: can be run again when the batch it was in had to be rolled back.
pub(super) trait Job: Send {
    /// Runs inside the batch's transaction. An error means that something was written before it was raised.
    fn run(&mut self, batch: &mut Batch<'_>) -> Result<(), StoreError>;
    /// Answers with this instead.
    fn fail(&mut self, error: StoreError);
    /// Answers whoever waits.
    fn answer(self: Box<Self>);
}

struct Write<T, F> {
    write: F,
    pipeline: Pipeline,
    result: Option<Result<T, StoreError>>,
    answer: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Job for Write<T, F>
where
    T: Send,
    F: FnMut(&mut Batch<'_>) -> Result<T, StoreError> + Send,
{
    fn run(&mut self, batch: &mut Batch<'_>) -> Result<(), StoreError> {
        let result = (self.write)(batch);
        // A refusal is decided before anything is written, so the batch goes on without it.
        let rolled_back = match &result {
            Ok(_) | Err(StoreError::Refused(_) | StoreError::Busy) => Ok(()),
            Err(error) => Err(error.clone()),
        };
        self.result = Some(result);
        rolled_back
    }

    fn fail(&mut self, error: StoreError) {
        self.pipeline.stop();
        self.result = Some(Err(error));
    }

    fn answer(self: Box<Self>) {
        // Whoever asked may have gone; what was written stays written.
        let _ = self.answer.send(self.result.unwrap_or(Err(StoreError::Broken)));
    }
}

/// What callers and the thread share.
struct Shared {
    queued: AtomicUsize,
    queued_bytes: AtomicUsize,
    broken: AtomicBool,
}

/// The way to the writer's thread.
pub(super) struct Writer {
    queue: Arc<Queue>,
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    /// Starts the thread, which owns the connection from now on.
    pub(super) fn start(
        connection: Connection,
        (life, space): (Life, Space),
        epoch: Epoch,
        on_commit: OnCommit,
        on_broken: OnBroken,
    ) -> std::io::Result<Writer> {
        let queue = Arc::new(Queue::default());
        let shared = Arc::new(Shared {
            queued: AtomicUsize::new(0),
            queued_bytes: AtomicUsize::new(0),
            broken: AtomicBool::new(false),
        });
        let mut thread = Thread {
            connection,
            life,
            space,
            epoch,
            queue: Arc::clone(&queue),
            shared: Arc::clone(&shared),
            on_commit,
            on_broken,
            caches: super::batch::Caches::default(),
            version: 0,
            batches: 0,
            crowd: 0,
            pace: Pace::default(),
            latest: Timestamp::default(),
        };
        let thread = std::thread::Builder::new().name("writer".to_owned()).spawn(move || {
            // A writer that is gone must not look like one that is slow (S99).
            if std::panic::catch_unwind(AssertUnwindSafe(|| thread.run())).is_err() {
                tracing::error!("the writer's thread panicked; the house stops");
                thread.shared.broken.store(true, Ordering::Release);
                // Before whoever waits in the queue is told, so that who hears it finds it known.
                (thread.on_broken)();
                thread.queue.abandon();
            }
        })?;
        Ok(Writer { queue, shared, thread: Mutex::new(Some(thread)) })
    }

    /// Takes a place in the queue now. `bytes` is about what it will write.
    pub(super) fn write<T: Send + 'static>(
        &self,
        bytes: usize,
        write: impl FnMut(&mut Batch<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Later<T> {
        self.queue(Pipeline::default(), None, bytes, write)
    }

    /// The same for a message of a pipeline, which is stopped before anything later of it can be written when this is not.
    pub(super) fn write_message<T: Send + 'static>(
        &self,
        (pipeline, by): (Pipeline, UserId),
        bytes: usize,
        write: impl FnMut(&mut Batch<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Later<T> {
        self.queue(pipeline, Some(by), bytes, write)
    }

    fn queue<T: Send + 'static>(
        &self,
        pipeline: Pipeline,
        by: Option<UserId>,
        bytes: usize,
        write: impl FnMut(&mut Batch<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Later<T> {
        if self.shared.broken.load(Ordering::Acquire) {
            pipeline.stop();
            return Box::pin(async { Err(StoreError::Broken) });
        }
        let queued = self.shared.queued.fetch_add(1, Ordering::AcqRel);
        let queued_bytes = self.shared.queued_bytes.fetch_add(bytes, Ordering::AcqRel);
        if queued >= limits::WRITE_QUEUE_MAX || queued_bytes + bytes > limits::WRITE_QUEUE_BYTES_MAX {
            self.shared.taken(bytes);
            pipeline.stop();
            return Box::pin(async { Err(StoreError::Busy) });
        }
        let (answer, answered) = oneshot::channel();
        let job = Box::new(Write { write, pipeline, result: None, answer });
        // Fails only when the thread has ended; the dropped answer says so.
        let _ = self.queue.push(Queued { job, bytes, by });
        Box::pin(async move { answered.await.unwrap_or(Err(StoreError::Broken)) })
    }

    /// What is written until the guard goes is begun together.
    pub(super) fn gather(&self) -> Gathering {
        self.queue.gather();
        let queue = Arc::clone(&self.queue);
        Gathering::until(move || queue.begin())
    }

    /// Ends the thread after what is queued.
    pub(super) fn close(&self) {
        self.queue.close();
        if let Some(thread) = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take()
            && thread.join().is_err()
        {
            tracing::error!("the writer's thread panicked");
        }
    }
}

impl Shared {
    fn taken(&self, bytes: usize) {
        self.queued.fetch_sub(1, Ordering::AcqRel);
        self.queued_bytes.fetch_sub(bytes, Ordering::AcqRel);
    }
}

struct Thread {
    connection: Connection,
    life: Life,
    space: Space,
    epoch: Epoch,
    queue: Arc<Queue>,
    shared: Arc<Shared>,
    on_commit: OnCommit,
    on_broken: OnBroken,
    caches: super::batch::Caches,
    /// What SQLite calls the state of the file that the caches are of; another once another program has written.
    version: i64,
    batches: u64,
    /// Writes of one batch of late.
    crowd: usize,
    pace: Pace,
    /// The time of the last event written, for pruning by the log's own clock.
    latest: Timestamp,
}

impl Thread {
    fn run(&mut self) {
        let (mut checkpointed, mut taken) = (true, Vec::new());
        loop {
            let patience = if checkpointed { Duration::from_secs(3_600) } else { IDLE };
            match self.take(&mut taken, Instant::now() + patience) {
                Took::Some => {}
                Took::Nothing => {
                    self.checkpoint();
                    checkpointed = true;
                    continue;
                }
                Took::Closed => break,
            }
            self.collect(&mut taken);
            self.commit_all(taken.drain(..).map(|queued| queued.job).collect());
            checkpointed = false;
        }
        self.checkpoint();
    }

    /// Takes what there is, as far as a transaction has place for it.
    fn take(&mut self, taken: &mut Vec<Queued>, until: Instant) -> Took {
        let (before, bytes) = (taken.len(), taken.iter().map(|queued| queued.bytes).sum::<usize>());
        let place = (limits::BATCH_WRITES_MAX - before, limits::BATCH_BYTES_MAX.saturating_sub(bytes));
        let took = self.queue.take(taken, place, until);
        let now = Instant::now();
        for Queued { bytes, by, .. } in &taken[before..] {
            self.shared.taken(*bytes);
            by.iter().for_each(|by| self.pace.note(*by, now));
        }
        took
    }

    /// Waits for more, where that is worth it.
    fn collect(&mut self, taken: &mut Vec<Queued>) {
        let mut stragglers_until = None;
        loop {
            let bytes: usize = taken.iter().map(|queued| queued.bytes).sum();
            if taken.len() >= limits::BATCH_WRITES_MAX || bytes >= limits::BATCH_BYTES_MAX {
                break;
            }
            let now = Instant::now();
            // As many as of late, or nearly.
            let stragglers =
                (taken.len() * 10 < self.crowd * 9).then(|| *stragglers_until.get_or_insert(now + GATHERING));
            let company = if taken.len() < ENOUGH { self.pace.waits_until(now) } else { None };
            let Some(until) = stragglers.max(company) else { break };
            if self.take(taken, until) != Took::Some {
                break;
            }
        }
        self.crowd = taken.len().max(self.crowd * 3 / 4);
        self.pace.begin(Instant::now());
    }

    fn commit_all(&mut self, mut jobs: Vec<Box<dyn Job>>) {
        if self.shared.broken.load(Ordering::Acquire) {
            jobs.iter_mut().for_each(|job| job.fail(StoreError::Broken));
        } else if self.space.is_low() {
            jobs.iter_mut().for_each(|job| job.fail(StoreError::Full));
        } else if let Err(error) = self.commit(&mut jobs) {
            if jobs.len() > 1 && matches!(error, StoreError::Fault(_)) {
                // Somebody in this batch spoils it: each alone, so that only the culprit fails (H17).
                for job in &mut jobs {
                    if let Err(error) = self.commit(std::slice::from_mut(job)) {
                        self.failed(std::slice::from_mut(job), &error);
                    }
                }
            } else {
                self.failed(&mut jobs, &error);
            }
        }
        jobs.into_iter().for_each(Job::answer);
        self.batches += 1;
        if self.batches.is_multiple_of(WAL_LOOKED_AT_EVERY) && self.wal_pages() >= WAL_PAGES_MAX {
            self.checkpoint();
        }
        if self.batches.is_multiple_of(HOUSEKEEPING_EVERY) {
            self.housekeeping();
        }
    }

    /// One transaction. After an error nothing of it is in the database.
    fn commit(&mut self, jobs: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
        self.execute("begin immediate")?;
        let done = self.forget_if_written_elsewhere().and_then(|()| {
            let mut batch = Batch::new(&self.connection, &mut self.caches);
            jobs.iter_mut().try_for_each(|job| job.run(&mut batch))?;
            batch.finish()
        });
        let committed = done.and_then(|events| match self.execute("commit") {
            Err(_) if controls::is_off("stop_on_io_error") => Ok(events),
            committed => committed.map(|()| events),
        });
        match committed {
            Ok(events) => {
                if let Some(last) = events.last() {
                    self.latest = last.at;
                    (self.on_commit)(Committed { epoch: self.epoch.clone(), events });
                }
                Ok(())
            }
            Err(error) => {
                self.caches.clear();
                if !self.connection.is_autocommit()
                    && let Err(rollback) = self.connection.execute_batch("rollback")
                {
                    tracing::error!(%rollback, "a failed batch could not be rolled back");
                    return Err(StoreError::Broken);
                }
                Err(error)
            }
        }
    }

    fn execute(&self, sql: &str) -> Result<(), StoreError> {
        Ok(self.connection.prepare_cached(sql)?.execute([]).map(drop)?)
    }

    /// The command line writes to the file of a running house: what is remembered of it is then read again.
    fn forget_if_written_elsewhere(&mut self) -> Result<(), StoreError> {
        let version = self.connection.prepare_cached("pragma data_version")?.query_row([], |row| row.get(0))?;
        if std::mem::replace(&mut self.version, version) != version {
            self.caches.clear();
        }
        Ok(())
    }

    fn failed(&mut self, jobs: &mut [Box<dyn Job>], error: &StoreError) {
        jobs.iter_mut().for_each(|job| job.fail(error.clone()));
        match error {
            StoreError::Broken => self.stop_for_good(),
            StoreError::Full => {
                tracing::warn!("the disk is full; writes are refused until there is room");
                self.space.is_full();
            }
            StoreError::Busy => {
                tracing::warn!("another program holds the database; writes are refused until it lets go")
            }
            _ => tracing::error!(%error, "a write failed"),
        }
    }

    /// After a failed sync the kernel may call the pages clean: nothing later can be trusted (H21).
    fn stop_for_good(&self) {
        if !self.shared.broken.swap(true, Ordering::AcqRel) {
            tracing::error!("the disk reported an error; the store stops so that nothing is acknowledged in vain");
            (self.on_broken)();
        }
    }

    fn wal_pages(&self) -> i64 {
        let pages = self.connection.query_row("pragma wal_checkpoint(noop)", [], |row| row.get(1));
        pages.unwrap_or(WAL_PAGES_MAX)
    }

    fn housekeeping(&mut self) {
        self.note_commits();
        let pruned = self.connection.execute(super::batch::PRUNE_COMMIT_LOG, [self.latest.0]);
        self.tolerate(pruned.map(drop), "old rows of the commit log could not be deleted");
    }

    /// Moves the WAL into the file as far as readers allow; the rest follows next time. Notes the commits in `parlour.life`.
    fn checkpoint(&mut self) {
        if self.shared.broken.load(Ordering::Acquire) {
            return;
        }
        let moved = self.connection.query_row("pragma wal_checkpoint(passive)", [], |_| Ok(()));
        self.tolerate(moved, "the WAL could not be moved into the database file");
        self.note_commits();
    }

    fn note_commits(&mut self) {
        let commits = self.connection.query_row("select head from shard where id = 1", [], |row| row.get(0));
        if let Ok(commits) = commits {
            self.life.note(commits);
        }
    }

    /// An error of the disk ends everything, also where nothing was to be acknowledged (H21); any other is only said.
    fn tolerate(&self, result: rusqlite::Result<()>, what: &str) {
        match result.map_err(StoreError::from) {
            Ok(()) => {}
            Err(StoreError::Broken) => self.stop_for_good(),
            Err(error) => tracing::warn!(%error, "{what}"),
        }
    }
}
