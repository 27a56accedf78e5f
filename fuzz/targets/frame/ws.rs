//! The house's own reader of frames, compiled from its files, and fed as a socket feeds it: in pieces, and held at times.

#[allow(dead_code)]
#[path = "../../../crates/server/src/ws/bounds.rs"]
pub(crate) mod bounds;
#[allow(dead_code)]
#[path = "../../../crates/server/src/ws/frame.rs"]
pub(crate) mod frame;
#[allow(dead_code)]
#[path = "../../../crates/server/src/ws/inflating.rs"]
pub(crate) mod inflating;
#[allow(dead_code)]
#[path = "../../../crates/server/src/ws/message.rs"]
pub(crate) mod message;
#[allow(dead_code)]
#[path = "../../../crates/server/src/ws/split.rs"]
pub(crate) mod split;

use inflating::Inflater;
use message::{Assembler, Incoming};
use split::{Flow, split};

use crate::{Heard, Outcome};

/// The longest header there is: two bytes, eight of length, four of mask.
const HEADER_BYTES_MAX: usize = 14;

/// How a stream arrives.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival {
    /// The pieces are this long …
    pub(crate) piece: usize,
    /// … and each of them this much longer than the one before, up to twice that.
    pub(crate) grows: usize,
    /// Of each eight frames those whose bit is set are held once before they are taken.
    pub(crate) holds: u8,
    /// Messages may be packed.
    pub(crate) packs: bool,
}

/// What comes of a stream that arrives so.
pub(crate) fn hear(stream: &[u8], arrival: Arrival) -> Outcome {
    let mut inflater = arrival.packs.then(Inflater::new);
    let (mut assembler, mut partial, mut heard) = (Assembler::default(), Vec::new(), Vec::new());
    let (mut rest, mut piece) = (stream, arrival.piece.max(1));
    let (mut frames, mut held) = (0, false);
    while !rest.is_empty() {
        let (now, later) = rest.split_at(piece.min(rest.len()));
        rest = later;
        piece = if piece > arrival.piece * 2 { arrival.piece.max(1) } else { piece + arrival.grows };
        partial.extend_from_slice(now);
        loop {
            let take = |incoming: Incoming<'_>| {
                heard.push(owned(&incoming));
                Flow::Go
            };
            let before = |_| {
                held = !held && arrival.holds >> (frames % 8) & 1 == 1;
                frames += u32::from(!held);
                if held { Flow::Hold } else { Flow::Go }
            };
            let (used, flow) = split(&mut partial, &mut assembler, inflater.as_mut(), 0, take, before);
            partial.drain(..used);
            match flow {
                Flow::Go => break,
                Flow::Hold => {}
                Flow::Close(code) | Flow::Fail(code) => return Outcome { heard, frames, end: Some(code) },
            }
        }
        assert!(partial.len() < bounds::FRAME_BYTES_MAX + HEADER_BYTES_MAX, "{} bytes are kept", partial.len());
    }
    Outcome { heard, frames, end: None }
}

fn owned(incoming: &Incoming<'_>) -> Heard {
    match incoming {
        Incoming::Text(text) => Heard::Text((*text).to_owned()),
        Incoming::Binary(bytes) => Heard::Binary(bytes.to_vec()),
        Incoming::Ping(payload) => Heard::Ping(payload.to_vec()),
        Incoming::Pong => Heard::Pong,
        Incoming::Close(code) => Heard::Close(*code),
    }
}
