//! The live connections of this node: for each a few places in lanes, and no queue of messages.

use std::collections::VecDeque;

use bytes::Bytes;
use parlour_protocol::push::Author;
use parlour_protocol::{RoomId, Seq};

use super::lane::Lane;
use super::owed::Owed;

/// Names a connection in the arena. A key is never given twice, so an answer that comes late finds nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    index: u32,
    generation: u32,
}

/// Which wire a connection speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// `parlour.v1`.
    Full,
    /// The tutorial's.
    Classic,
}

/// Where a connection stands in one lane.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) room: RoomId,
    /// The next position wanted: a seq on the full wire, a position of the classic ring on the other.
    pub(super) cursor: u64,
    /// The next signal wanted.
    pub(super) signal: u64,
    /// The lobby's seq up to which a classic reader was fed; unused on the full wire.
    pub(super) classic_seq: Seq,
    /// Where this place stands in the lane's list of subscribers.
    pub(super) slot: u32,
    /// The snapshot in which the person was a member: only a removal after it ends this place.
    pub(super) member_at: Seq,
    /// Already in the connection's list of dirty places.
    pub(super) dirty: bool,
}

impl Place {
    /// How far the person may be shown the room without looking at what lies between. A lane that began after the
    /// snapshot this place was opened by has not seen a removal between the two (H9).
    pub(super) fn sure_until(&self, lane: &Lane) -> Seq {
        if self.member_at < lane.began { self.member_at } else { lane.applied }
    }

    /// Lets a classic reader that was fed from the store go on with the ring, when the ring has all that follows: a busy
    /// lobby would never be caught up with from the store alone.
    pub(super) fn find_in_classic(&mut self, lane: &Lane) {
        if let Some(position) = lane.classic.as_ref().and_then(|classic| classic.position_after(self.classic_seq)) {
            self.cursor = self.cursor.max(position);
        }
    }
}

/// What a reader behind the ring is being fed from the store; one place at a time.
#[derive(Debug)]
pub(super) enum Replay {
    None,
    /// The store is to be asked for this room, after this seq.
    Wanted(RoomId, Seq),
    /// The store is being asked for this room, after this seq.
    Asked(RoomId, Seq),
    /// Encoded events with their seqs, contiguous from the place's cursor.
    Feeding(RoomId, VecDeque<(Seq, Bytes)>),
}

impl Replay {
    /// Whether it is about this room.
    pub(super) fn is_of(&self, room: RoomId) -> bool {
        match self {
            Replay::None => false,
            Replay::Wanted(of, _) | Replay::Asked(of, _) | Replay::Feeding(of, _) => *of == room,
        }
    }
}

/// One live connection.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) who: Author,
    pub(super) wire: Wire,
    /// Its `hello` was answered: until then it has no place and hears nothing of its rooms (CON-3).
    pub(super) greeted: bool,
    /// What it is still to be told about its rooms.
    pub(super) owed: Owed,
    /// Sorted by nothing; an index is stable for the life of the place and re-used after it.
    pub(super) places: Vec<Option<Place>>,
    /// Places that may have something to write, each at most once.
    pub(super) dirty_places: VecDeque<u16>,
    /// Frames for this connection alone, at most `limits::PRIVATE_FRAMES_MAX` and the frames of one `hello`.
    pub(super) private: VecDeque<Bytes>,
    /// The unwritten rest of a frame whose beginning is already on the wire.
    pub(super) rest: Option<Bytes>,
    pub(super) replay: Replay,
    /// Already among the hub's connections that want a replay, or resting after one that failed.
    pub(super) queued: bool,
    /// Already in the hub's list of connections to be written to.
    pub(super) dirty: bool,
}

impl Connection {
    fn new(who: Author, wire: Wire) -> Connection {
        Connection {
            who,
            wire,
            greeted: false,
            owed: Owed::default(),
            places: Vec::new(),
            dirty_places: VecDeque::new(),
            private: VecDeque::new(),
            rest: None,
            replay: Replay::None,
            queued: false,
            dirty: false,
        }
    }

    pub(super) fn place_of(&self, room: RoomId) -> Option<u16> {
        let found = self.places.iter().position(|place| place.as_ref().is_some_and(|place| place.room == room))?;
        u16::try_from(found).ok()
    }

    pub(super) fn place(&self, index: u16) -> Option<&Place> {
        self.places.get(usize::from(index))?.as_ref()
    }

    pub(super) fn place_mut(&mut self, index: u16) -> Option<&mut Place> {
        self.places.get_mut(usize::from(index))?.as_mut()
    }

    /// Puts a place into the first free index.
    pub(super) fn add_place(&mut self, place: Place) -> u16 {
        let free = self.places.iter().position(Option::is_none).unwrap_or_else(|| {
            self.places.push(None);
            self.places.len() - 1
        });
        self.places[free] = Some(place);
        u16::try_from(free).expect("rooms of one person are limited far below 65,536")
    }

    /// Notes that a place may have something to write.
    pub(super) fn touch(&mut self, index: u16) {
        if let Some(place) = self.place_mut(index)
            && !place.dirty
        {
            place.dirty = true;
            self.dirty_places.push_back(index);
        }
    }

    /// Whether there is anything at all to write now.
    pub(super) fn has_work(&self) -> bool {
        self.rest.is_some()
            || !self.private.is_empty()
            || (self.greeted && !self.owed.is_empty())
            || !self.dirty_places.is_empty()
            || matches!(&self.replay, Replay::Feeding(..))
    }
}

/// The arena of connections.
#[derive(Debug, Default)]
pub(super) struct Connections {
    slots: Vec<(u32, Option<Connection>)>,
    free: Vec<u32>,
}

impl Connections {
    pub(super) fn insert(&mut self, who: Author, wire: Wire) -> Key {
        let connection = Connection::new(who, wire);
        if let Some(index) = self.free.pop() {
            let slot = &mut self.slots[index as usize];
            slot.1 = Some(connection);
            return Key { index, generation: slot.0 };
        }
        let index = u32::try_from(self.slots.len()).expect("connections are limited far below 2^32");
        self.slots.push((0, Some(connection)));
        Key { index, generation: 0 }
    }

    pub(super) fn remove(&mut self, key: Key) -> Option<Connection> {
        let slot = self.slots.get_mut(key.index as usize).filter(|slot| slot.0 == key.generation)?;
        let gone = slot.1.take()?;
        slot.0 = slot.0.wrapping_add(1);
        self.free.push(key.index);
        Some(gone)
    }

    pub(super) fn get(&self, key: Key) -> Option<&Connection> {
        self.slots.get(key.index as usize).filter(|slot| slot.0 == key.generation)?.1.as_ref()
    }

    pub(super) fn get_mut(&mut self, key: Key) -> Option<&mut Connection> {
        self.slots.get_mut(key.index as usize).filter(|slot| slot.0 == key.generation)?.1.as_mut()
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = Key> + '_ {
        self.slots.iter().enumerate().filter(|(_, slot)| slot.1.is_some()).map(|(index, slot)| Key {
            index: u32::try_from(index).expect("connections are limited far below 2^32"),
            generation: slot.0,
        })
    }

    pub(super) fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }
}
