//! Frames made smaller for the sockets that agreed to it, once a room and event, however many read them.
//!
//! The packed ring of a lane is its plain ring packed: one position is one seq in both, so order, cursors and resets know
//! nothing of it. What it does not hold, from before somebody came who wants it, is read from the plain one.

use std::fmt::Debug;

use parlour_protocol::RoomId;

use super::Hub;
use super::ring::Ring;

/// How a frame is made smaller.
pub trait Pack: Debug {
    /// Adds a whole frame to a buffer: packed, or as it is where that does not pay. Nothing of one frame may be needed to
    /// read another, since no two readers have read the same ones.
    fn pack(&mut self, frame: &[u8], buffer: &mut Vec<u8>);
}

impl Hub {
    /// The same with frames packed for connections of [`Wire::Packed`](super::Wire::Packed).
    #[must_use]
    pub fn with_packing(self, pack: Box<dyn Pack>) -> Hub {
        Hub { pack: Some(pack), ..self }
    }

    /// Packs what was added to a room's ring, where somebody wants it so.
    pub(super) fn pack(&mut self, room: RoomId) {
        if let Some(pack) = &mut self.pack
            && let Some(lane) = self.lanes.get_mut(&room)
            && let Some(packed) = &mut lane.packed
        {
            follow(packed, &lane.ring, pack.as_mut());
        }
    }
}

/// Adds to a packed ring what it does not have of the plain one.
fn follow(packed: &mut Ring, plain: &Ring, pack: &mut dyn Pack) {
    if packed.next() < plain.first() {
        // So much was added at once that the plain ring could not hold it either.
        packed.restart_at(plain.first());
    }
    while let Some(frame) = plain.get(packed.next()) {
        packed.write(|open| pack.pack(&frame, open));
    }
    packed.seal();
}
