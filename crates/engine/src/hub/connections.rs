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
#[derive(Debug, Default)]
pub(super) enum Replay {
    #[default]
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

/// What is for one connection alone. Most have nothing of it at most times.
#[derive(Debug, Default)]
pub(super) struct Own {
    /// What it is still to be told about its rooms.
    pub(super) owed: Owed,
    /// Frames for it, at most `limits::PRIVATE_FRAMES_MAX` and the frames of one `hello`.
    pub(super) private: VecDeque<Bytes>,
    /// The unwritten rest of a frame whose beginning is already on the wire.
    pub(super) rest: Option<Bytes>,
    pub(super) replay: Replay,
}

impl Own {
    fn is_empty(&self) -> bool {
        self.owed.is_empty() && self.private.is_empty() && self.rest.is_none() && matches!(self.replay, Replay::None)
    }
}

/// One live connection. A write to one of a crowd reads all of this, and what the kernel does between two of them pushes it out
/// of the cache: so it is small, and what is seldom there lies elsewhere.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) places: Places,
    /// Places that may have something to write, each at most once.
    pub(super) dirty_places: Round,
    own: Option<Box<Own>>,
    pub(super) user: UserId,
    pub(super) wire: Wire,
    /// Its `hello` was answered: until then it has no place and hears nothing of its rooms (CON-3).
    pub(super) greeted: bool,
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
            places: Places::default(),
            dirty_places: Round::default(),
            own: None,
            user,
            wire,
            greeted: false,
            queued: false,
            is_soon: false,
            is_in_crowd: false,
        }
    }

    /// What is for this connection alone, if there is anything.
    pub(super) fn own(&self) -> Option<&Own> {
        self.own.as_deref()
    }

    /// The same, to be changed.
    pub(super) fn own_mut(&mut self) -> &mut Own {
        self.own.get_or_insert_default()
    }

    /// Takes all that is for it alone.
    pub(super) fn take_own(&mut self) -> Own {
        self.own.take().map(|own| *own).unwrap_or_default()
    }

    /// Gives the memory of what is for it alone back when there is nothing.
    pub(super) fn shrink(&mut self) {
        if self.own.as_ref().is_some_and(|own| own.is_empty()) {
            self.own = None;
        }
    }

    /// What it is being fed from the store.
    pub(super) fn replay(&self) -> &Replay {
        static NONE: Replay = Replay::None;
        self.own().map_or(&NONE, |own| &own.replay)
    }

    /// Is fed from the store no more, if it was.
    pub(super) fn end_replay(&mut self) {
        if let Some(own) = &mut self.own {
            own.replay = Replay::None;
        }
        self.shrink();
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
        !self.dirty_places.is_empty()
            || self.own().is_some_and(|own| {
                own.rest.is_some()
                    || !own.private.is_empty()
                    || (self.greeted && !own.owed.is_empty())
                    || matches!(&own.replay, Replay::Feeding(..))
            })
    }
}

/// The arena of connections.
#[derive(Debug, Default)]
pub(super) struct Connections {
    slots: Vec<Slot>,
    free: Vec<u32>,
}

/// A place in the arena: two lines of the cache side by side.
#[derive(Debug)]
#[repr(align(128))]
struct Slot {
    connection: Option<Connection>,
    generation: u32,
}

impl Connections {
    pub(super) fn insert(&mut self, user: UserId, wire: Wire) -> Key {
        let connection = Connection::new(user, wire);
        if let Some(index) = self.free.pop() {
            let slot = &mut self.slots[index as usize];
            slot.connection = Some(connection);
            return Key { index, generation: slot.generation };
        }
        let index = u32::try_from(self.slots.len()).expect("connections are limited far below 2^32");
        self.slots.push(Slot { connection: Some(connection), generation: 0 });
        Key { index, generation: 0 }
    }

    pub(super) fn remove(&mut self, key: Key) -> Option<Connection> {
        let slot = self.slots.get_mut(key.index as usize).filter(|slot| slot.generation == key.generation)?;
        let gone = slot.connection.take()?;
        slot.generation = slot.generation.wrapping_add(1);
        self.free.push(key.index);
        Some(gone)
    }

    pub(super) fn get(&self, key: Key) -> Option<&Connection> {
        self.slots.get(key.index as usize).filter(|slot| slot.generation == key.generation)?.connection.as_ref()
    }

    pub(super) fn get_mut(&mut self, key: Key) -> Option<&mut Connection> {
        self.slots.get_mut(key.index as usize).filter(|slot| slot.generation == key.generation)?.connection.as_mut()
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = Key> + '_ {
        self.slots.iter().enumerate().filter(|(_, slot)| slot.connection.is_some()).map(|(index, slot)| Key {
            index: u32::try_from(index).expect("connections are limited far below 2^32"),
            generation: slot.generation,
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
        let bytes = size_of::<Slot>();
        assert!(bytes <= 128, "{bytes} bytes for each idle connection");
    }
}
