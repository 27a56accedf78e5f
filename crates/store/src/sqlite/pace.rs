//! When commits are worth spacing: many people write, each a little, in rooms of their own.
//!
//! A commit costs the writer's thread the same whether it holds one message or twenty, and so does the turn of the sockets
//! that follows it. A thousand rooms of twenty people with 2,000 messages a second cost 390 µs of processor time a message
//! with a commit for each. Nobody who writes alone, and no few who answer each other, are ever waited with.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use parlour_protocol::UserId;

/// So many writes are looked back on.
const LOOKED_BACK: usize = 32;
/// They came within this time,
const WITHIN: Duration = Duration::from_millis(32);
/// and from so many people at least.
const PEOPLE: usize = 16;
/// Then a batch waits until so long after the last one began,
const APART: Duration = Duration::from_millis(3);
/// or until it has so many writes.
pub(super) const ENOUGH: usize = 16;

/// What was written of late.
#[derive(Debug, Default)]
pub(super) struct Pace {
    recent: VecDeque<(Instant, UserId)>,
    began: Option<Instant>,
}

impl Pace {
    /// Notes a write.
    pub(super) fn note(&mut self, by: UserId, now: Instant) {
        if self.recent.len() == LOOKED_BACK {
            self.recent.pop_front();
        }
        self.recent.push_back((now, by));
    }

    /// Until when a batch that has so few writes may wait for more.
    pub(super) fn waits_until(&self, now: Instant) -> Option<Instant> {
        let (oldest, _) = self.recent.front()?;
        let is_busy = self.recent.len() == LOOKED_BACK && now < *oldest + WITHIN;
        let until = self.began? + APART;
        (is_busy && now < until && self.people() >= PEOPLE).then_some(until)
    }

    /// A batch begins.
    pub(super) fn begin(&mut self, now: Instant) {
        self.began = Some(now);
    }

    fn people(&self) -> usize {
        let mut people: Vec<UserId> = self.recent.iter().map(|(_, by)| *by).collect();
        people.sort_unstable();
        people.dedup();
        people.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a batch waits after so many people wrote in turn, so far apart, and one began just now.
    fn waits(people: u64, apart: Duration) -> bool {
        let (mut pace, mut now) = (Pace::default(), Instant::now());
        for n in 0..100 {
            now += apart;
            pace.note(UserId(n % people), now);
        }
        pace.begin(now);
        pace.waits_until(now).is_some()
    }

    #[test]
    fn g19_only_a_steady_stream_of_many_people_waits_for_company() {
        let (busy, slow) = (Duration::from_micros(500), Duration::from_millis(2));
        assert!(waits(100, busy));
        assert!(!waits(100, slow), "not that many write");
        assert!(!waits(1, busy), "one who writes alone");
        assert!(!waits(8, busy), "a few who answer each other");
    }

    #[test]
    fn g19_nobody_waits_longer_than_from_the_last_batch_on() {
        let (mut pace, now) = (Pace::default(), Instant::now());
        (0..100).for_each(|n| pace.note(UserId(n), now));
        pace.begin(now);
        assert_eq!(pace.waits_until(now + APART / 2), Some(now + APART));
        assert_eq!(pace.waits_until(now + APART), None);
    }
}
