//! The carrier: envelopes from whoever committed something to every node's hub.
//!
//! **The bus is a doorbell; the store is the truth.** What a carrier must do: deliver what it delivers unchanged. What it
//! need not do: deliver everything, once, or in order. Losing every envelope delays delivery until the next digest and
//! never loses a message. [`local::LocalBus`] does better, being in one process: it loses nothing and keeps the order of
//! publishing, and a publisher waits while an inbox is full. [`lossy::Lossy`] does worse, on purpose, for the simulation.

pub mod local;
pub mod lossy;

use std::sync::Arc;

use parlour_protocol::{Epoch, Event, Notice, RoomId, UserId};

pub use local::{Inbox, LocalBus};

/// What travels on the bus.
#[derive(Clone, Debug)]
pub enum Envelope {
    /// Events of one room, in order of seq, committed.
    Events {
        /// The life of the store they were committed in.
        epoch: Epoch,
        /// Their room.
        room: RoomId,
        /// At least one.
        events: Arc<[Arc<Event>]>,
    },
    /// A hint for every connection of one person; losing it costs a delay, not a wrong answer.
    Notice {
        /// The life of the store it was true in.
        epoch: Epoch,
        /// Whom it concerns.
        user: UserId,
        /// What.
        notice: Notice,
    },
    /// A session ended: its sockets must close.
    SessionEnded {
        /// The SHA-256 of its token, as the store keeps it.
        token_hash: [u8; 32],
    },
}

/// What publishers see of a carrier.
pub trait Bus: Send + Sync {
    /// Sends an envelope to every inbox. May block the calling thread while an inbox is full: publishers are the store's
    /// writer thread and blocking contexts, never an async task.
    fn publish(&self, envelope: Envelope);

    /// Sends a hint without ever blocking; it is dropped for an inbox that is full.
    fn publish_hint(&self, envelope: Envelope);
}
