//! The hub: every lane and connection of this node, without I/O.
//!
//! Put in: envelopes from the bus ([`Hub::deliver`]), answers of the store ([`Hub::filled`], [`Hub::replayed`]), heads
//! ([`Hub::digest`]), connections that come and go, the passing of time ([`Hub::tick`]). Taken out: which connections
//! have something to write ([`Hub::next_dirty`]), what ([`Hub::gather`]), and what must be read ([`Hub::next_read`]).
//! One owner drives it: a shard of the server, or the simulation. Nothing here locks, sleeps or waits.
//!
//! A connection has a cursor in each lane and no queue (invariant 6); `hub` names no store and no socket.

mod classic;
mod connections;
mod lane;
mod membership;
mod owed;
mod presence;
mod remedies;
mod ring;
mod writing;

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::hash::{BuildHasherDefault, DefaultHasher};
use std::sync::Arc;

use bytes::Bytes;
use parlour_protocol::push::Author;
use parlour_protocol::{Change, Epoch, Event, RoomId, Seq, ServerFrame, UserId, codec, limits};

use connections::{Connections, Replay};
pub use connections::{Key, Wire};
use lane::Lane;
pub use presence::UNSTORED_GUESTS_FROM;
pub use remedies::Remedies;
pub use ring::{Bounds, Ring};
pub use writing::Outgoing;

/// Puts the wire's own header before a payload. Server frames are unmasked, so the result is the same for every reader.
pub type Wrap = fn(Bytes) -> Bytes;

/// Hashed without random keys, so that a simulated history depends on its seed alone; room ids are ours, not a stranger's.
type Lanes = HashMap<RoomId, Lane, BuildHasherDefault<DefaultHasher>>;
type People = HashMap<UserId, Person, BuildHasherDefault<DefaultHasher>>;

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

/// What the store answered to a [`Read`], all from one snapshot (H12).
#[derive(Clone, Debug)]
pub struct Backfill {
    /// The life of the store it was read in.
    pub epoch: Epoch,
    /// The room's head in that snapshot.
    pub head: Seq,
    /// The last seq no longer kept.
    pub floor: Seq,
    /// Events after the seq asked for, without holes; perhaps not all.
    pub events: Vec<Arc<Event>>,
}

/// What became of something said by the bus or the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It was taken.
    Taken,
    /// It speaks of another life of the store: look at the store's epoch, then [`Hub::begin_epoch`] (H11, H12).
    OtherEpoch,
}

/// The store is in another life than the hub: [`Hub::begin_epoch`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtherEpoch;

/// A person with at least one connection here, or one that closed less than half a minute ago.
#[derive(Debug)]
struct Person {
    who: Author,
    /// Speaks the tutorial's wire: a guest, with one connection.
    classic: bool,
    connections: Vec<Key>,
    /// Where this person is counted as present.
    rooms: Vec<RoomId>,
}

/// Every lane and connection of this node.
#[derive(Debug)]
pub struct Hub {
    epoch: Epoch,
    wrap: Wrap,
    remedies: Remedies,
    bounds: Bounds,
    lanes: Lanes,
    connections: Connections,
    people: People,
    house: presence::House,
    dirty: VecDeque<Key>,
    reads: VecDeque<Read>,
    /// Lanes that may want a read: just attended, with a hole, or told of more than they have.
    watched: BTreeSet<RoomId>,
    /// Who joined which room, and when to look whether a hint has shown their connections into it.
    unsure: BTreeSet<(u64, UserId, RoomId)>,
    /// The last number given to a read of a lane.
    tickets: u64,
    ready: Vec<Arc<Event>>,
}

impl Hub {
    /// An empty hub over a store in this life.
    #[must_use]
    pub fn new(epoch: Epoch, wrap: Wrap, remedies: Remedies) -> Hub {
        Hub {
            epoch,
            wrap,
            remedies,
            bounds: Bounds::LIMITS,
            lanes: Lanes::default(),
            connections: Connections::default(),
            people: People::default(),
            house: presence::House::default(),
            dirty: VecDeque::new(),
            reads: VecDeque::new(),
            watched: BTreeSet::new(),
            unsure: BTreeSet::new(),
            tickets: 0,
            ready: Vec::new(),
        }
    }

    /// The same with rings of another size, so that a short history has readers behind them.
    #[must_use]
    pub fn with_rings(self, bounds: Bounds) -> Hub {
        Hub { bounds, ..self }
    }

    /// The life of the store that cursors here belong to.
    #[must_use]
    pub fn epoch(&self) -> &Epoch {
        &self.epoch
    }

    /// Takes events of one room from the bus, in any order and any number of times.
    pub fn deliver(&mut self, epoch: &Epoch, events: &[Arc<Event>], now_ms: u64) -> Heard {
        if self.remedies.epoch_check && *epoch != self.epoch {
            return Heard::OtherEpoch;
        }
        for event in events {
            // Also of a room nobody reads here, and when somebody's snapshot of the room is newer than this.
            self.wonder(event, now_ms);
            let Some(lane) = self.lanes.get_mut(&event.room) else { continue };
            lane.offer(Arc::clone(event), now_ms, &mut self.ready);
            if lane.deadline_ms().is_some() {
                self.watched.insert(event.room);
            }
            self.after_apply(event.room, now_ms);
        }
        Heard::Taken
    }

    /// Takes the answer to [`Read::Lane`]; `None` when the read failed and should be made again.
    pub fn filled(&mut self, room: RoomId, ticket: u64, answer: Option<Backfill>, now_ms: u64) -> Heard {
        let Some(lane) = self.lanes.get_mut(&room).filter(|lane| lane.asked(ticket)) else { return Heard::Taken };
        self.watched.insert(room);
        let Some(answer) = answer else {
            lane.read_failed();
            return Heard::Taken;
        };
        if self.remedies.epoch_check && answer.epoch != self.epoch {
            lane.read_failed();
            return Heard::OtherEpoch;
        }
        lane.fill(&answer.events, answer.head, answer.floor, &mut self.ready);
        self.after_apply(room, now_ms);
        Heard::Taken
    }

    /// Takes the answer to [`Read::Replay`]. What lies beyond the lane's applied position is left for the lane: a
    /// removal among it must be applied before anything after it is shown (H9).
    pub fn replayed(&mut self, key: Key, room: RoomId, after: Seq, answer: Option<Backfill>, now_ms: u64) -> Heard {
        let Some(connection) = self.connections.get_mut(key) else { return Heard::Taken };
        // An answer to an older question is no answer to this one.
        if !matches!(connection.replay, Replay::Asked(asked, from) if asked == room && from == after) {
            return Heard::Taken;
        }
        connection.replay = Replay::None;
        let Some(index) = connection.place_of(room) else { return Heard::Taken };
        connection.touch(index);
        let Some(answer) = answer else {
            self.mark_dirty(key);
            return Heard::Taken;
        };
        if self.remedies.epoch_check && answer.epoch != self.epoch {
            return Heard::OtherEpoch;
        }
        let bound = match self.lanes.get(&room) {
            Some(lane) if self.remedies.removal_bound => lane.applied,
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

    /// Takes heads as the store has them. Returns how many lanes were behind without knowing it; on one node that must
    /// be none twice running.
    ///
    /// # Errors
    /// When they belong to another life of the store.
    pub fn digest(&mut self, epoch: &Epoch, heads: &[(RoomId, Seq)]) -> Result<usize, OtherEpoch> {
        if self.remedies.epoch_check && *epoch != self.epoch {
            return Err(OtherEpoch);
        }
        let mut behind = 0;
        for (room, head) in heads {
            if self.lanes.get_mut(room).is_some_and(|lane| lane.digest(*head)) {
                self.watched.insert(*room);
                behind += 1;
            }
        }
        Ok(behind)
    }

    /// Starts over in another life of the store: every lane is forgotten and every connection must be closed by the
    /// caller with 1012, to come back with cursors that no longer count. Returns them.
    pub fn begin_epoch(&mut self, epoch: Epoch) -> Vec<Key> {
        self.epoch = epoch;
        self.lanes.clear();
        self.reads.clear();
        self.watched.clear();
        self.unsure.clear();
        self.connections.keys().collect()
    }

    /// The next connection that has something to write.
    pub fn next_dirty(&mut self) -> Option<Key> {
        while let Some(key) = self.dirty.pop_front() {
            if let Some(connection) = self.connections.get_mut(key) {
                connection.dirty = false;
                return Some(key);
            }
        }
        None
    }

    /// How many connections are marked as having something to write.
    #[must_use]
    pub fn marked(&self) -> usize {
        self.dirty.len()
    }

    /// Whether a connection still has something to write after [`Hub::wrote`].
    #[must_use]
    pub fn has_work(&self, key: Key) -> bool {
        self.connections.get(key).is_some_and(connections::Connection::has_work)
    }

    /// Puts a connection back into the list of those to be written to.
    pub fn mark_dirty(&mut self, key: Key) {
        if let Some(connection) = self.connections.get_mut(key)
            && !connection.dirty
        {
            connection.dirty = true;
            self.dirty.push_back(key);
        }
    }

    /// The next read wanted from the store.
    pub fn next_read(&mut self, now_ms: u64) -> Option<Read> {
        if let Some(read) = self.reads.pop_front() {
            return Some(read);
        }
        while let Some(room) = self.watched.iter().copied().find(|room| self.is_due(*room, now_ms)) {
            self.tickets += 1;
            let ticket = self.tickets;
            let after = self.lanes.get_mut(&room).and_then(|lane| lane.wants_read(now_ms, ticket));
            match after {
                Some(after) => return Some(Read::Lane { room, after, ticket }),
                None => self.watched.remove(&room),
            };
        }
        self.next_standing(now_ms)
    }

    /// Whether a watched lane should be asked now: it wants a read, or it no longer needs watching.
    fn is_due(&self, room: RoomId, now_ms: u64) -> bool {
        self.lanes.get(&room).is_none_or(|lane| lane.deadline_ms().is_none_or(|deadline| deadline <= now_ms))
    }

    /// When [`Hub::next_read`] may have something new although nothing was put in.
    #[must_use]
    pub fn next_read_deadline_ms(&self) -> Option<u64> {
        self.watched.iter().filter_map(|room| self.lanes.get(room)?.deadline_ms()).min()
    }

    /// Says something to one connection alone, before anything of its rooms.
    pub fn tell(&mut self, key: Key, frame: &ServerFrame) {
        let framed = (self.wrap)(codec::encode(frame));
        self.tell_framed(key, framed);
    }

    /// The same with a frame already made (a pong, a close).
    pub fn tell_framed(&mut self, key: Key, framed: Bytes) {
        if let Some(connection) = self.connections.get_mut(key) {
            connection.private.push_back(framed);
        }
        self.mark_dirty(key);
    }

    /// Frames that wait for one connection alone. Above [`limits::PRIVATE_FRAMES_MAX`] its socket should not be read.
    #[must_use]
    pub fn private_frames(&self, key: Key) -> usize {
        self.connections.get(key).map_or(0, |connection| connection.private.len())
    }

    /// How many connections are open.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.connections.len()
    }

    /// Encodes what a reader behind the ring may be fed: contiguous from its cursor, up to `bound`, about one write long.
    /// Also says how far that reaches; events without a frame on the classic wire still count.
    fn encode_replay(&self, key: Key, index: u16, answer: &Backfill, bound: Seq) -> (VecDeque<(Seq, Bytes)>, Seq) {
        let mut frames: VecDeque<(Seq, Bytes)> = VecDeque::new();
        let Some(connection) = self.connections.get(key) else { return (frames, Seq::ZERO) };
        let Some(place) = connection.place(index) else { return (frames, Seq::ZERO) };
        let mut reached = match connection.wire {
            Wire::Full => Seq(place.cursor.saturating_sub(1)),
            Wire::Classic => place.classic_seq,
        };
        let mut bytes = 0;
        for event in &answer.events {
            if event.seq != reached.next() || event.seq > bound || bytes > limits::WRITE_BYTES_MAX {
                break;
            }
            reached = event.seq;
            let payload = match connection.wire {
                Wire::Full => Some(codec::encode_event(event)),
                Wire::Classic => classic::encode(event),
            };
            match (payload, frames.back_mut()) {
                (Some(payload), _) => {
                    let frame = (self.wrap)(payload);
                    bytes += frame.len();
                    frames.push_back((event.seq, frame));
                }
                (None, Some(last)) => last.0 = event.seq,
                (None, None) => {}
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
            connection.replay = Replay::Feeding(room, frames);
            return;
        }
        let wire = connection.wire;
        let Some(place) = connection.place_mut(index) else { return };
        if wire == Wire::Classic {
            place.classic_seq = place.classic_seq.max(reached);
            place.find_in_classic(lane);
        } else if place.cursor < lane.ring.first() && place.cursor <= bound.0 {
            // The store no longer has it (below the floor): say so instead of leaving a hole.
            let (head, floor) = (place.sure_until(lane), lane.floor);
            place.cursor = head.next().0;
            self.tell_reset(key, room, head, floor);
        }
    }

    /// Wakes the readers of a lane and draws the consequences of what was applied to it.
    fn after_apply(&mut self, room: RoomId, now_ms: u64) {
        let mut ready = std::mem::take(&mut self.ready);
        if !ready.is_empty() {
            self.wake(room);
        }
        for event in &ready {
            match event.change {
                Change::MemberJoined => self.apply_joining(event, now_ms),
                Change::MemberLeft => self.apply_removal(event),
                Change::Message { .. } | Change::RoomCreated { .. } | Change::RoomRenamed { .. } => {}
            }
        }
        ready.clear();
        self.ready = ready;
        self.drop_if_idle(room);
    }

    /// Marks every reader of a lane that is not marked yet.
    fn wake(&mut self, room: RoomId) {
        let Some(lane) = self.lanes.get(&room) else { return };
        for subscriber in &lane.subscribers {
            if let Some(connection) = self.connections.get_mut(subscriber.connection) {
                connection.touch(subscriber.place);
                if !connection.dirty {
                    connection.dirty = true;
                    self.dirty.push_back(subscriber.connection);
                }
            }
        }
    }
}
