//! What the generator's threads and the one who watches them share.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use super::clock::Clock;
use super::frame;
use super::plan::{Ack, Load, Target, Wire};

/// The state of a run.
pub(super) struct Board<'a> {
    pub(super) load: &'a Load,
    pub(super) target: &'a Target,
    pub(super) wire: &'a Wire,
    /// A cookie for each client of parlour.v1, or a token for each of a profile.
    pub(super) sessions: &'a [String],
    pub(super) clock: Clock,
    /// The wall clock when `clock` showed 0.
    began_ms: u64,
    /// Makes this run's marks and ids differ from those of any other.
    pub(super) seed: u128,
    /// What the handshake asks, and the right answer.
    pub(super) key: (String, String),
    pub(super) joined: AtomicUsize,
    pub(super) failed: AtomicUsize,
    pub(super) last_join: AtomicU64,
    /// When the run begins; 0 while clients are coming in.
    pub(super) begin: AtomicU64,
    pub(super) stop: AtomicBool,
    /// The rooms' ids on parlour.v1, 0 until one is made.
    pub(super) rooms: Vec<AtomicU64>,
    pub(super) rooms_made: AtomicUsize,
    /// Clients that count, by thread and room.
    listeners: Vec<AtomicU32>,
    /// Messages of each sender that are acknowledged.
    pub(super) acked: Vec<AtomicU64>,
    /// For `Ack::Last` over several threads: how many of them have all of a message, by sender and place.
    shares: Vec<AtomicU64>,
    /// Messages that may be in flight, rounded up to a power of two.
    pub(super) places: usize,
    wakers: Vec<OnceLock<mio::Waker>>,
    pub(super) published: AtomicU64,
    pub(super) expected: AtomicU64,
    pub(super) delivered: AtomicU64,
    first_failure: Mutex<Option<String>>,
    fatal: Mutex<Option<String>>,
}

fn zeros<T>(count: usize, zero: fn() -> T) -> Vec<T> {
    std::iter::repeat_with(zero).take(count).collect()
}

impl<'a> Board<'a> {
    pub(super) fn new(load: &'a Load, target: &'a Target, wire: &'a Wire, sessions: &'a [String]) -> Board<'a> {
        let seed = uuid::Uuid::new_v4().as_u128();
        let places = (load.window * 2).next_power_of_two().max(64);
        let is_shared = load.threads > 1 && load.ack == Ack::Last && load.rate == 0.0;
        Board {
            load,
            target,
            wire,
            sessions,
            clock: Clock::start(),
            began_ms: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64),
            seed,
            key: frame::key(seed),
            joined: AtomicUsize::new(0),
            failed: AtomicUsize::new(0),
            last_join: AtomicU64::new(0),
            begin: AtomicU64::new(0),
            stop: AtomicBool::new(false),
            rooms: zeros(load.rooms, || AtomicU64::new(0)),
            rooms_made: AtomicUsize::new(0),
            listeners: zeros(load.rooms * load.threads, || AtomicU32::new(0)),
            acked: zeros(load.senders, || AtomicU64::new(0)),
            shares: zeros(if is_shared { load.senders * places } else { 0 }, || AtomicU64::new(0)),
            places,
            wakers: zeros(load.threads, OnceLock::new),
            published: AtomicU64::new(0),
            expected: AtomicU64::new(0),
            delivered: AtomicU64::new(0),
            first_failure: Mutex::new(None),
            fatal: Mutex::new(None),
        }
    }

    /// A message's id as clients make them, with the time it was due in front (UUIDv7); the same whenever it is sent.
    pub(super) fn message_id(&self, sender: usize, number: u32, due: u64) -> uuid::Uuid {
        let at_ms = u128::from(self.began_ms + due / 1_000_000) << 80;
        let tag = (self.seed & 0xFFF) << 64;
        let low = u128::from(sender as u32 & 0x3FFF_FFFF) << 32 | u128::from(number);
        uuid::Uuid::from_u128(at_ms | 7 << 76 | tag | 2 << 62 | low)
    }

    /// The tag of this run in its marks.
    pub(super) fn run(&self) -> u16 {
        self.seed as u16
    }

    pub(super) fn session(&self, client: usize) -> &str {
        self.sessions.get(client).map_or("", String::as_str)
    }

    pub(super) fn is_over(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// A client is in; those that count are expected to hear their room.
    pub(super) fn has_joined(&self, client: usize) {
        if client < self.load.counted() {
            self.listeners_at(client % self.load.threads, client % self.load.rooms).fetch_add(1, Ordering::Relaxed);
        }
        self.last_join.fetch_max(self.clock.now(), Ordering::Relaxed);
        self.joined.fetch_add(1, Ordering::Release);
    }

    fn listeners_at(&self, thread: usize, room: usize) -> &AtomicU32 {
        &self.listeners[thread * self.load.rooms + room]
    }

    /// Clients of a thread that a sender's messages are expected at.
    pub(super) fn hearers_on(&self, thread: usize, sender: usize) -> u32 {
        let all = self.listeners_at(thread, sender % self.load.rooms).load(Ordering::Relaxed);
        let is_own = sender % self.load.threads == thread && !self.wire.echoes();
        all.saturating_sub(u32::from(is_own))
    }

    /// The same on all threads.
    pub(super) fn hearers(&self, sender: usize) -> u32 {
        (0..self.load.threads).map(|thread| self.hearers_on(thread, sender)).sum()
    }

    /// Makes room for the shares of a new message.
    pub(super) fn open_shares(&self, sender: usize, number: u32) {
        if !self.shares.is_empty() {
            let share = &self.shares[sender * self.places + number as usize % self.places];
            share.store(u64::from(number) << 32, Ordering::Release);
        }
    }

    /// A thread has all of a message that it expects; whether it was the last thread.
    pub(super) fn is_last_share(&self, sender: usize, number: u32) -> bool {
        if self.shares.is_empty() {
            return true;
        }
        let share = &self.shares[sender * self.places + number as usize % self.places];
        let threads = (0..self.load.threads).filter(|thread| self.hearers_on(*thread, sender) > 0).count() as u64;
        let before = share.fetch_add(1, Ordering::AcqRel);
        before >> 32 == u64::from(number) && (before & u64::from(u32::MAX)) + 1 == threads
    }

    pub(super) fn set_waker(&self, thread: usize, waker: mio::Waker) {
        // Each thread sets its own, once.
        let _ = self.wakers[thread].set(waker);
    }

    pub(super) fn wake(&self, thread: usize) -> io::Result<()> {
        self.wakers[thread].get().map_or(Ok(()), mio::Waker::wake)
    }

    /// A client did not come in.
    pub(super) fn fail(&self, why: String) {
        self.failed.fetch_add(1, Ordering::Release);
        lock(&self.first_failure).get_or_insert(why);
    }

    pub(super) fn first_failure(&self) -> Option<String> {
        lock(&self.first_failure).clone()
    }

    /// The run has no sense any more; why, and what to do.
    pub(super) fn abandon(&self, why: String) {
        lock(&self.fatal).get_or_insert(why);
        self.stop.store(true, Ordering::Relaxed);
    }

    pub(super) fn fatal(&self) -> Option<String> {
        lock(&self.fatal).clone()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
