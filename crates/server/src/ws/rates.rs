//! The limits of one connection (S94): frames a second, and when it is far over them.

use parlour_engine::rate::{Bucket, RetryAfterMs};
use parlour_protocol::limits;

/// Ten times over the limit is no accident any more (CON-10).
const OVERUSE_MAX: u32 = limits::FRAMES_BURST * 10;

/// How fast one connection may speak.
pub(super) struct Rates {
    frames: Bucket,
    refused: u32,
}

/// What became of one frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Fine,
    Slower(RetryAfterMs),
    /// Close with 4009.
    FarOver,
}

impl Rates {
    pub(super) fn new(now_ms: u64) -> Rates {
        Rates { frames: Bucket::per_second(limits::FRAMES_PER_SECOND, limits::FRAMES_BURST, now_ms), refused: 0 }
    }

    /// Counts one frame.
    pub(super) fn frame(&mut self, now_ms: u64) -> Verdict {
        match self.frames.take(now_ms) {
            Ok(()) => {
                self.refused = 0;
                Verdict::Fine
            }
            Err(wait) => {
                self.refused += 1;
                if self.refused > OVERUSE_MAX { Verdict::FarOver } else { Verdict::Slower(wait) }
            }
        }
    }
}
