//! The reader of WebSocket frames: however a stream is cut and held, it hears what a second, plain reader of RFC 6455 hears,
//! ends where that one ends, and keeps no more than one frame. Where messages may be packed it hears the same of each cut, and
//! nothing longer than a message may be.
#![no_main]

mod reference;
mod script;
mod ws;

use libfuzzer_sys::fuzz_target;
use parlour_protocol::close::CloseCode;
use parlour_protocol::limits::FRAME_BYTES_MAX;
use ws::Arrival;

/// What a client said.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Heard {
    /// A whole text message.
    Text(String),
    /// A whole binary message.
    Binary(Vec<u8>),
    /// A ping with its payload.
    Ping(Vec<u8>),
    /// A pong.
    Pong,
    /// A close with its code.
    Close(Option<u16>),
}

impl Heard {
    /// How much of it there is.
    fn bytes(&self) -> usize {
        match self {
            Heard::Text(text) => text.len(),
            Heard::Binary(bytes) | Heard::Ping(bytes) => bytes.len(),
            Heard::Pong | Heard::Close(_) => 0,
        }
    }
}

/// What came of a stream.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    /// What was heard.
    heard: Vec<Heard>,
    /// Frames that were whole.
    frames: u32,
    /// The code it must be closed with.
    end: Option<CloseCode>,
}

fuzz_target!(|data: &[u8]| {
    let &[piece, grows, holds, ref script @ ..] = data else { return };
    let stream = script::stream(script);
    let wanted = reference::hear(&stream);
    let whole = Arrival { piece: stream.len(), grows: 0, holds: 0, packs: false };
    let cut = Arrival { piece: usize::from(piece), grows: usize::from(grows), holds, packs: false };
    for arrival in [whole, cut] {
        // Messages are long: only where they part is said.
        let Outcome { heard, frames, end } = ws::hear(&stream, arrival);
        let same = heard.iter().zip(&wanted.heard).take_while(|(heard, wanted)| heard == wanted).count();
        let whole = wanted.heard.len();
        assert_eq!((heard.len(), same, frames, end), (whole, whole, wanted.frames, wanted.end), "{arrival:?}");
    }
    let unpacked = ws::hear(&stream, Arrival { packs: true, ..whole });
    assert!(unpacked.heard.iter().all(|heard| heard.bytes() <= FRAME_BYTES_MAX));
    assert!(unpacked == ws::hear(&stream, Arrival { packs: true, ..cut }), "packed messages depend on {cut:?}");
});
