//! What waits for the writer's thread.
//!
//! The thread is woken once for all that one turn of the sockets brings ([`Queue::gather`]): woken by the first of fifty
//! messages, it began a commit for one or two of them, and whoever comes second waits for a whole commit more.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use parlour_protocol::{UserId, limits};

use super::writer::Job;

/// A write in the queue.
pub(super) struct Queued {
    pub(super) job: Box<dyn Job>,
    /// About what it will write.
    pub(super) bytes: usize,
    /// Who said it, where it is a message.
    pub(super) by: Option<UserId>,
}

/// What came of waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Took {
    Some,
    /// Nothing came until then.
    Nothing,
    /// Nothing more will come.
    Closed,
}

/// The queue. It has no bound of its own: [`super::writer::Writer`] counts what goes in.
#[derive(Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    wake: Condvar,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Queued>,
    /// How many bring more in this moment.
    gathering: usize,
    /// The writer's thread sleeps. Waking it costs a system call whether it does or not.
    is_awaited: bool,
    closed: bool,
}

impl State {
    /// Whether there is something to begin with: not while more is being brought, unless a transaction is full already.
    fn is_ready(&self) -> bool {
        !self.waiting.is_empty() && (self.gathering == 0 || self.waiting.len() >= limits::BATCH_WRITES_MAX)
    }
}

impl Queue {
    /// Takes a place. False when it is closed.
    pub(super) fn push(&self, queued: Queued) -> bool {
        let mut state = self.state();
        if state.closed {
            return false;
        }
        state.waiting.push_back(queued);
        self.wake_if_ready(state);
        true
    }

    /// From here until as many calls of [`Queue::begin`] nothing is begun.
    pub(super) fn gather(&self) {
        self.state().gathering += 1;
    }

    /// What was gathered may be begun.
    pub(super) fn begin(&self) {
        let mut state = self.state();
        state.gathering = state.gathering.saturating_sub(1);
        self.wake_if_ready(state);
    }

    /// Nothing more is taken in.
    pub(super) fn close(&self) {
        self.state().closed = true;
        self.wake.notify_one();
    }

    /// The thread has died: nobody waits for an answer any more.
    pub(super) fn abandon(&self) {
        let mut state = self.state();
        state.closed = true;
        let lost = std::mem::take(&mut state.waiting);
        drop(state);
        drop(lost);
    }

    /// Waits until there is something, at most until then, and takes it up to so many writes and bytes (the last may pass
    /// the bytes; one is always taken).
    pub(super) fn take(&self, into: &mut Vec<Queued>, (writes, bytes): (usize, usize), until: Instant) -> Took {
        let mut state = self.state();
        while !state.is_ready() && !state.closed {
            let patience = until.saturating_duration_since(Instant::now());
            if patience.is_zero() {
                return Took::Nothing;
            }
            state.is_awaited = true;
            state = self.wake.wait_timeout(state, patience).unwrap_or_else(PoisonError::into_inner).0;
            state.is_awaited = false;
        }
        let (before, mut taken) = (into.len(), 0);
        while into.len() - before < writes.max(1) && (taken < bytes || into.len() == before) {
            let Some(queued) = state.waiting.pop_front() else { break };
            taken += queued.bytes;
            into.push(queued);
        }
        if into.len() > before { Took::Some } else { Took::Closed }
    }

    fn wake_if_ready(&self, mut state: MutexGuard<'_, State>) {
        let wake = state.is_awaited && state.is_ready();
        if wake {
            state.is_awaited = false;
        }
        drop(state);
        if wake {
            self.wake.notify_one();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
