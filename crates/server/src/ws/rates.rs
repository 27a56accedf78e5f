//! The limits of one connection (S94): frames a second, and when it is far over them.

use parlour_engine::rate::{Bucket, RetryAfterMs};
use parlour_protocol::limits;

/// Ten times over the limit is no accident any more (CON-10).
const FAR_OVER: u32 = 10;

/// How fast one connection may speak. Who has said nothing of late has both buckets full, and no memory for them.
#[derive(Default)]
pub(super) struct Rates(Option<Box<Buckets>>);

struct Buckets {
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

impl Buckets {
    fn full(now_ms: u64) -> Buckets {
        let bucket =
            |times| Bucket::per_second(limits::FRAMES_PER_SECOND * times, limits::FRAMES_BURST * times, now_ms);
        Buckets { frames: bucket(1), patience: bucket(FAR_OVER) }
    }
}

impl Rates {
    /// Lets the buckets go where both are full.
    pub(super) fn rest(&mut self, now_ms: u64) {
        let is_full = |buckets: &mut Box<Buckets>| buckets.frames.is_full(now_ms) && buckets.patience.is_full(now_ms);
        drop(self.0.take_if(is_full));
    }

    /// Counts one frame.
    pub(super) fn frame(&mut self, now_ms: u64) -> Verdict {
        let buckets = self.0.get_or_insert_with(|| Box::new(Buckets::full(now_ms)));
        match (buckets.patience.take(now_ms), buckets.frames.take(now_ms)) {
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
        let mut rates = Rates::default();
        let at = |n| n * 1_000 / per_second;
        (0..per_second * 10).map(|n| (rates.rest(at(n)), rates.frame(at(n))).1).collect()
    }

    #[test]
    fn s94_buckets_that_are_full_again_take_no_memory_and_no_sooner() {
        let mut rates = Rates::default();
        rates.frame(0);
        rates.rest(0);
        assert!(rates.0.is_some());
        rates.rest(1_000);
        assert!(rates.0.is_none());
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
