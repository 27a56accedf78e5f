//! What everyone who takes part shares: how far the torture is, the figures of the moment, and the epoch.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use parlour_protocol::{Epoch, RoomId, Seq};
use tokio::sync::watch;

use super::evidence::NewEpoch;

/// A figure that only rises.
#[derive(Debug, Default)]
pub(super) struct Figure(AtomicU64);

impl Figure {
    /// Raises it.
    pub(super) fn add(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    /// How high it is.
    pub(super) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// How far the torture is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Phase {
    /// Faults happen, and new messages are sent.
    #[default]
    Load,
    /// Nothing new is sent; what has no answer is sent until it has.
    Settle,
    /// Everything is answered; readers read up to these places.
    Finish(Arc<BTreeMap<RoomId, Seq>>),
}

/// The book.
#[derive(Debug)]
pub(super) struct Book {
    phase: watch::Sender<Phase>,
    stop: watch::Sender<bool>,
    epochs: Mutex<(Option<Epoch>, Vec<NewEpoch>)>,
    /// Messages sent, each counted once.
    pub(super) sent: Figure,
    /// Messages acknowledged.
    pub(super) acknowledged: Figure,
    /// Events seen, by all readers together.
    pub(super) seen: Figure,
    /// Refusals that pass.
    pub(super) refusals: Figure,
    /// Resets that readers were told.
    pub(super) resets: Figure,
    /// Connections that readers and writers opened.
    pub(super) connections: Figure,
    /// Violations that were noticed already. The checker looks at everything again in the end.
    pub(super) violations: Figure,
}

impl Default for Book {
    fn default() -> Book {
        Book {
            phase: watch::channel(Phase::default()).0,
            stop: watch::channel(false).0,
            epochs: Mutex::default(),
            sent: Figure::default(),
            acknowledged: Figure::default(),
            seen: Figure::default(),
            refusals: Figure::default(),
            resets: Figure::default(),
            connections: Figure::default(),
            violations: Figure::default(),
        }
    }
}

impl Book {
    /// How far the torture is.
    pub(super) fn phase(&self) -> Phase {
        self.phase.borrow().clone()
    }

    /// Goes on to the next phase.
    pub(super) fn enter(&self, phase: Phase) {
        self.phase.send_replace(phase);
    }

    /// The one who watches has had enough: no more faults, only the checks.
    pub(super) fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Whether they have.
    pub(super) fn is_stopped(&self) -> bool {
        *self.stop.borrow()
    }

    /// Resolves when they have.
    pub(super) async fn stopped(&self) {
        // The sender is part of this.
        let _ = self.stop.subscribe().wait_for(|stop| *stop).await;
    }

    /// Someone was told an epoch; `changed` makes the note when it is not the one before.
    pub(super) fn epoch(&self, told: &Epoch, changed: impl FnOnce(String, String) -> NewEpoch) {
        let mut epochs = self.epochs.lock().unwrap_or_else(PoisonError::into_inner);
        let (current, notes) = &mut *epochs;
        match current {
            Some(current) if current == told => {}
            Some(current) => {
                notes.push(changed(current.0.clone(), told.0.clone()));
                current.clone_from(told);
                self.violations.add(1);
            }
            None => *current = Some(told.clone()),
        }
    }

    /// A backup was put back: the next epoch that is told is the one that counts.
    pub(super) fn restored(&self) {
        self.epochs.lock().unwrap_or_else(PoisonError::into_inner).0 = None;
    }

    /// Every change of the epoch so far.
    pub(super) fn epochs(&self) -> Vec<NewEpoch> {
        self.epochs.lock().unwrap_or_else(PoisonError::into_inner).1.clone()
    }
}
