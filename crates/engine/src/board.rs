//! Who is present, for those who ask from outside the hub's thread. Written by the hub a few times a second.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

use parlour_protocol::{RoomId, UserId};

/// The last word of the hub about presence.
#[derive(Debug, Default)]
pub struct Board {
    inner: RwLock<Present>,
}

#[derive(Debug, Default)]
struct Present {
    people: Arc<HashSet<UserId>>,
    here: u32,
    rooms: HashMap<RoomId, u32>,
}

impl Board {
    /// Replaces what was known: everyone present, how many of them are no guests, and how many are in each room.
    pub fn write(&self, people: HashSet<UserId>, here: u32, rooms: HashMap<RoomId, u32>) {
        *self.inner.write().unwrap_or_else(PoisonError::into_inner) = Present { people: Arc::new(people), here, rooms };
    }

    /// How many people are present in the house, guests of the classic wire not counted.
    #[must_use]
    pub fn here(&self) -> u32 {
        self.inner.read().unwrap_or_else(PoisonError::into_inner).here
    }

    /// How many are present in a room.
    #[must_use]
    pub fn online(&self, room: RoomId) -> u32 {
        self.inner.read().unwrap_or_else(PoisonError::into_inner).rooms.get(&room).copied().unwrap_or(0)
    }

    /// Everyone present.
    #[must_use]
    pub fn people(&self) -> Arc<HashSet<UserId>> {
        Arc::clone(&self.inner.read().unwrap_or_else(PoisonError::into_inner).people)
    }

    /// Whether somebody is present.
    #[must_use]
    pub fn is_here(&self, user: UserId) -> bool {
        self.inner.read().unwrap_or_else(PoisonError::into_inner).people.contains(&user)
    }
}
