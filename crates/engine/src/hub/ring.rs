//! A bounded run of encoded frames with consecutive positions, shared by every reader of a lane.

use std::collections::VecDeque;

use bytes::Bytes;
use parlour_protocol::limits;

/// How much rings may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Frames of one ring.
    pub frames: usize,
    /// Bytes of one ring.
    pub bytes: usize,
    /// Bytes of all rings together.
    pub total: usize,
}

impl Bounds {
    /// What a house runs with.
    pub const LIMITS: Bounds =
        Bounds { frames: limits::RING_FRAMES_MAX, bytes: limits::RING_BYTES_MAX, total: limits::RINGS_BYTES_MAX };
}

/// Encoded frames at positions `first..next`. The oldest go when a bound is reached; readers behind `first` are fed
/// from the store. Pushing and reading allocate nothing beyond the frame itself.
#[derive(Debug)]
pub struct Ring {
    first: u64,
    frames: VecDeque<Bytes>,
    bytes: usize,
    frames_max: usize,
    bytes_max: usize,
}

impl Ring {
    /// An empty ring whose first frame will have position `first`.
    #[must_use]
    pub fn starting_at(first: u64, frames_max: usize, bytes_max: usize) -> Ring {
        Ring { first, frames: VecDeque::new(), bytes: 0, frames_max, bytes_max }
    }

    /// The oldest position still held; equals [`Ring::next`] when the ring is empty.
    #[must_use]
    pub fn first(&self) -> u64 {
        self.first
    }

    /// The position the next frame will have.
    #[must_use]
    pub fn next(&self) -> u64 {
        self.first + self.frames.len() as u64
    }

    /// The frame at a position, when it is still held.
    #[must_use]
    pub fn get(&self, position: u64) -> Option<&Bytes> {
        let index = position.checked_sub(self.first)?;
        self.frames.get(usize::try_from(index).ok()?)
    }

    /// Adds a frame, letting the oldest go until both bounds hold. The newest frame is always kept.
    pub fn push(&mut self, frame: Bytes) {
        self.bytes += frame.len();
        self.frames.push_back(frame);
        while self.frames.len() > 1 && (self.frames.len() > self.frames_max || self.bytes > self.bytes_max) {
            if let Some(gone) = self.frames.pop_front() {
                self.bytes -= gone.len();
                self.first += 1;
            }
        }
    }

    /// How many bytes the frames are.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Lets every frame go and gives their memory back. Positions go on.
    pub fn empty(&mut self) {
        self.first = self.next();
        self.frames = VecDeque::new();
        self.bytes = 0;
    }

    /// Forgets everything and goes on at `first`.
    pub fn restart_at(&mut self, first: u64) {
        self.frames.clear();
        self.bytes = 0;
        self.first = first;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_frames_go_first_and_positions_never_change() {
        let mut ring = Ring::starting_at(5, 3, 1_000);
        for n in 5..10u64 {
            ring.push(Bytes::from(n.to_string()));
        }
        assert_eq!((ring.first(), ring.next()), (7, 10));
        assert_eq!(ring.get(6), None);
        assert_eq!(ring.get(7).map(|frame| &frame[..]), Some(&b"7"[..]));
        assert_eq!(ring.get(10), None);
    }

    #[test]
    fn an_emptied_ring_goes_on_where_it_was() {
        let mut ring = Ring::starting_at(5, 3, 1_000);
        ring.push(Bytes::from_static(b"five"));
        ring.empty();
        assert_eq!((ring.first(), ring.next(), ring.bytes(), ring.get(5)), (6, 6, 0, None));
        ring.push(Bytes::from_static(b"six"));
        assert_eq!((ring.bytes(), ring.get(6).map(|frame| &frame[..])), (3, Some(&b"six"[..])));
    }

    #[test]
    fn bytes_are_bounded_but_the_newest_frame_is_kept() {
        let mut ring = Ring::starting_at(0, 100, 10);
        ring.push(Bytes::from_static(b"123456"));
        ring.push(Bytes::from_static(b"123456"));
        assert_eq!(ring.first(), 1);
        ring.push(Bytes::from_static(b"more than ten bytes"));
        assert_eq!((ring.first(), ring.next()), (2, 3));
    }
}
