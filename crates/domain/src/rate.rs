//! A token bucket in integers; time is an argument.

/// When to try again, in milliseconds from now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RetryAfterMs(pub u32);

/// So many at once, and one more each `every_ms`. Exact: a thousandth of a token is a millisecond's share.
#[derive(Clone, Debug)]
pub struct Bucket {
    every_micros: u64,
    capacity_micros: u64,
    /// Tokens held, measured in the time it takes to earn them.
    held_micros: u64,
    at_ms: u64,
}

impl Bucket {
    /// A full bucket that earns `per_second` tokens a second and holds `burst`.
    ///
    /// # Panics
    /// When `per_second` is 0.
    #[must_use]
    pub fn per_second(per_second: u32, burst: u32, now_ms: u64) -> Bucket {
        Bucket::new(1_000_000 / u64::from(per_second), burst, now_ms)
    }

    /// A full bucket that earns a token each `every_ms` and holds `burst`.
    #[must_use]
    pub fn every(every_ms: u64, burst: u32, now_ms: u64) -> Bucket {
        Bucket::new(every_ms * 1_000, burst, now_ms)
    }

    fn new(every_micros: u64, burst: u32, now_ms: u64) -> Bucket {
        let capacity_micros = every_micros * u64::from(burst);
        Bucket { every_micros, capacity_micros, held_micros: capacity_micros, at_ms: now_ms }
    }

    /// Takes one token.
    ///
    /// # Errors
    /// How long to wait until there is one; nothing is taken then.
    pub fn take(&mut self, now_ms: u64) -> Result<(), RetryAfterMs> {
        let earned = now_ms.saturating_sub(self.at_ms).saturating_mul(1_000);
        self.at_ms = self.at_ms.max(now_ms);
        self.held_micros = self.held_micros.saturating_add(earned).min(self.capacity_micros);
        match self.held_micros.checked_sub(self.every_micros) {
            Some(left) => {
                self.held_micros = left;
                Ok(())
            }
            None => {
                let wait_ms = (self.every_micros - self.held_micros).div_ceil(1_000);
                Err(RetryAfterMs(u32::try_from(wait_ms).unwrap_or(u32::MAX)))
            }
        }
    }

    /// Puts back one that was taken for what turned out to cost nothing.
    pub fn give_back(&mut self) {
        self.held_micros = self.held_micros.saturating_add(self.every_micros).min(self.capacity_micros);
    }

    /// Whether it is full again, so that it can be forgotten without anyone gaining by it.
    #[must_use]
    pub fn is_full(&self, now_ms: u64) -> bool {
        let earned = now_ms.saturating_sub(self.at_ms).saturating_mul(1_000);
        self.held_micros.saturating_add(earned) >= self.capacity_micros
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_burst_is_given_at_once_and_then_the_rate_holds() {
        let mut bucket = Bucket::per_second(5, 20, 0);
        assert_eq!((0..30).filter(|_| bucket.take(0).is_ok()).count(), 20);
        assert_eq!(bucket.take(0), Err(RetryAfterMs(200)));
        assert_eq!(bucket.take(199), Err(RetryAfterMs(1)));
        assert_eq!(bucket.take(200), Ok(()));
        assert_eq!((0..100u64).filter(|tenth| bucket.take(200 + tenth * 100).is_ok()).count(), 49);
    }

    #[test]
    fn what_is_given_back_can_be_taken_again_and_no_more_than_that() {
        let mut bucket = Bucket::every(1_000, 2, 0);
        assert!(bucket.take(0).is_ok() && bucket.take(0).is_ok() && bucket.take(0).is_err());
        bucket.give_back();
        assert!(bucket.take(0).is_ok() && bucket.take(0).is_err());
        (0..5).for_each(|_| bucket.give_back());
        assert_eq!((0..5).filter(|_| bucket.take(0).is_ok()).count(), 2);
    }

    #[test]
    fn waiting_long_fills_it_only_to_the_burst_and_time_never_runs_back() {
        let mut bucket = Bucket::every(1_000, 3, 0);
        assert!(bucket.take(1_000_000).is_ok());
        assert!(bucket.take(5).is_ok() && bucket.take(5).is_ok());
        assert!(bucket.take(5).is_err());
        assert!(!bucket.is_full(1_000_000) && bucket.is_full(1_003_000));
    }
}
