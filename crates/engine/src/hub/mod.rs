//! The hub: every lane and connection of this node, without I/O.
//!
//! Put in: envelopes from the bus ([`Hub::deliver`]), answers of the store ([`Hub::filled`], [`Hub::replayed`]), heads
//! ([`Hub::digest`]), connections that come and go, the passing of time ([`Hub::tick`]). Taken out: which connections
//! have something to write ([`Hub::next_dirty`]), what ([`Hub::gather`]), and what must be read ([`Hub::next_read`]).
//! One owner drives it: a shard of the server, or the simulation. Nothing here locks, sleeps or waits.
//!
//! A connection has a cursor in each lane and no queue (invariant 6); `hub` names no store and no socket.

mod budget;
mod classic;
mod connections;
mod here;
mod lane;
mod membership;
mod owed;
mod packing;
mod places;
mod presence;
mod reads;
mod remedies;
mod ring;
mod round;
mod scrubbing;
mod writing;

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::hash::{BuildHasherDefault, DefaultHasher};
use std::sync::Arc;

use bytes::Bytes;
use parlour_protocol::push::Author;
use parlour_protocol::{Change, Epoch, Event, RoomId, Seq, ServerFrame, Signal, UserId, codec, limits};

use connections::Connections;
pub use connections::{Key, Wire};
use lane::Lane;
pub use packing::Pack;
pub use presence::UNSTORED_GUESTS_FROM;
pub use reads::Read;
pub use remedies::Remedies;
pub use ring::{Bounds, Ring};
pub use writing::{Outgoing, PIECES_PER_WRITE_MAX};

/// Puts the wire's own header before the payload that begins at this place of a buffer and ends with it. Server frames are
/// unmasked, so the result is the same for every reader.
pub type Wrap = fn(&mut Vec<u8>, usize);

/// Hashed without random keys, so that a simulated history depends on its seed alone; room ids are ours, not a stranger's.
type Lanes = HashMap<RoomId, Lane, BuildHasherDefault<DefaultHasher>>;
/// No wire's header is longer.
const FRAME_HEADER_BYTES: usize = 10;

type People = HashMap<UserId, Person, BuildHasherDefault<DefaultHasher>>;

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
    /// Said that they are away, and did nothing since (SIG-4).
    away: bool,
    connections: Vec<Key>,
    /// Where this person is counted as present, in order: most are in a few rooms, and a tree's first node has place for
    /// eleven.
    rooms: Vec<RoomId>,
}

/// Every lane and connection of this node.
#[derive(Debug)]
pub struct Hub {
    epoch: Epoch,
    wrap: Wrap,
    pack: Option<Box<dyn Pack>>,
    remedies: Remedies,
    bounds: Bounds,
    budget: budget::Budget,
    lanes: Lanes,
    connections: Connections,
    people: People,
    house: presence::House,
    /// How many of them are away.
    away: usize,
    /// Grows with every change of who is present, and where.
    present_changes: u64,
    /// Connections to be written to soon: something for them alone, or of a small room.
    soon: VecDeque<Key>,
    /// Connections to be written to with the many of a large room: one such room must not hold up the small ones.
    crowd: VecDeque<Key>,
    reads: reads::Wanted,
    /// Who joined which room, and when to look whether a hint has shown their connections into it.
    unsure: BTreeSet<(u64, UserId, RoomId)>,
    ready: Vec<Arc<Event>>,
}

impl Hub {
    /// An empty hub over a store in this life.
    #[must_use]
    pub fn new(epoch: Epoch, wrap: Wrap, remedies: Remedies) -> Hub {
        Hub {
            epoch,
            wrap,
            pack: None,
            remedies,
            bounds: Bounds::LIMITS,
            budget: budget::Budget::default(),
            lanes: Lanes::default(),
            connections: Connections::default(),
            people: People::default(),
            house: presence::House::default(),
            away: 0,
            present_changes: 0,
            soon: VecDeque::new(),
            crowd: VecDeque::new(),
            reads: reads::Wanted::default(),
            unsure: BTreeSet::new(),
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
        if self.remedies.epoch_on_bus() && *epoch != self.epoch {
            return Heard::OtherEpoch;
        }
        // Also of a room nobody reads here, and when somebody's snapshot of the room is newer than this.
        events.iter().for_each(|event| self.wonder(event, now_ms));
        if self.away > 0 {
            // Who does something is not away.
            events.iter().for_each(|event| self.set_away(event.by.id, false));
        }
        // What a commit made durable in a room is told at once: its readers are looked at once, however much it was.
        for events in events.chunk_by(|one, next| one.room == next.room) {
            let room = events[0].room;
            let Some(lane) = self.lanes.get_mut(&room) else { continue };
            lane.offer(events, now_ms, &mut self.ready);
            self.after_apply(room, now_ms);
        }
        Heard::Taken
    }

    /// Takes heads as the store has them. Returns how many lanes were behind without knowing it; on one node that must
    /// be none twice running.
    ///
    /// # Errors
    /// When they belong to another life of the store.
    pub fn digest(&mut self, epoch: &Epoch, heads: &[(RoomId, Seq)]) -> Result<usize, OtherEpoch> {
        if self.remedies.epoch_on_digest() && *epoch != self.epoch {
            return Err(OtherEpoch);
        }
        let mut behind = 0;
        for (room, head) in heads {
            if self.lanes.get_mut(room).is_some_and(|lane| lane.digest(*head)) {
                self.schedule(*room);
                behind += 1;
            }
        }
        Ok(behind)
    }

    /// Starts over in another life of the store: every lane is forgotten and every connection must be closed by the
    /// caller with 1012, to come back with cursors that no longer count. Returns them.
    pub fn begin_epoch(&mut self, epoch: Epoch) -> Vec<Key> {
        self.epoch = epoch;
        if self.remedies.epoch_ends_lanes() {
            self.lanes.clear();
            self.present_changes += 1;
            self.budget = budget::Budget::default();
            self.reads.clear();
            self.unsure.clear();
        }
        self.connections.keys().collect()
    }

    /// The next connection that has something to write.
    pub fn next_dirty(&mut self) -> Option<Key> {
        self.next_soon().or_else(|| self.next_of_crowd())
    }

    /// The next connection that has something to write which is not only that of a large room.
    pub fn next_soon(&mut self) -> Option<Key> {
        while let Some(key) = self.soon.pop_front() {
            if let Some(connection) = self.connections.get_mut(key) {
                connection.is_soon = false;
                return Some(key);
            }
        }
        None
    }

    /// The next connection that has something to write of a large room.
    pub fn next_of_crowd(&mut self) -> Option<Key> {
        while let Some(key) = self.crowd.pop_front() {
            if let Some(connection) = self.connections.get_mut(key) {
                connection.is_in_crowd = false;
                // Some were written to meanwhile for another reason.
                if connection.has_work() {
                    return Some(key);
                }
            }
        }
        None
    }

    /// How many connections may be marked as having something to write: soon, and with a crowd.
    #[must_use]
    pub fn marked(&self) -> (usize, usize) {
        (self.soon.len(), self.crowd.len())
    }

    /// Whether a connection still has something to write after [`Hub::wrote`].
    #[must_use]
    pub fn has_work(&self, key: Key) -> bool {
        self.connections.get(key).is_some_and(connections::Connection::has_work)
    }

    /// Puts a connection back into the list of those to be written to.
    pub fn mark_dirty(&mut self, key: Key) {
        if let Some(connection) = self.connections.get_mut(key)
            && !std::mem::replace(&mut connection.is_soon, true)
        {
            self.soon.push_back(key);
        }
    }

    /// Says something to one connection alone, before anything of its rooms.
    pub fn tell(&mut self, key: Key, frame: &ServerFrame) {
        let framed = framed(self.wrap, &codec::encode(frame));
        self.tell_framed(key, framed);
    }

    /// The same with a frame already made (a pong, a close).
    pub fn tell_framed(&mut self, key: Key, framed: Bytes) {
        if let Some(connection) = self.connections.get_mut(key) {
            connection.own_mut().private.push_back(framed);
        }
        self.mark_dirty(key);
    }

    /// Frames that wait for one connection alone. Above [`limits::PRIVATE_FRAMES_MAX`] its socket should not be read.
    #[must_use]
    pub fn private_frames(&self, key: Key) -> usize {
        self.connections.get(key).and_then(|connection| connection.own()).map_or(0, |own| own.private.len())
    }

    /// How many connections are open.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.connections.len()
    }

    /// Wakes the readers of a lane and draws the consequences of what was applied to it.
    fn after_apply(&mut self, room: RoomId, now_ms: u64) {
        let mut ready = std::mem::take(&mut self.ready);
        if !ready.is_empty() {
            self.pack(room);
            self.count_rings(room);
            self.wake(room);
        }
        for event in &ready {
            if matches!(event.change, Change::Message { .. }) {
                continue;
            }
            if let Some(who) = event.entered() {
                self.apply_joining(event, who.id, now_ms);
            }
            if let Some(who) = event.left() {
                self.apply_removal(event, who.id);
            }
        }
        ready.clear();
        self.ready = ready;
        self.schedule(room);
        self.drop_if_idle(room);
    }

    /// Tells everyone present in a room something that is true only now.
    fn signal(&mut self, room: RoomId, signal: Signal) {
        let Some(lane) = self.lanes.get_mut(&room) else { return };
        lane.signal(&codec::encode(&ServerFrame::Signal { signal }));
        self.count_rings(room);
        self.wake(room);
    }

    /// Marks every reader of a lane that is not marked yet.
    fn wake(&mut self, room: RoomId) {
        let Some(lane) = self.lanes.get(&room) else { return };
        let is_crowd = lane.subscribers.len() > limits::CROWD_FROM;
        let list = if is_crowd { &mut self.crowd } else { &mut self.soon };
        for subscriber in &lane.subscribers {
            if let Some(connection) = self.connections.get_mut(subscriber.connection) {
                connection.touch(subscriber.place);
                let marked = if is_crowd { &mut connection.is_in_crowd } else { &mut connection.is_soon };
                if !std::mem::replace(marked, true) {
                    list.push_back(subscriber.connection);
                }
            }
        }
    }
}

/// One frame by itself.
fn framed(wrap: Wrap, payload: &[u8]) -> Bytes {
    let mut frame = Vec::with_capacity(payload.len() + FRAME_HEADER_BYTES);
    frame.extend_from_slice(payload);
    wrap(&mut frame, 0);
    Bytes::from(frame)
}
