//! What was counted, by one thread or by all together.

use std::collections::BTreeMap;

use super::histogram::Histogram;

/// What belongs to one measured window.
#[derive(Clone, Debug, Default)]
pub(super) struct WindowTally {
    /// From when a message was due to when it came.
    pub(super) latency: Histogram,
    /// From when a message was due to the answer that it is stored.
    pub(super) replies: Histogram,
    /// Messages that were due inside.
    pub(super) published: u64,
    /// Deliveries of those that should come.
    pub(super) expected: u64,
    /// Those that did, whenever.
    pub(super) delivered: u64,
    /// Deliveries that came inside, whenever they were due.
    pub(super) arrived: u64,
    /// Bytes and reads inside.
    pub(super) bytes: u64,
    pub(super) reads: u64,
}

/// What was counted in the whole run.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    pub(super) windows: Vec<WindowTally>,
    pub(super) published: u64,
    pub(super) expected: u64,
    pub(super) delivered: u64,
    pub(super) doubled: u64,
    pub(super) out_of_order: u64,
    pub(super) gaps: u64,
    pub(super) misrouted: u64,
    /// Marks of another run.
    pub(super) stale: u64,
    /// Marks that nobody can have written.
    pub(super) garbled: u64,
    pub(super) frames: u64,
    pub(super) pings: u64,
    /// Text frames that were answered, as a profile says.
    pub(super) answered: u64,
    /// Replies to posts, of parlour.v1.
    pub(super) replies: u64,
    /// Posts refused for a while, and sent again.
    pub(super) refused_for_a_while: u64,
    /// Times a client was told to start a room anew.
    pub(super) resets: u64,
    pub(super) disconnected: u64,
    /// Close frames, by their code.
    pub(super) closes: BTreeMap<u16, u64>,
    pub(super) slow_disconnected: u64,
    pub(super) first_slow_disconnect: Option<u64>,
    pub(super) protocol_errors: u64,
    pub(super) first_protocol_error: Option<String>,
    /// Times a closed loop waited in vain and went on.
    pub(super) stalls: u64,
    /// Messages that could not be sent.
    pub(super) not_sent: u64,
    /// How late a message was sent at worst, in ns.
    pub(super) lag: u64,
    /// Deliveries in each window, for each client that counts.
    pub(super) by_client: Vec<[u32; 2]>,
}

impl Tally {
    /// Nothing yet, for so many windows.
    pub(super) fn new(windows: usize) -> Tally {
        Tally { windows: vec![WindowTally::default(); windows], ..Tally::default() }
    }

    /// Adds what another thread has counted.
    pub(super) fn add(&mut self, other: Tally) {
        self.windows.resize_with(self.windows.len().max(other.windows.len()), WindowTally::default);
        for (ours, theirs) in self.windows.iter_mut().zip(&other.windows) {
            ours.latency.add(&theirs.latency);
            ours.replies.add(&theirs.replies);
            ours.published += theirs.published;
            ours.expected += theirs.expected;
            ours.delivered += theirs.delivered;
            ours.arrived += theirs.arrived;
            ours.bytes += theirs.bytes;
            ours.reads += theirs.reads;
        }
        self.published += other.published;
        self.expected += other.expected;
        self.delivered += other.delivered;
        self.doubled += other.doubled;
        self.out_of_order += other.out_of_order;
        self.gaps += other.gaps;
        self.misrouted += other.misrouted;
        self.stale += other.stale;
        self.garbled += other.garbled;
        self.frames += other.frames;
        self.pings += other.pings;
        self.answered += other.answered;
        self.replies += other.replies;
        self.refused_for_a_while += other.refused_for_a_while;
        self.resets += other.resets;
        self.disconnected += other.disconnected;
        other.closes.into_iter().for_each(|(code, times)| *self.closes.entry(code).or_default() += times);
        self.slow_disconnected += other.slow_disconnected;
        let first = [self.first_slow_disconnect, other.first_slow_disconnect];
        self.first_slow_disconnect = first.into_iter().flatten().min();
        self.protocol_errors += other.protocol_errors;
        self.first_protocol_error = self.first_protocol_error.take().or(other.first_protocol_error);
        self.stalls += other.stalls;
        self.not_sent += other.not_sent;
        self.lag = self.lag.max(other.lag);
        self.by_client.extend(other.by_client);
    }

    /// Deliveries that never came.
    pub(super) fn lost(&self) -> u64 {
        self.expected.saturating_sub(self.delivered)
    }

    /// Everything that no server should do, counted together.
    pub(super) fn faults(&self) -> u64 {
        self.lost()
            + self.doubled
            + self.out_of_order
            + self.misrouted
            + self.garbled
            + self.disconnected
            + self.protocol_errors
            + self.not_sent
    }
}
