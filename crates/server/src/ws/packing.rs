//! Frames made smaller for those who agreed to it (RFC 7692): each by itself, so that its bytes are the same for every reader.

use std::fmt::{self, Debug, Formatter};

use miniz_oxide::DataFormat;
use miniz_oxide::deflate::CompressionLevel;
use miniz_oxide::deflate::core::{CompressorOxide, TDEFLFlush, TDEFLStatus, compress};
use parlour_engine::hub::Pack;

use super::frame;

/// A smaller payload is sent as it is: an event of a few words is hardly made smaller (ADR 8).
const PACKED_FROM_BYTES: usize = 200;
/// The end of each packed message, which is not sent (§7.2.1).
const TAIL: [u8; 4] = [0x00, 0x00, 0xFF, 0xFF];

/// Packs the frames of a shard's rooms.
pub(crate) struct Packer {
    state: CompressorOxide,
    out: Vec<u8>,
}

impl Packer {
    pub(crate) fn new() -> Packer {
        Packer { state: fresh(), out: Vec::new() }
    }

    /// The payload packed; none when that makes it no smaller.
    pub(super) fn deflate(&mut self, payload: &[u8]) -> Option<&[u8]> {
        // What does not fit is not wanted; it is the tail that is not sent.
        self.out.resize(payload.len() + TAIL.len(), 0);
        // A full flush: nothing that follows refers to this.
        let (status, taken, given) = compress(&mut self.state, payload, &mut self.out, TDEFLFlush::Full);
        if status != TDEFLStatus::Okay || taken < payload.len() || given == self.out.len() {
            self.state = fresh();
            return None;
        }
        self.out[..given].strip_suffix(&TAIL)
    }
}

impl Pack for Packer {
    fn pack(&mut self, frame: &[u8], buffer: &mut Vec<u8>) {
        let payload = frame::payload(frame);
        let packed = if payload.len() < PACKED_FROM_BYTES { None } else { self.deflate(payload) };
        match packed {
            Some(packed) => frame::packed_text(packed, buffer),
            None => buffer.extend_from_slice(frame),
        }
    }
}

impl Debug for Packer {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Packer").finish_non_exhaustive()
    }
}

fn fresh() -> CompressorOxide {
    CompressorOxide::with_format_and_level(DataFormat::Raw, CompressionLevel::BestSpeed)
}
