//! What a connection writes next: a plan over shared frames, made from cursors and thrown away after one write.
//!
//! Cursors move only by what the socket took ([`Hub::wrote`]), so a reader that takes nothing holds nothing but its
//! record and at most the rest of one frame.

use bytes::Bytes;
use parlour_protocol::{RoomId, Seq, ServerFrame, codec, limits};

use super::connections::{Connection, Key, Replay, Wire};
use super::lane::Lane;
use super::owed::Part;
use super::remedies::Remedies;
use super::ring::{Piece, Ring};
use super::{Hub, Lanes, Wrap, framed};

/// Pieces of memory one `writev` is given (IOV_MAX is 1,024 on Linux and macOS).
pub const PIECES_PER_WRITE_MAX: usize = 64;

/// Where planned frames came from, so that their source can be moved on once they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Rest,
    Private,
    Owed(RoomId, Part),
    Replay,
    Event(u16),
    Signal(u16),
}

/// Frames that came from one source and lie in one piece of memory: a busy room's are moved over at once, however many
/// they are.
#[derive(Clone, Copy, Debug)]
struct Run {
    source: Source,
    frames: usize,
    bytes: usize,
}

/// The frames of one write. Reused from write to write, so that planning allocates nothing.
#[derive(Debug, Default)]
pub struct Outgoing {
    pieces: Vec<Bytes>,
    runs: Vec<Run>,
    bytes: usize,
}

impl Outgoing {
    /// The frames in the order they must be written, at most [`PIECES_PER_WRITE_MAX`] pieces of some each.
    #[must_use]
    pub fn pieces(&self) -> &[Bytes] {
        &self.pieces
    }

    /// Their length in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    fn clear(&mut self) {
        self.pieces.clear();
        self.runs.clear();
        self.bytes = 0;
    }

    fn is_full(&self) -> bool {
        self.bytes >= limits::WRITE_BYTES_MAX || self.pieces.len() >= PIECES_PER_WRITE_MAX
    }

    fn add(&mut self, frame: &Bytes, source: Source) {
        self.add_piece(Piece { bytes: frame.clone(), frames: 1 }, source);
    }

    fn add_piece(&mut self, piece: Piece, source: Source) {
        let Piece { bytes, frames } = piece;
        self.bytes += bytes.len();
        self.runs.push(Run { source, frames, bytes: bytes.len() });
        self.pieces.push(bytes);
    }
}

impl Hub {
    /// Plans the next write of a connection: the rest of a begun frame, then frames for it alone, then what it is to know
    /// about its rooms, then each dirty room in turn, at most [`limits::WRITE_BYTES_MAX`] bytes (one frame may pass it). Empty when there is nothing to say.
    pub fn gather(&mut self, key: Key, out: &mut Outgoing) {
        out.clear();
        let Some(connection) = self.connections.get_mut(key) else { return };
        if connection.own().is_some() && !plan_own(connection, self.wrap, self.remedies, out) {
            return;
        }
        let rooms = connection.dirty_places.len();
        for _ in 0..rooms {
            if out.is_full() {
                break;
            }
            let Some(index) = connection.dirty_places.pop() else { break };
            let Some(place) = connection.place_mut(index) else { continue };
            place.dirty = false;
            let Some(lane) = self.lanes.get_mut(&place.room) else { continue };
            match plan_place(connection, index, lane, self.remedies, out) {
                Planned::All => {}
                // Still something to say: it stays in the round, behind the others.
                Planned::More => connection.touch(index),
                Planned::Behind(read) => {
                    connection.touch(index);
                    if matches!(connection.replay(), Replay::None) {
                        connection.own_mut().replay = Replay::Wanted(read.0, read.1);
                    }
                }
            }
        }
        if !self.remedies.room_before_its_events() {
            plan_owed(connection, self.wrap, self.remedies, out);
        }
        self.queue_replay(key);
    }

    /// Moves the cursors on by what the socket took of the last plan, in bytes. A frame taken in part is kept as its
    /// rest; everything after it will be planned again.
    pub fn wrote(&mut self, key: Key, out: &Outgoing, mut taken: usize) {
        let Some(connection) = self.connections.get_mut(key) else { return };
        if !self.remedies.moved_by_what_was_taken() {
            taken = out.bytes;
        }
        for (run, piece) in out.runs.iter().zip(&out.pieces) {
            if taken == 0 {
                break;
            }
            let (begun, rest) = if taken >= run.bytes {
                taken -= run.bytes;
                (run.frames, None)
            } else {
                let (begun, ends) = begun_of(connection, run, taken, &self.lanes, self.remedies);
                (begun, Some(piece.slice(std::mem::take(&mut taken)..ends)).filter(|rest| !rest.is_empty()))
            };
            let rest = rest.filter(|_| self.remedies.rest_of_a_frame());
            if rest.is_some() || connection.own().is_some() {
                connection.own_mut().rest = rest;
            }
            advance(connection, run.source, begun, &self.lanes, self.remedies);
        }
        connection.shrink();
        if !self.remedies.untaken_again() {
            return;
        }
        // What was planned and not taken is still to be said.
        for run in &out.runs {
            if let Source::Event(index) | Source::Signal(index) = run.source {
                let behind = connection.place(index).is_some_and(|place| {
                    self.lanes.get(&place.room).is_some_and(|lane| {
                        place.cursor < next_position(connection.wire, lane) || place.signal < lane.signals.next()
                    })
                });
                if behind {
                    connection.touch(index);
                }
            }
        }
    }
}

/// How many frames of a run were begun when the socket took the first `taken` bytes of it, and where the last of them ends.
fn begun_of(connection: &Connection, run: &Run, taken: usize, lanes: &Lanes, remedies: Remedies) -> (usize, usize) {
    let place = match run.source {
        Source::Event(index) | Source::Signal(index) => connection.place(index),
        _ => None,
    };
    let Some((place, lane)) = place.and_then(|place| Some((place, lanes.get(&place.room)?))) else {
        return (run.frames, run.bytes);
    };
    let (ring, cursor) = match run.source {
        Source::Signal(_) => (&lane.signals, place.signal),
        _ => {
            // Runs were moved over in order, so the cursor stands where this one begins.
            let packed = packed_ring(connection.wire, lane)
                .filter(|packed| place.cursor >= packed.first() || !remedies.plain_before_packed());
            (packed.or_else(|| ring_of(connection.wire, lane)).unwrap_or(&lane.ring), place.cursor)
        }
    };
    // What was planned a moment ago is still in the ring.
    let first = cursor.max(ring.first());
    let (mut begun, mut ends) = (0, 0);
    while ends < taken && begun < run.frames {
        ends += ring.get(first + begun as u64).map_or(run.bytes - ends, |frame| frame.len());
        begun += 1;
    }
    (begun, ends)
}

enum Planned {
    All,
    More,
    /// The ring no longer holds what this reader wants: room and the last seq it has.
    Behind((RoomId, Seq)),
}

/// The position that the lane's next frame will have on this wire.
pub(super) fn next_position(wire: Wire, lane: &Lane) -> u64 {
    ring_of(wire, lane).map_or(0, Ring::next)
}

/// The lane's frames on this wire; where they are packed as well, what they were packed from.
fn ring_of(wire: Wire, lane: &Lane) -> Option<&Ring> {
    match wire {
        Wire::Full | Wire::Packed => Some(&lane.ring),
        Wire::Classic => lane.classic.as_ref().map(|classic| &classic.ring),
    }
}

/// The same frames packed, from some position on.
fn packed_ring(wire: Wire, lane: &Lane) -> Option<&Ring> {
    lane.packed.as_ref().filter(|_| wire == Wire::Packed)
}

/// Adds what is for a connection alone. False when that fills the write.
fn plan_own(connection: &Connection, wrap: Wrap, remedies: Remedies, out: &mut Outgoing) -> bool {
    let Some(own) = connection.own() else { return true };
    if let Some(rest) = &own.rest {
        out.add(rest, Source::Rest);
    }
    for frame in &own.private {
        if out.is_full() {
            return false;
        }
        out.add(frame, Source::Private);
    }
    if remedies.room_before_its_events() && !plan_owed(connection, wrap, remedies, out) {
        return false;
    }
    if let Replay::Feeding(_, frames) = &own.replay {
        for (_, frame) in frames {
            if out.is_full() {
                return false;
            }
            out.add(frame, Source::Replay);
        }
    }
    true
}

/// Adds what a connection is to be told about its rooms. False when that fills the write.
fn plan_owed(connection: &Connection, wrap: Wrap, remedies: Remedies, out: &mut Outgoing) -> bool {
    if remedies.welcome_first() && !connection.greeted {
        return true;
    }
    for (room, part, notice) in connection.own().into_iter().flat_map(|own| own.owed.notices()) {
        if out.is_full() {
            return false;
        }
        let frame = framed(wrap, &codec::encode(&ServerFrame::Notice { notice }));
        out.add(&frame, Source::Owed(room, part));
    }
    true
}

fn plan_place(connection: &Connection, index: u16, lane: &Lane, remedies: Remedies, out: &mut Outgoing) -> Planned {
    let Some(place) = connection.place(index) else { return Planned::All };
    let being_fed = connection.replay().is_of(place.room);
    let Some(ring) = ring_of(connection.wire, lane) else { return Planned::All };
    if !being_fed {
        if remedies.feed_from_store() && place.cursor < ring.first() {
            let after = match connection.wire {
                Wire::Full | Wire::Packed => Seq(place.cursor.saturating_sub(1)),
                Wire::Classic => place.low,
            };
            return Planned::Behind((place.room, after));
        }
        let source = Source::Event(index);
        let is_all = match packed_ring(connection.wire, lane) {
            None => plan_ring(ring, place.cursor, source, out),
            Some(packed) if remedies.plain_before_packed() => {
                let reached = plan_until(ring, place.cursor, packed.first(), source, out);
                reached >= packed.first() && plan_ring(packed, reached, source, out)
            }
            Some(packed) => plan_ring(packed, place.cursor, source, out),
        };
        if !is_all {
            return Planned::More;
        }
    }
    if !connection.wire.is_classic() && !plan_ring(&lane.signals, place.signal, Source::Signal(index), out) {
        return Planned::More;
    }
    Planned::All
}

/// Adds everything from a cursor on. False when that fills the write.
fn plan_ring(ring: &Ring, cursor: u64, source: Source, out: &mut Outgoing) -> bool {
    plan_until(ring, cursor, ring.next(), source, out) >= ring.next()
}

/// Adds what there is from a cursor on, up to a position or, where frames lie together, a little beyond it. Returns how far
/// that got: not to that position when the write is full.
fn plan_until(ring: &Ring, cursor: u64, until: u64, source: Source, out: &mut Outgoing) -> u64 {
    let mut position = cursor.max(ring.first());
    while position < until && !out.is_full() {
        let Some(piece) = ring.piece(position, limits::WRITE_BYTES_MAX - out.bytes) else { return until };
        position += piece.frames as u64;
        out.add_piece(piece, source);
    }
    position
}

/// Moves a source on by so many frames.
fn advance(connection: &mut Connection, source: Source, frames: usize, lanes: &Lanes, remedies: Remedies) {
    match source {
        Source::Rest => {}
        Source::Private => {
            connection.own_mut().private.drain(..frames);
        }
        Source::Owed(room, part) => connection.own_mut().owed.told(room, part),
        Source::Replay => (0..frames).for_each(|_| advance_replay(connection, lanes, remedies)),
        Source::Event(index) => {
            let wire = connection.wire;
            let Some(place) = connection.place_mut(index) else { return };
            place.cursor += frames as u64;
            if wire.is_classic()
                && let Some(classic) = lanes.get(&place.room).and_then(|lane| lane.classic.as_ref())
                && let Some(seq) = classic.seq_at(place.cursor - 1)
            {
                place.low = seq;
            }
        }
        Source::Signal(index) => {
            let Some(place) = connection.place_mut(index) else { return };
            let oldest = lanes.get(&place.room).map_or(0, |lane| lane.signals.first());
            place.signal = place.signal.max(oldest) + frames as u64;
        }
    }
}

fn advance_replay(connection: &mut Connection, lanes: &Lanes, remedies: Remedies) {
    let own = connection.own_mut();
    let Replay::Feeding(room, frames) = &mut own.replay else { return };
    let room = *room;
    let fed = frames.pop_front();
    let done = frames.is_empty();
    if done {
        own.replay = Replay::None;
    }
    let wire = connection.wire;
    let Some(index) = connection.place_of(room) else { return };
    if let (Some((seq, _)), Some(place)) = (fed, connection.place_mut(index)) {
        match wire {
            Wire::Full | Wire::Packed => place.cursor = seq.next().0,
            Wire::Classic => {
                place.low = seq;
                if done && let Some(lane) = lanes.get(&room) {
                    place.find_in_classic(lane, remedies);
                }
            }
        }
    }
    if done {
        connection.touch(index);
    }
}
