//! Who waits for a password to be hashed: three lines that are served in turn. Strangers can fill theirs, from as many addresses as
//! they have, and nobody in the other two waits for more than one of them at a time (S23).

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use parlour_protocol::{Role, User, UserId, limits};
use parlour_store::TokenHash;

/// For whom something is hashed, as far as that was proved before it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asker {
    /// Anybody.
    Stranger,
    /// A browser that the account knows, or somebody inside.
    Account(UserId),
    /// The same for an account that looks after the house.
    Office(UserId),
    /// Who has a link into the house that holds.
    Link(TokenHash),
    /// Who has the link that makes the house theirs.
    OwnerLink,
}

impl Asker {
    /// Somebody who is known to be this person, or to come from where they came from before.
    pub(crate) fn known(user: &User) -> Asker {
        match user.role {
            Role::Owner | Role::Administrator => Asker::Office(user.id),
            Role::Member | Role::Guest | Role::Bot => Asker::Account(user.id),
        }
    }

    fn line(self) -> usize {
        match self {
            Asker::Stranger => STRANGERS,
            Asker::Account(_) | Asker::Link(_) => 1,
            Asker::Office(_) | Asker::OwnerLink => 2,
        }
    }
}

/// The line of strangers.
const STRANGERS: usize = 0;
const LINES: usize = 3;

/// What came of waiting for work.
pub(crate) enum Next<J> {
    /// This is to be done.
    Do(J),
    /// There was nothing to do for that long.
    Idle,
    /// There never will be anything again.
    Closed,
}

/// The lines.
pub(crate) struct Line<J> {
    waiting: Mutex<Waiting<J>>,
    news: Condvar,
}

struct Waiting<J> {
    lines: [VecDeque<(Asker, J)>; LINES],
    /// Which is served next, if anybody stands there.
    turn: usize,
    closed: bool,
}

impl<J> Default for Line<J> {
    fn default() -> Line<J> {
        let waiting = Waiting { lines: std::array::from_fn(|_| VecDeque::new()), turn: 0, closed: false };
        Line { waiting: Mutex::new(waiting), news: Condvar::new() }
    }
}

impl<J> Line<J> {
    /// Lets somebody wait, or says that too many do. Who has as many places as one may have in their line, or finds it full, stands
    /// among the strangers: it is never worse to be known.
    pub(crate) fn stand(&self, asker: Asker, job: J) -> bool {
        let mut waiting = self.lock();
        let is_full = |line: &VecDeque<_>| line.len() >= limits::HASHES_WAITING_MAX;
        let own = &waiting.lines[asker.line()];
        let places = own.iter().filter(|(other, _)| *other == asker).count();
        let line = match asker.line() {
            own_line if places < limits::HASHES_WAITING_EACH_MAX && !is_full(own) => own_line,
            _ => STRANGERS,
        };
        if is_full(&waiting.lines[line]) {
            return false;
        }
        waiting.lines[line].push_back((asker, job));
        drop(waiting);
        self.news.notify_one();
        true
    }

    /// Takes the next one, waiting for it this long.
    pub(crate) fn next(&self, patience: Duration) -> Next<J> {
        let until = Instant::now() + patience;
        let mut waiting = self.lock();
        loop {
            if let Some(job) = waiting.take() {
                return Next::Do(job);
            }
            if waiting.closed {
                return Next::Closed;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Next::Idle;
            }
            waiting = self.news.wait_timeout(waiting, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Nobody comes any more.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.news.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Waiting<J>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<J> Waiting<J> {
    fn take(&mut self) -> Option<J> {
        for step in 0..LINES {
            let line = (self.turn + step) % LINES;
            if let Some((_, job)) = self.lines[line].pop_front() {
                self.turn = (line + 1) % LINES;
                return Some(job);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who is served in which order, by what they brought.
    fn served(line: &Line<u32>) -> Vec<u32> {
        std::iter::from_fn(|| match line.next(Duration::ZERO) {
            Next::Do(job) => Some(job),
            Next::Idle | Next::Closed => None,
        })
        .collect()
    }

    #[test]
    fn s23_who_is_known_waits_for_one_of_each_other_line_however_full_these_are() {
        let line = Line::default();
        while line.stand(Asker::Stranger, 0) {}
        for member in 0..1_000 {
            line.stand(Asker::Account(UserId(member)), 1);
        }
        assert!(line.stand(Asker::Office(UserId(1)), 2), "an owner");
        assert!(line.stand(Asker::OwnerLink, 2), "or who becomes one");
        let places: Vec<usize> =
            served(&line).iter().enumerate().filter(|(_, job)| **job == 2).map(|(place, _)| place).collect();
        assert_eq!(places, [2, 5]);
    }

    #[test]
    fn s23_one_account_has_two_places_in_its_line_and_then_those_of_anybody() {
        let line = Line::default();
        assert!((0..3).all(|_| line.stand(Asker::Account(UserId(1)), 1)), "the third stands among the strangers");
        while line.stand(Asker::Stranger, 0) {}
        assert!(!line.stand(Asker::Account(UserId(1)), 1));
        assert!(line.stand(Asker::Account(UserId(2)), 2) && line.stand(Asker::Link([7; 32]), 3));
        let served = served(&line);
        assert_eq!(served[..6], [1, 1, 0, 1, 0, 2], "in turn: {served:?}");
        assert_eq!(served.len(), limits::HASHES_WAITING_MAX + 4);
    }

    #[test]
    fn who_waits_is_told_that_nobody_comes_any_more() {
        let line = Line::<u32>::default();
        line.close();
        assert!(matches!(line.next(Duration::from_secs(60)), Next::Closed));
    }
}
