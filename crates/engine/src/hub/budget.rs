//! One budget of bytes for the rings of all rooms: a house of many rooms costs no more memory than one of a few busy ones.
//!
//! Above it the rings used longest ago are emptied. Nothing is lost by that: their readers are fed from the store, as all
//! are who are behind a ring.

use std::collections::BTreeMap;

use parlour_protocol::RoomId;

use super::Hub;

/// What the rings hold together, and which were used when.
#[derive(Debug, Default)]
pub(super) struct Budget {
    held: usize,
    /// Rooms whose rings hold anything, by when they were last added to.
    used: BTreeMap<u64, RoomId>,
    last_use: u64,
}

/// What one room has of it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Share {
    bytes: usize,
    used: u64,
}

impl Budget {
    /// A room's rings are gone, or empty.
    pub(super) fn give_back(&mut self, share: Share) {
        self.held -= share.bytes;
        self.used.remove(&share.used);
    }

    fn take(&mut self, room: RoomId, bytes: usize) -> Share {
        self.last_use += 1;
        self.held += bytes;
        self.used.insert(self.last_use, room);
        Share { bytes, used: self.last_use }
    }
}

impl Hub {
    /// How many bytes of encoded frames the rings hold.
    #[must_use]
    pub fn ring_bytes(&self) -> usize {
        self.budget.held
    }

    /// Counts what a room's rings hold, after something was added to one of them, and keeps to the budget. The room itself
    /// keeps what it has: that is bounded by its own rings.
    pub(super) fn count_rings(&mut self, room: RoomId) {
        let Some(lane) = self.lanes.get_mut(&room) else { return };
        self.budget.give_back(lane.share);
        lane.share = self.budget.take(room, lane.ring_bytes());
        while self.budget.held > self.bounds.total
            && let Some((_, &oldest)) = self.budget.used.first_key_value()
            && oldest != room
            && let Some(lane) = self.lanes.get_mut(&oldest)
        {
            lane.empty_rings();
            self.budget.give_back(std::mem::take(&mut lane.share));
        }
    }
}
