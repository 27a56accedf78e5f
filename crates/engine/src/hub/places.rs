//! Where a connection stands in its rooms: found by room and by index in constant time, small for the common few.
//!
//! A person in one to five rooms is what most connections are: up to [`FEW`] places are a plain list that is looked
//! through, and 48 bytes each. Only above that an index beside it is worth its memory. The first, which nearly all that is
//! written comes from, lies in the connection's own record: ten thousand readers of a room are that many cache misses fewer.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher};

use parlour_protocol::{RoomId, Seq};

use super::lane::Lane;
use super::remedies::Remedies;

/// Up to so many places are looked through.
const FEW: usize = 8;

/// Where a connection stands in one lane.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) room: RoomId,
    /// The next position wanted: a seq on the full wire, a position of the classic ring on the other.
    pub(super) cursor: u64,
    /// The next signal wanted.
    pub(super) signal: u64,
    /// What is not above this is not shown: on the full wire what was before the membership, where the room shows newcomers
    /// no more (S44); on the classic one what its reader was fed already.
    pub(super) low: Seq,
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
    pub(super) fn sure_until(&self, lane: &Lane, remedies: Remedies) -> Seq {
        let may_have_left_before = remedies.removal_sure() && self.member_at < lane.began;
        if may_have_left_before { self.member_at } else { lane.applied.max(self.member_at) }
    }

    /// Lets a classic reader that was fed from the store go on with the ring, when the ring has all that follows: a busy
    /// lobby would never be caught up with from the store alone.
    pub(super) fn find_in_classic(&mut self, lane: &Lane, remedies: Remedies) {
        let Some(classic) = &lane.classic else { return };
        if let Some(position) = classic.position_after(self.low, remedies.classic_back_to_ring()) {
            self.cursor = self.cursor.max(position);
        }
    }
}

/// The places of one connection. An index is stable for the life of its place and re-used after it.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// The place of index 0.
    first: Option<Place>,
    /// Those of the indexes from 1 on.
    others: Vec<Option<Place>>,
    many: Option<Box<Many>>,
}

/// What is kept beside the list when there are many.
#[derive(Debug, Default)]
struct Many {
    index: HashMap<RoomId, u16, BuildHasherDefault<DefaultHasher>>,
    free: Vec<u16>,
}

impl Places {
    pub(super) fn index_of(&self, room: RoomId) -> Option<u16> {
        match &self.many {
            Some(many) => many.index.get(&room).copied(),
            None => self.filled().find(|(_, place)| place.room == room).map(|(index, _)| index),
        }
    }

    pub(super) fn get(&self, index: u16) -> Option<&Place> {
        match index.checked_sub(1) {
            None => self.first.as_ref(),
            Some(other) => self.others.get(usize::from(other))?.as_ref(),
        }
    }

    pub(super) fn get_mut(&mut self, index: u16) -> Option<&mut Place> {
        self.slot(index)?.as_mut()
    }

    fn slot(&mut self, index: u16) -> Option<&mut Option<Place>> {
        match index.checked_sub(1) {
            None => Some(&mut self.first),
            Some(other) => self.others.get_mut(usize::from(other)),
        }
    }

    /// Every index that was ever given.
    fn slots(&self) -> impl Iterator<Item = (u16, &Option<Place>)> {
        (0..).zip(std::iter::once(&self.first).chain(&self.others))
    }

    /// Puts a place into a free index.
    pub(super) fn add(&mut self, place: Place) -> u16 {
        let room = place.room;
        let free = match &mut self.many {
            Some(many) => many.free.pop(),
            None => self.slots().find(|(_, place)| place.is_none()).map(|(index, _)| index),
        };
        let index = free.unwrap_or_else(|| {
            // Most connections have few places and keep them: no room is made for others that may never come.
            if self.others.len() < FEW {
                self.others.reserve_exact(1);
            }
            self.others.push(None);
            u16::try_from(self.others.len()).expect("rooms of one person are limited far below 65,536")
        });
        if let Some(slot) = self.slot(index) {
            *slot = Some(place);
        }
        match &mut self.many {
            Some(many) => drop(many.index.insert(room, index)),
            None if self.others.len() >= FEW => {
                let index = self.filled().map(|(index, place)| (place.room, index)).collect();
                self.many = Some(Box::new(Many { index, free: Vec::new() }));
            }
            None => {}
        }
        index
    }

    pub(super) fn take(&mut self, index: u16) -> Option<Place> {
        let place = self.slot(index)?.take()?;
        if let Some(many) = &mut self.many {
            many.index.remove(&place.room);
            many.free.push(index);
        }
        Some(place)
    }

    /// Takes all of them.
    pub(super) fn take_all(&mut self) -> impl Iterator<Item = Place> + use<> {
        let Places { first, others, .. } = std::mem::take(self);
        first.into_iter().chain(others.into_iter().flatten())
    }

    fn filled(&self) -> impl Iterator<Item = (u16, &Place)> {
        self.slots().filter_map(|(index, place)| Some((index, place.as_ref()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(room: u64) -> Place {
        let (low, member_at) = (Seq::ZERO, Seq::ZERO);
        Place { room: RoomId(room), cursor: room, signal: 0, low, slot: 0, member_at, dirty: false }
    }

    #[test]
    fn s95_a_room_is_found_under_its_index_however_many_came_and_went() {
        let mut places = Places::default();
        for round in 0..3u64 {
            for room in 0..2_000 {
                let index = places.add(place(round * 10_000 + room));
                assert_eq!(places.get(index).map(|place| place.cursor), Some(round * 10_000 + room));
            }
            for room in 0..2_000 {
                let room = RoomId(round * 10_000 + room);
                let index = places.index_of(room).unwrap();
                assert_eq!(places.take(index).map(|place| place.room), Some(room));
                assert_eq!((places.index_of(room), places.get(index).is_none()), (None, true));
            }
            assert_eq!(places.slots().count(), 2_000, "indexes are given again");
        }
    }

    #[test]
    fn s95_a_few_rooms_have_no_index_and_little_memory() {
        let mut places = Places::default();
        for room in 0..FEW as u64 {
            places.add(place(room));
        }
        assert!(places.many.is_none());
        assert_eq!((size_of::<Option<Place>>(), size_of::<Places>()), (48, 80));
    }
}
