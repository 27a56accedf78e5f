//! What is to be read from the store, and what becomes of the answers.
//!
//! Lanes come first: everyone in a room waits for them, and there is at most one read a lane. Then joinings nobody was
//! shown into, then readers behind their ring, each at most once in the queue. What failed rests before it is asked again.
//! Nothing here is searched: the cost of asking is that of what is due.

use std::collections::{BTreeSet, VecDeque};

use bytes::Bytes;
use parlour_protocol::{RoomId, Seq, UserId, codec, limits};

use super::connections::{Key, Replay, Wire};
use super::{Backfill, Heard, Hub, classic, framed};

/// A read that failed, or that brought nothing although there is more, is made again after this time.
pub(super) const FAILED_AGAIN_MS: u64 = 250;
/// Events of one read for a lane; it asks again while there are more.
const LANE_EVENTS_MAX: usize = 256;
/// Events of one read for a reader behind its ring. A write takes 64 KiB of them and the rest is thrown away, so a read is
/// half a megabyte at the worst.
const FEED_EVENTS_MAX: usize = 32;

/// A read that the hub wants from the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Read {
    /// Events after `after` for everyone in a lane; answer with [`Hub::filled`].
    Lane {
        /// Which room.
        room: RoomId,
        /// Everything after this.
        after: Seq,
        /// Which question this is: an answer to one that a lane of an earlier life asked is none.
        ticket: u64,
    },
    /// Events after `after` for one reader behind the ring; answer with [`Hub::replayed`].
    Replay {
        /// Who is behind.
        connection: Key,
        /// In which room.
        room: RoomId,
        /// Everything after this.
        after: Seq,
    },
    /// How a person stands to a room that the log says they joined and no hint showed them into; answer with
    /// [`Hub::stands`].
    Standing {
        /// Who joined.
        user: UserId,
        /// Which room.
        room: RoomId,
    },
}

impl Read {
    /// How many events the answer should have at most.
    #[must_use]
    pub fn events_max(&self) -> usize {
        match self {
            Read::Lane { .. } => LANE_EVENTS_MAX,
            Read::Replay { .. } => FEED_EVENTS_MAX,
            Read::Standing { .. } => 0,
        }
    }
}

/// Everything that wants a read.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    /// Lanes and when they are due.
    lanes: BTreeSet<(u64, RoomId)>,
    /// Connections with a reader behind its ring, each at most once.
    replays: VecDeque<Key>,
    /// Those whose read failed, until when they rest.
    resting: BTreeSet<(u64, Key)>,
    /// The last number given to a read of a lane.
    tickets: u64,
}

impl Wanted {
    /// Forgets everything but the numbers that were given: answers to them may still come.
    pub(super) fn clear(&mut self) {
        *self = Wanted { tickets: self.tickets, ..Wanted::default() };
    }
}

impl Hub {
    /// Takes the answer to [`Read::Lane`]; `None` when the read failed and should be made again.
    pub fn filled(&mut self, room: RoomId, ticket: u64, answer: Option<Backfill>, now_ms: u64) -> Heard {
        let Some(lane) = self.lanes.get_mut(&room).filter(|lane| lane.asked(ticket)) else { return Heard::Taken };
        let other_epoch = |answer: &Backfill| self.remedies.epoch_on_reads() && answer.epoch != self.epoch;
        let heard = if answer.as_ref().is_some_and(other_epoch) { Heard::OtherEpoch } else { Heard::Taken };
        let Some(answer) = answer.filter(|_| heard == Heard::Taken) else {
            lane.read_failed(now_ms);
            self.schedule(room);
            return heard;
        };
        lane.fill(&answer, now_ms, &mut self.ready);
        self.after_apply(room, now_ms);
        Heard::Taken
    }

    /// Takes the answer to [`Read::Replay`]. What lies beyond the lane's applied position is left for the lane: a
    /// removal among it must be applied before anything after it is shown (H9).
    pub fn replayed(&mut self, key: Key, room: RoomId, after: Seq, answer: Option<Backfill>, now_ms: u64) -> Heard {
        let Some(connection) = self.connections.get_mut(key) else { return Heard::Taken };
        // An answer to an older question is no answer to this one.
        let is_answered = matches!(connection.replay(), Replay::Asked(asked, from) if *asked == room && *from == after);
        if !is_answered && self.remedies.replay_answers_by_question() {
            return Heard::Taken;
        }
        let Some(answer) = answer else {
            if !self.remedies.failed_replay_again() {
                connection.end_replay();
                return Heard::Taken;
            }
            connection.own_mut().replay = Replay::Wanted(room, after);
            connection.queued = true;
            self.reads.resting.insert((now_ms + FAILED_AGAIN_MS, key));
            return Heard::Taken;
        };
        connection.end_replay();
        let Some(index) = connection.place_of(room) else { return Heard::Taken };
        connection.touch(index);
        if self.remedies.epoch_on_reads() && answer.epoch != self.epoch {
            return Heard::OtherEpoch;
        }
        let bound = match self.lanes.get(&room) {
            Some(lane) if self.remedies.removal_bound() => lane.applied,
            Some(_) => answer.head,
            None => return Heard::Taken,
        };
        if self.was_removed_before(key, index, &answer) {
            self.show_out(key, room);
            self.ask_standing(key, room, now_ms);
            return Heard::Taken;
        }
        let frames = self.encode_replay(key, index, &answer, bound);
        self.feed(key, index, room, frames, bound);
        self.mark_dirty(key);
        Heard::Taken
    }

    /// The next read wanted from the store.
    pub fn next_read(&mut self, now_ms: u64) -> Option<Read> {
        self.next_lane_read(now_ms).or_else(|| self.next_standing(now_ms)).or_else(|| self.next_replay(now_ms))
    }

    fn next_lane_read(&mut self, now_ms: u64) -> Option<Read> {
        while let Some(&(due_ms, room)) = self.reads.lanes.first()
            && due_ms <= now_ms
        {
            self.reads.lanes.pop_first();
            if let Some(lane) = self.lanes.get_mut(&room) {
                self.reads.tickets += 1;
                let ticket = self.reads.tickets;
                return Some(Read::Lane { room, after: lane.ask(ticket), ticket });
            }
        }
        None
    }

    fn next_replay(&mut self, now_ms: u64) -> Option<Read> {
        while let Some(&(until_ms, key)) = self.reads.resting.first()
            && until_ms <= now_ms
        {
            self.reads.resting.pop_first();
            self.reads.replays.push_back(key);
        }
        while let Some(key) = self.reads.replays.pop_front() {
            // Whoever is gone, or wants something else now, costs no read.
            let Some(connection) = self.connections.get_mut(key) else { continue };
            connection.queued = false;
            if let &Replay::Wanted(room, after) = connection.replay() {
                connection.own_mut().replay = Replay::Asked(room, after);
                return Some(Read::Replay { connection: key, room, after });
            }
        }
        None
    }

    /// Puts a connection that wants a replay into the queue.
    pub(super) fn queue_replay(&mut self, key: Key) {
        if let Some(connection) = self.connections.get_mut(key)
            && matches!(connection.replay(), Replay::Wanted(..))
            && !connection.queued
        {
            connection.queued = true;
            self.reads.replays.push_back(key);
        }
    }

    /// Keeps the list of lanes that want a read true, after anything that may have changed it.
    pub(super) fn schedule(&mut self, room: RoomId) {
        let Some(lane) = self.lanes.get_mut(&room) else { return };
        let due_ms = lane.due_ms();
        let before_ms = std::mem::replace(&mut lane.scheduled_ms, due_ms);
        if before_ms != due_ms {
            before_ms.map(|at_ms| self.reads.lanes.remove(&(at_ms, room)));
            due_ms.map(|at_ms| self.reads.lanes.insert((at_ms, room)));
        }
    }

    /// A lane is gone, and with it what it wanted.
    pub(super) fn unschedule(&mut self, room: RoomId, at_ms: Option<u64>) {
        at_ms.map(|at_ms| self.reads.lanes.remove(&(at_ms, room)));
    }

    /// Encodes what a reader behind the ring may be fed: contiguous from its cursor, up to `bound`, about one write long.
    /// Also says how far that reaches; events without a frame on the classic wire still count.
    fn encode_replay(&self, key: Key, index: u16, answer: &Backfill, bound: Seq) -> (VecDeque<(Seq, Bytes)>, Seq) {
        let mut frames: VecDeque<(Seq, Bytes)> = VecDeque::new();
        let Some(connection) = self.connections.get(key) else { return (frames, Seq::ZERO) };
        let Some(place) = connection.place(index) else { return (frames, Seq::ZERO) };
        let mut reached = match connection.wire {
            Wire::Full | Wire::Packed => Seq(place.cursor.saturating_sub(1)),
            Wire::Classic => place.low,
        };
        let mut bytes = 0;
        for event in &answer.events {
            if event.seq != reached.next() || event.seq > bound || bytes > limits::WRITE_BYTES_MAX {
                break;
            }
            reached = event.seq;
            let mut payload = Vec::new();
            match connection.wire {
                Wire::Full | Wire::Packed => codec::encode_event(event, &mut payload),
                Wire::Classic => {
                    if let Some((kind, words)) = classic::words(event) {
                        parlour_protocol::classic::encode(kind, &words, &mut payload);
                    }
                }
            }
            match frames.back_mut() {
                _ if !payload.is_empty() => {
                    let frame = framed(self.wrap, &payload);
                    bytes += frame.len();
                    frames.push_back((event.seq, frame));
                }
                Some(last) => last.0 = event.seq,
                None => {}
            }
        }
        (frames, reached)
    }

    /// Sets what a reader is fed next, or lets it go on with the ring.
    fn feed(&mut self, key: Key, index: u16, room: RoomId, fed: (VecDeque<(Seq, Bytes)>, Seq), bound: Seq) {
        let (frames, reached) = fed;
        let Some(lane) = self.lanes.get(&room) else { return };
        let Some(connection) = self.connections.get_mut(key) else { return };
        if !frames.is_empty() {
            connection.own_mut().replay = Replay::Feeding(room, frames);
            return;
        }
        let wire = connection.wire;
        let Some(place) = connection.place_mut(index) else { return };
        if wire.is_classic() {
            place.low = place.low.max(reached);
            place.find_in_classic(lane, self.remedies);
        } else if place.cursor < lane.ring.first() && place.cursor <= bound.0 {
            // The store no longer has it (below the floor): say so instead of leaving a hole.
            let (head, floor) = (place.sure_until(lane, self.remedies), lane.floor.max(place.low));
            place.cursor = head.next().0;
            self.tell_reset(key, room, head, floor);
        }
    }
}
