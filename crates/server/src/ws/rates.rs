//! The limits of one connection (S94): frames a second, and when it is far over them.

use parlour_engine::rate::{Bucket, RetryAfterMs};
use parlour_protocol::limits;

/// Ten times over the limit is no accident any more (CON-10).
const FAR_OVER: u32 = 10;

/// How fast one connection may speak.
pub(super) struct Rates {
    frames: Bucket,
    /// Ten times as large: who empties this one is not only fast.
    patience: Bucket,
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
        let bucket =
            |times| Bucket::per_second(limits::FRAMES_PER_SECOND * times, limits::FRAMES_BURST * times, now_ms);
        Rates { frames: bucket(1), patience: bucket(FAR_OVER) }
    }

    /// Counts one frame.
    pub(super) fn frame(&mut self, now_ms: u64) -> Verdict {
        match (self.patience.take(now_ms), self.frames.take(now_ms)) {
            (Err(_), _) => Verdict::FarOver,
            (Ok(()), Err(wait)) => Verdict::Slower(wait),
            (Ok(()), Ok(())) => Verdict::Fine,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The verdicts of `per_second` frames a second for ten seconds.
    fn verdicts(per_second: u64) -> Vec<Verdict> {
        let mut rates = Rates::new(0);
        (0..per_second * 10).map(|n| rates.frame(n * 1_000 / per_second)).collect()
    }

    #[test]
    fn con_10_a_fast_connection_is_slowed_and_one_ten_times_too_fast_is_sent_away() {
        assert!(verdicts(20).iter().all(|verdict| *verdict == Verdict::Fine));
        let fast = verdicts(150);
        assert!(fast.iter().any(|verdict| matches!(verdict, Verdict::Slower(_))));
        assert!(!fast.contains(&Verdict::FarOver));
        assert!(verdicts(400).contains(&Verdict::FarOver));
    }
}
