//! One run: how many clients do what, for how long, against which address, over which wire; and the shapes that have a name.

use std::net::SocketAddr;

use super::profile::Profile;
use super::template::Template;

/// What a run is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Messages go to everyone in a room.
    Fan,
    /// Nobody says anything.
    Idle,
    /// As Fan, twice: then some stop reading.
    Slow,
    /// Only the answers to the senders count; then one sender alone.
    Sends,
}

/// What lets a sender of a closed loop go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Ack {
    /// The last client of the room has it
    Last,
    /// The sender itself has it
    Echo,
    /// The server has answered that it is stored (parlour.v1 only)
    Reply,
}

/// How the server is spoken to.
#[derive(Debug)]
pub(super) enum Wire {
    /// parlour.v1, each client with a session of its own.
    Parlour,
    /// As a profile says; `classic` is the empty one.
    Profile(Box<Profile>),
}

impl Wire {
    pub(super) fn is_parlour(&self) -> bool {
        matches!(self, Wire::Parlour)
    }

    /// Whether a sender hears its own messages.
    pub(super) fn echoes(&self) -> bool {
        match self {
            Wire::Parlour => true,
            Wire::Profile(profile) => profile.echo,
        }
    }
}

/// Where the server is.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) address: SocketAddr,
    /// As written, for `Host` and `Origin`.
    pub(super) host: String,
    pub(super) path: Template,
}

/// The numbers of a run.
#[derive(Clone, Debug)]
pub(super) struct Load {
    pub(super) kind: Kind,
    pub(super) clients: usize,
    /// The first so many clients.
    pub(super) senders: usize,
    /// Client c is in room c modulo this.
    pub(super) rooms: usize,
    /// Messages a second, all senders together; 0 is a closed loop.
    pub(super) rate: f64,
    /// In flight for each sender of a closed loop.
    pub(super) window: usize,
    pub(super) ack: Ack,
    /// Of each text, in bytes.
    pub(super) size: usize,
    pub(super) seconds: f64,
    pub(super) warmup: f64,
    /// New connections a second.
    pub(super) ramp: f64,
    /// How many addresses of this machine they come from; 0 leaves it to the system.
    pub(super) source_ips: usize,
    /// The last so many clients stop reading.
    pub(super) slow: usize,
    /// The receive buffer of those, in bytes; 0 leaves it to the system.
    pub(super) receive_buffer: usize,
    pub(super) threads: usize,
}

impl Load {
    /// What all shapes begin from: F1.
    const BASE: Load = Load {
        kind: Kind::Fan,
        clients: 1_000,
        senders: 1,
        rooms: 1,
        rate: 100.0,
        window: 1,
        ack: Ack::Echo,
        size: 128,
        seconds: 5.0,
        warmup: 1.0,
        ramp: 5_000.0,
        source_ips: 0,
        slow: 0,
        receive_buffer: 0,
        threads: 1,
    };

    /// The clients that stay healthy, whose deliveries are counted.
    pub(super) fn counted(&self) -> usize {
        self.clients - self.slow
    }

    /// Senders that share a room, at most.
    pub(super) fn senders_per_room(&self) -> usize {
        self.senders.div_ceil(self.rooms)
    }

    /// The measured windows of a run that begins then, in ns.
    pub(super) fn windows(&self, begin: u64) -> Vec<Window> {
        let start = begin + nanoseconds(self.warmup);
        let length = nanoseconds(self.seconds);
        let window = |start| Window { start, end: start + length };
        match self.kind {
            Kind::Idle => Vec::new(),
            Kind::Fan => vec![window(start)],
            Kind::Slow => vec![window(start), window(start + length)],
            Kind::Sends => vec![window(start), window(start + length + 2 * LONE_AFTER)],
        }
    }
}

/// After the many, the lone sender starts this much later, and is measured after as much again.
pub(super) const LONE_AFTER: u64 = 500_000_000;

/// A time that is measured, in ns of the run's clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) start: u64,
    pub(super) end: u64,
}

impl Window {
    #[inline]
    pub(super) fn holds(&self, time: u64) -> bool {
        time >= self.start && time < self.end
    }
}

/// Seconds as nanoseconds.
pub(super) fn nanoseconds(seconds: f64) -> u64 {
    (seconds * 1e9) as u64
}

/// A shape with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Shape {
    /// 1,000 people in a room hear one speaker, 100 messages a second
    F1,
    /// The same as fast as it goes: 32 in flight, the next when the last of the 1,000 has one
    F2,
    /// 50 people who all talk as fast as they hear themselves
    F3,
    /// 10,000 people in a room, 10 messages a second
    F4,
    /// 1,000 rooms of 20 people, 2,000 messages a second in all: a real company
    F5,
    /// As many connections as this machine allows, up to 19,000, and nobody talks
    Idle,
    /// 300 people, 150 messages of 4 KiB a second, and then ten of them stop reading
    Slow,
    /// 64 senders in 64 rooms wait for "stored", 32 each; then one alone
    Sends,
}

impl Shape {
    pub(super) fn name(self) -> &'static str {
        match self {
            Shape::F1 => "f1",
            Shape::F2 => "f2",
            Shape::F3 => "f3",
            Shape::F4 => "f4",
            Shape::F5 => "f5",
            Shape::Idle => "idle",
            Shape::Slow => "slow",
            Shape::Sends => "sends",
        }
    }

    /// Its numbers.
    pub(super) fn load(self) -> Load {
        let base = Load::BASE;
        match self {
            Shape::F1 => base,
            Shape::F2 => Load { rate: 0.0, window: 32, ack: Ack::Last, ..base },
            Shape::F3 => Load { clients: 50, senders: 50, rate: 0.0, ..base },
            Shape::F4 => Load { clients: 10_000, rate: 10.0, ..base },
            Shape::F5 => Load { clients: 20_000, senders: 1_000, rooms: 1_000, rate: 2_000.0, ..base },
            Shape::Idle => Load { kind: Kind::Idle, clients: 19_000, senders: 0, rate: 0.0, ramp: 20_000.0, ..base },
            Shape::Slow => Load {
                kind: Kind::Slow,
                clients: 300,
                rate: 150.0,
                size: 4_096,
                seconds: 12.0,
                slow: 10,
                receive_buffer: 4_096,
                ..base
            },
            Shape::Sends => Load {
                kind: Kind::Sends,
                clients: 64,
                senders: 64,
                rooms: 64,
                rate: 0.0,
                window: 32,
                ack: Ack::Reply,
                ..base
            },
        }
    }

    /// Whether its number of clients is what a machine gives and no promise.
    pub(super) fn takes_what_there_is(self) -> bool {
        matches!(self, Shape::F5 | Shape::Idle)
    }
}
