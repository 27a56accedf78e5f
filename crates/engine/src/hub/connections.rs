//! The live connections of this node: for each a few places in lanes, and no queue of messages.

use std::collections::VecDeque;

use bytes::Bytes;
use parlour_protocol::{RoomId, Seq, UserId};

use super::owed::Owed;
use super::places::{Place, Places};
use super::round::Round;

/// Names a connection in the arena. A key is never given twice, so an answer that comes late finds nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    index: u32,
    generation: u32,
}

impl Key {
    /// The key as one number, for what the system hands back with an event.
    #[must_use]
    pub fn number(self) -> usize {
        (self.generation as usize) << 32 | self.index as usize
    }

    /// Its place in a list: small, and given to another connection once this one is gone.
    #[must_use]
    pub fn index(self) -> usize {
        self.index as usize
    }

    /// The key that [`Key::number`] was of.
    #[must_use]
    pub fn from_number(number: usize) -> Key {
        Key { index: number as u32, generation: (number >> 32) as u32 }
    }
}

/// Which wire a connection speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// `parlour.v1`.
    Full,
    /// The same over a socket that takes packed frames.
    Packed,
    /// The tutorial's.
    Classic,
}

impl Wire {
    /// Whether it is the tutorial's.
    #[must_use]
    pub fn is_classic(self) -> bool {
        self == Wire::Classic
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
    pub(super) user: UserId,
    pub(super) wire: Wire,
    /// Its `hello` was answered: until then it has no place and hears nothing of its rooms (CON-3).
    pub(super) greeted: bool,
    /// What it is still to be told about its rooms.
    pub(super) owed: Owed,
    pub(super) places: Places,
    /// Places that may have something to write, each at most once.
    pub(super) dirty_places: Round,
    /// Frames for this connection alone, at most `limits::PRIVATE_FRAMES_MAX` and the frames of one `hello`.
    pub(super) private: VecDeque<Bytes>,
    /// The unwritten rest of a frame whose beginning is already on the wire.
    pub(super) rest: Option<Bytes>,
    pub(super) replay: Replay,
    /// Already among the hub's connections that want a replay, or resting after one that failed.
    pub(super) queued: bool,
    /// Already in the hub's list of connections to be written to soon.
    pub(super) is_soon: bool,
    /// Already in the hub's list of those to be written to with a crowd.
    pub(super) is_in_crowd: bool,
}

impl Connection {
    fn new(user: UserId, wire: Wire) -> Connection {
        Connection {
            user,
            wire,
            greeted: false,
            owed: Owed::default(),
            places: Places::default(),
            dirty_places: Round::default(),
            private: VecDeque::new(),
            rest: None,
            replay: Replay::None,
            queued: false,
            is_soon: false,
            is_in_crowd: false,
        }
    }

    pub(super) fn place_of(&self, room: RoomId) -> Option<u16> {
        self.places.index_of(room)
    }

    pub(super) fn place(&self, index: u16) -> Option<&Place> {
        self.places.get(index)
    }

    pub(super) fn place_mut(&mut self, index: u16) -> Option<&mut Place> {
        self.places.get_mut(index)
    }

    /// Notes that a place may have something to write.
    pub(super) fn touch(&mut self, index: u16) {
        if let Some(place) = self.place_mut(index)
            && !place.dirty
        {
            place.dirty = true;
            self.dirty_places.push(index);
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
    pub(super) fn insert(&mut self, user: UserId, wire: Wire) -> Key {
        let connection = Connection::new(user, wire);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_6_an_idle_connection_is_a_small_record() {
        let bytes = size_of::<(u32, Option<Connection>)>();
        assert!(bytes <= 264, "{bytes} bytes for each idle connection");
    }
}
