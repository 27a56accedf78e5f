//! One adopted socket: what is kept of it besides the hub's record.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use bytes::Bytes;
use mio::net::TcpStream;
use parlour_engine::Actor;
use parlour_engine::hub::Key;
use parlour_protocol::Role;

use super::message::Assembler;
use super::pipelines::Pipelines;
use super::rates::Rates;
use super::unkept::Unkept;

/// The one buffer that all sockets of a shard are read into.
pub(super) const SCRATCH_BYTES: usize = 64 * 1024;

/// Who is at the other end, as the handshake found out.
#[derive(Clone, Debug)]
pub(crate) enum Entry {
    /// `parlour.v1` with a session.
    Full {
        /// The person.
        actor: Actor,
    },
    /// The tutorial's wire: a guest.
    Classic,
    /// Whatever it says is said back to it alone.
    #[cfg(feature = "conformance")]
    Echo,
}

/// A socket whose handshake is answered, on its way to a shard.
pub(crate) struct Socket {
    /// In non-blocking mode, taken out of the HTTP edge's runtime.
    pub(crate) stream: std::net::TcpStream,
    /// Bytes that came right behind the handshake.
    pub(crate) early: Bytes,
    /// Who it is.
    pub(crate) entry: Entry,
    /// Packed messages were agreed to (CON-11).
    pub(crate) packs: bool,
    /// Stands for its address: guests of one share an allowance.
    pub(crate) crowd: u128,
    /// Counts the connection against its address until it is dropped.
    pub(crate) guard: Guard,
}

/// Kept for as long as the socket is, whatever it is.
pub(crate) type Guard = Arc<dyn Any + Send + Sync>;

/// Where a full client's greeting stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hello {
    /// Nothing was said yet.
    Awaited,
    /// Its rooms are being read.
    Reading,
    /// It hears everything.
    Done,
}

/// A connection that was told to go.
pub(super) struct Closing {
    /// What is still to be written: the rest of a begun frame, answers, the close.
    pub(super) farewell: VecDeque<Bytes>,
    /// When it is cut whether it answered or not.
    pub(super) deadline_ms: u64,
    /// Its own close has come: nothing more to wait for once the farewell is written.
    pub(super) answered: bool,
    /// It broke the framing, so nothing that still comes can be read, its own close neither (RFC 6455 §7.1.7).
    pub(super) failed: bool,
}

/// The changing part of a socket. What each write looks at stands first, beside what is first in [`Sock`]: one line of the cache.
#[repr(C)]
pub(super) struct State {
    /// The kernel's buffer is full, until it says otherwise.
    pub(super) blocked: bool,
    /// The next message waits with us: the client's silence is our doing.
    pub(super) held: bool,
    /// The kernel's buffer was full, and nothing was written since.
    pub(super) full: bool,
    /// Bytes of a frame that is not complete, or that is held. No memory while there is none.
    pub(super) partial: Vec<u8>,
    /// Since when a frame has been incomplete.
    pub(super) partial_since_ms: u64,
    pub(super) assembler: Assembler,
    pub(super) hello: Hello,
    pub(super) opened_ms: u64,
    /// When it last showed that it lives: a frame came, or it took bytes after it had taken none.
    pub(super) alive_ms: u64,
    pub(super) pinged_ms: u64,
    /// When the kernel last took a byte before its buffer was full.
    pub(super) taken_ms: u64,
    /// The kernel has bytes that were not read.
    pub(super) readable: bool,
    /// The end of the stream is among them.
    pub(super) ended: bool,
    /// It said so since it was last full.
    pub(super) writable: bool,
    /// Among the sockets to go on with.
    pub(super) queued: bool,
    /// Until when it is among the held ones.
    pub(super) held_until_ms: Option<u64>,
    /// Commands whose answer is not there yet.
    pub(super) in_flight: usize,
    pub(super) pipelines: Pipelines,
    pub(super) rates: Rates,
    /// Nothing is read before this moment (classic wire over a limit, OLD-5).
    pub(super) paused_until_ms: u64,
    /// A classic guest's row, once it has spoken.
    pub(super) guest: Guest,
    /// What a classic client said and the store has not kept yet, in order.
    pub(super) unkept: Option<Box<Unkept>>,
    pub(super) closing: Option<Box<Closing>>,
}

/// A classic client's row in the store.
#[derive(Clone, Debug)]
pub(super) enum Guest {
    /// It has not spoken.
    Silent,
    /// It speaks for the first time; its row is being made.
    Asked,
    /// It is this actor.
    Known(Rc<Actor>),
}

/// One adopted socket.
#[repr(C, align(64))]
pub(super) struct Sock {
    pub(super) key: Key,
    pub(super) stream: RefCell<TcpStream>,
    pub(super) gone: Cell<bool>,
    pub(super) state: RefCell<State>,
    pub(super) entry: Entry,
    /// Its messages may come packed.
    pub(super) packs: bool,
    /// The name shown for a classic client; a full one has its person's.
    pub(super) name: Option<Box<str>>,
    /// Stands for its address.
    pub(super) crowd: u128,
    /// What its person was told they are in the house.
    pub(super) role: Cell<Role>,
    _guard: Guard,
}

impl Sock {
    pub(super) fn new(
        key: Key,
        stream: TcpStream,
        (entry, packs): (Entry, bool),
        (name, crowd): (Option<Box<str>>, u128),
        guard: Guard,
        now_ms: u64,
    ) -> Sock {
        let role = match &entry {
            Entry::Full { actor } => actor.user.role,
            _ => Role::Guest,
        };
        let state = State {
            partial: Vec::new(),
            partial_since_ms: now_ms,
            held: false,
            assembler: Assembler::default(),
            // Only a full client owes a greeting.
            hello: if matches!(entry, Entry::Full { .. }) { Hello::Awaited } else { Hello::Done },
            opened_ms: now_ms,
            alive_ms: now_ms,
            pinged_ms: now_ms,
            taken_ms: now_ms,
            readable: false,
            ended: false,
            blocked: false,
            writable: false,
            queued: false,
            held_until_ms: None,
            full: false,
            in_flight: 0,
            pipelines: Pipelines::default(),
            rates: Rates::default(),
            paused_until_ms: 0,
            guest: Guest::Silent,
            unkept: None,
            closing: None,
        };
        Sock {
            key,
            stream: RefCell::new(stream),
            entry,
            packs,
            name,
            crowd,
            role: Cell::new(role),
            state: RefCell::new(state),
            gone: Cell::new(false),
            _guard: guard,
        }
    }

    /// Whether this is a client of the tutorial's wire.
    pub(super) fn is_classic(&self) -> bool {
        matches!(self.entry, Entry::Classic)
    }
}
