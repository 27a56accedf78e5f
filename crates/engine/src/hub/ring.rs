//! A bounded run of encoded frames with consecutive positions, shared by every reader of a lane.
//!
//! Frames that were added together lie one behind the other in one buffer, so that a reader who wants all of them is given
//! one piece of memory, however many they are: what a delivery costs beyond the kernel's copy is paid once a batch.

use std::collections::VecDeque;

use bytes::Bytes;
use parlour_protocol::limits;

/// A segment is closed when it has so many bytes: as many as one write takes.
const SEGMENT_BYTES_MAX: usize = 64 * 1024;

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

/// Frames that were added together.
#[derive(Debug)]
struct Segment {
    /// The position of its first frame.
    first: u64,
    bytes: Bytes,
    /// Where each frame but the last ends. A lone frame, which is what a quiet room has, takes no memory here.
    ends: Vec<u32>,
}

impl Segment {
    fn frames(&self) -> usize {
        self.ends.len() + 1
    }

    /// Where the frame at this index begins; the number of frames stands for the end of the last.
    fn start(&self, index: usize) -> usize {
        match index.checked_sub(1) {
            None => 0,
            Some(before) => self.ends.get(before).map_or(self.bytes.len(), |end| *end as usize),
        }
    }
}

/// Some frames one behind the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Them.
    pub bytes: Bytes,
    /// How many.
    pub frames: usize,
}

/// Encoded frames at positions `first..next`. The oldest go when a bound is reached; readers behind `first` are fed
/// from the store. Reading allocates nothing.
#[derive(Debug)]
pub struct Ring {
    segments: VecDeque<Segment>,
    first: u64,
    /// Frames that are held, those of the open segment not counted.
    frames: usize,
    bytes: usize,
    /// What is added until [`Ring::seal`].
    open: Vec<u8>,
    open_ends: Vec<u32>,
    bounds: (usize, usize),
}

impl Ring {
    /// An empty ring whose first frame will have position `first`.
    #[must_use]
    pub fn starting_at(first: u64, frames_max: usize, bytes_max: usize) -> Ring {
        let bounds = (frames_max, bytes_max);
        Ring { segments: VecDeque::new(), first, frames: 0, bytes: 0, open: Vec::new(), open_ends: Vec::new(), bounds }
    }

    /// The oldest position still held; equals [`Ring::next`] when the ring is empty.
    #[must_use]
    pub fn first(&self) -> u64 {
        self.first
    }

    /// The position the next frame will have.
    #[must_use]
    pub fn next(&self) -> u64 {
        self.first + (self.frames + self.open_ends.len()) as u64
    }

    /// The frames from a position on that lie together, until they have `bytes_max` bytes (the last may pass it); none when
    /// the position is not held.
    #[must_use]
    pub fn piece(&self, position: u64, bytes_max: usize) -> Option<Piece> {
        let (segment, index) = self.find(position)?;
        let start = segment.start(index);
        if segment.bytes.len() - start <= bytes_max {
            let bytes = if start == 0 { segment.bytes.clone() } else { segment.bytes.slice(start..) };
            return Some(Piece { bytes, frames: segment.frames() - index });
        }
        let enough = start + bytes_max;
        let frames = 1 + segment.ends[index..].partition_point(|end| (*end as usize) < enough);
        Some(Piece { bytes: segment.bytes.slice(start..segment.start(index + frames)), frames })
    }

    /// The frame at a position, when it is held.
    #[must_use]
    pub fn get(&self, position: u64) -> Option<Bytes> {
        let (segment, index) = self.find(position)?;
        Some(segment.bytes.slice(segment.start(index)..segment.start(index + 1)))
    }

    fn find(&self, position: u64) -> Option<(&Segment, usize)> {
        if position < self.first {
            return None;
        }
        // Nearly every reader is at the end.
        let newest = self.segments.back().filter(|segment| segment.first <= position);
        let segment = match newest {
            Some(newest) => newest,
            None => {
                self.segments.get(self.segments.partition_point(|segment| segment.first <= position).checked_sub(1)?)?
            }
        };
        let index = usize::try_from(position - segment.first).ok()?;
        (index < segment.frames()).then_some((segment, index))
    }

    /// Adds a frame by itself.
    pub fn push(&mut self, frame: &[u8]) {
        self.seal();
        self.write(|open| open.extend_from_slice(frame));
        self.seal();
    }

    /// Adds a frame to those that will lie together. Nobody is given it before [`Ring::seal`].
    pub fn write(&mut self, frame: impl FnOnce(&mut Vec<u8>)) {
        frame(&mut self.open);
        self.open_ends.push(u32::try_from(self.open.len()).expect("a segment is far below 4 GiB"));
        if self.open.len() >= SEGMENT_BYTES_MAX {
            self.seal();
        }
    }

    /// Gives out what was added, letting the oldest go until both bounds hold. The newest segment is always kept.
    pub fn seal(&mut self) {
        let Some(_) = self.open_ends.pop() else { return };
        let ends = std::mem::take(&mut self.open_ends);
        let segment =
            Segment { first: self.first + self.frames as u64, bytes: Bytes::copy_from_slice(&self.open), ends };
        self.open.clear();
        self.bytes += segment.bytes.len();
        self.frames += segment.frames();
        self.segments.push_back(segment);
        while self.segments.len() > 1 && (self.frames > self.bounds.0 || self.bytes > self.bounds.1) {
            if let Some(gone) = self.segments.pop_front() {
                self.bytes -= gone.bytes.len();
                self.frames -= gone.frames();
                self.first += gone.frames() as u64;
            }
        }
    }

    /// Puts another frame in the place of one that is held. What was given out before stays as it was.
    pub fn replace(&mut self, position: u64, frame: &[u8]) {
        let Some(which) = self.segments.partition_point(|segment| segment.first <= position).checked_sub(1) else {
            return;
        };
        let Some(segment) = self.segments.get_mut(which) else { return };
        let index = usize::try_from(position.saturating_sub(segment.first)).unwrap_or(usize::MAX);
        if position < self.first || index >= segment.frames() {
            return;
        }
        let (start, end) = (segment.start(index), segment.start(index + 1));
        let (length, before) = (end - start, segment.bytes.len());
        let bytes = [&segment.bytes[..start], frame, &segment.bytes[end..]].concat();
        for end in segment.ends.iter_mut().skip(index) {
            let moved = *end as usize + frame.len() - length;
            *end = u32::try_from(moved).expect("a segment is far below 4 GiB");
        }
        self.bytes = self.bytes + bytes.len() - before;
        segment.bytes = Bytes::from(bytes);
    }

    /// How many bytes the frames are.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Lets every frame go and gives their memory back. Positions go on.
    pub fn empty(&mut self) {
        let next = self.next();
        self.restart_at(next);
        self.segments = VecDeque::new();
        self.open = Vec::new();
    }

    /// Forgets everything and goes on at `first`.
    pub fn restart_at(&mut self, first: u64) {
        self.segments.clear();
        self.open.clear();
        self.open_ends.clear();
        (self.first, self.frames, self.bytes) = (first, 0, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(ring: &Ring, position: u64, bytes_max: usize) -> Option<(String, usize)> {
        let piece = ring.piece(position, bytes_max)?;
        Some((String::from_utf8(piece.bytes.to_vec()).unwrap(), piece.frames))
    }

    fn write(ring: &mut Ring, frames: &[&str]) {
        for frame in frames {
            ring.write(|open| open.extend_from_slice(frame.as_bytes()));
        }
        ring.seal();
    }

    #[test]
    fn the_oldest_frames_go_first_and_positions_never_change() {
        let mut ring = Ring::starting_at(5, 3, 1_000);
        for n in 5..10u64 {
            ring.push(n.to_string().as_bytes());
        }
        assert_eq!((ring.first(), ring.next()), (7, 10));
        assert_eq!(ring.get(6), None);
        assert_eq!(ring.get(7).as_deref(), Some(&b"7"[..]));
        assert_eq!(ring.get(10), None);
    }

    #[test]
    fn an_emptied_ring_goes_on_where_it_was() {
        let mut ring = Ring::starting_at(5, 3, 1_000);
        ring.push(b"five");
        ring.empty();
        assert_eq!((ring.first(), ring.next(), ring.bytes(), ring.get(5)), (6, 6, 0, None));
        ring.push(b"six");
        assert_eq!((ring.bytes(), ring.get(6).as_deref()), (3, Some(&b"six"[..])));
    }

    #[test]
    fn bytes_are_bounded_but_the_newest_frame_is_kept() {
        let mut ring = Ring::starting_at(0, 100, 10);
        ring.push(b"123456");
        ring.push(b"123456");
        assert_eq!(ring.first(), 1);
        ring.push(b"more than ten bytes");
        assert_eq!((ring.first(), ring.next()), (2, 3));
    }

    #[test]
    fn frames_that_were_added_together_are_given_out_together_from_any_of_them_on() {
        let mut ring = Ring::starting_at(1, 100, 1_000);
        write(&mut ring, &["one,", "two,", "three,"]);
        write(&mut ring, &["four,", "five,"]);
        assert_eq!(piece(&ring, 1, 100), Some(("one,two,three,".to_owned(), 3)));
        assert_eq!(piece(&ring, 2, 100), Some(("two,three,".to_owned(), 2)));
        assert_eq!(piece(&ring, 3, 100), Some(("three,".to_owned(), 1)));
        assert_eq!(piece(&ring, 4, 100), Some(("four,five,".to_owned(), 2)));
        assert_eq!(piece(&ring, 6, 100), None);
        assert_eq!(ring.get(2).as_deref(), Some(&b"two,"[..]));
    }

    #[test]
    fn a_frame_that_is_put_in_the_place_of_another_leaves_its_neighbours_where_they_are() {
        let mut ring = Ring::starting_at(1, 100, 1_000);
        write(&mut ring, &["one,", "two,", "three,"]);
        write(&mut ring, &["four,"]);
        let before = piece(&ring, 1, 100);
        let given = ring.piece(1, 100).unwrap();
        ring.replace(2, b"a longer one,");
        ring.replace(3, b"");
        ring.replace(4, b"4,");
        ring.replace(0, b"no");
        ring.replace(5, b"no");
        assert_eq!(piece(&ring, 1, 100), Some(("one,a longer one,".to_owned(), 3)));
        assert_eq!((ring.get(2).as_deref(), ring.get(3).as_deref()), (Some(&b"a longer one,"[..]), Some(&b""[..])));
        assert_eq!((ring.get(4).as_deref(), ring.bytes(), ring.next()), (Some(&b"4,"[..]), 19, 5));
        assert_eq!(String::from_utf8(given.bytes.to_vec()).unwrap(), before.unwrap().0);
    }

    #[test]
    fn a_piece_ends_with_the_frame_that_fills_it() {
        let mut ring = Ring::starting_at(1, 100, 1_000);
        write(&mut ring, &["one,", "two,", "three,"]);
        for (bytes_max, frames) in [(0, 1), (1, 1), (4, 1), (5, 2), (8, 2), (9, 3), (14, 3)] {
            assert_eq!(piece(&ring, 1, bytes_max).unwrap().1, frames, "{bytes_max}");
        }
        assert_eq!(piece(&ring, 2, 5), Some(("two,three,".to_owned(), 2)));
    }

    #[test]
    fn what_is_being_added_is_nobody_s_yet_but_has_its_position() {
        let mut ring = Ring::starting_at(1, 100, 1_000);
        ring.write(|open| open.extend_from_slice(b"one"));
        assert_eq!((ring.next(), ring.get(1)), (2, None));
        ring.seal();
        assert_eq!((ring.next(), ring.get(1).as_deref()), (2, Some(&b"one"[..])));
    }
}
