//! Which sockets have something to read or can be written again: one set of the system's own (epoll, kqueue) for all
//! sockets of a shard, watched as one descriptor by the runtime.
//!
//! So a socket that is still costs a record and no task (ADR 7), and a turn learns of a thousand that are ready with one
//! call. Everything is edge-triggered: what is not read to its end is remembered in `State::readable`.

use std::io;
use std::time::Duration;

use mio::{Events, Interest, Poll, Registry, Token};
use parlour_engine::hub::Key;
use tokio::io::unix::AsyncFd;

/// Sockets that one call tells of; more come with the next.
const EVENTS_PER_CALL: usize = 1_024;

// A key fits the number that the system keeps for a socket.
const _: () = assert!(usize::BITS >= u64::BITS);

/// What the system says of one socket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ready {
    pub(super) key: Key,
    pub(super) readable: bool,
    /// The other side has closed, or the connection broke: a short read does not mean that all was read.
    pub(super) ended: bool,
    pub(super) writable: bool,
}

/// The set of a shard's sockets.
pub(super) struct Readiness {
    poll: AsyncFd<Poll>,
    events: Events,
}

impl Readiness {
    /// An empty set. Must be called on the runtime that is to watch it.
    ///
    /// # Errors
    /// When the system gives no such set.
    pub(super) fn new() -> io::Result<(Readiness, Registry)> {
        let poll = Poll::new()?;
        let registry = poll.registry().try_clone()?;
        #[expect(
            deprecated,
            reason = "its replacement asks, unsafely, for what holds: a Poll keeps its descriptor for life"
        )]
        let poll = AsyncFd::new(poll)?;
        Ok((Readiness { poll, events: Events::with_capacity(EVENTS_PER_CALL) }, registry))
    }

    /// Waits until something is ready.
    pub(super) async fn wait(&mut self) {
        match self.poll.readable_mut().await {
            // Before the look: what becomes ready after it wakes anew.
            Ok(mut guard) => guard.clear_ready(),
            Err(error) => tracing::error!(%error, "the sockets cannot be watched"),
        }
    }

    /// What is ready now, without waiting. True when there may be more.
    pub(super) fn look(&mut self, mut take: impl FnMut(Ready)) -> bool {
        if let Err(error) = self.poll.get_mut().poll(&mut self.events, Some(Duration::ZERO)) {
            if error.kind() != io::ErrorKind::Interrupted {
                tracing::error!(%error, "the sockets cannot be looked at");
            }
            return true;
        }
        let mut told = 0;
        for event in &self.events {
            told += 1;
            let ended = event.is_read_closed() || event.is_error();
            take(Ready {
                key: Key::from_number(event.token().0),
                readable: event.is_readable() || ended,
                ended,
                writable: event.is_writable() || event.is_error(),
            });
        }
        told == EVENTS_PER_CALL
    }
}

/// Adds a socket to the set.
///
/// # Errors
/// When the system has no place for it.
pub(super) fn watch(registry: &Registry, stream: &mut mio::net::TcpStream, key: Key) -> io::Result<()> {
    registry.register(stream, Token(key.number()), Interest::READABLE | Interest::WRITABLE)
}
