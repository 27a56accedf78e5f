//! The limits of one connection (S94): frames a second, and when it is far over them.

use parlour_engine::rate::{Bucket, RetryAfterMs};
use parlour_protocol::limits;

/// Ten times over the limit is no accident any more (CON-10): so many refused frames are forgiven for each that is fine…
const FORGIVEN_PER_FRAME: u32 = 10;
/// … and above so many that are not, the connection ends.
const OVERUSE_MAX: u32 = limits::FRAMES_BURST * FORGIVEN_PER_FRAME;

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
                self.refused = self.refused.saturating_sub(FORGIVEN_PER_FRAME);
                Verdict::Fine
            }
            Err(wait) => {
                self.refused += 1;
                if self.refused > OVERUSE_MAX { Verdict::FarOver } else { Verdict::Slower(wait) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When a client that sends so many frames a second is closed, within a minute.
    fn closed_after_ms(per_second: u64) -> Option<u64> {
        let mut rates = Rates::new(0);
        let frames = (0..60 * per_second).map(|frame| frame * 1_000 / per_second);
        frames.into_iter().find(|at_ms| rates.frame(*at_ms) == Verdict::FarOver)
    }

    #[test]
    fn con_10_ten_times_over_the_rate_is_the_end_and_nine_times_is_not() {
        assert_eq!(closed_after_ms(180), None);
        assert!(closed_after_ms(230).is_some());
        assert!(closed_after_ms(2_000).is_some_and(|at_ms| at_ms < 1_000), "{:?}", closed_after_ms(2_000));
        assert!(closed_after_ms(100_000).is_some_and(|at_ms| at_ms < 20));
    }
}
