//! Who is here, said calmly: a reload is neither a coming nor a going (SIG-2).

use std::collections::{BTreeMap, BTreeSet};

use parlour_protocol::{UserId, limits};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// With so many connections.
    Here(u32),
    /// The last connection closed at this time; nobody was told yet.
    Leaving(u64),
    /// Everybody was told; away since this time.
    Away(u64),
}

/// The comings and goings of people. Remembers nobody longer than [`limits::JOINED_AFTER_MS`] after they went.
#[derive(Debug, Default)]
pub struct Presence {
    people: BTreeMap<UserId, Standing>,
    /// When somebody's standing changes by itself.
    due: BTreeSet<(u64, UserId)>,
}

impl Presence {
    /// A connection opened. True when that is an arrival worth telling: the first after at least 90 s away.
    pub fn opened(&mut self, user: UserId, now_ms: u64) -> bool {
        let away_for_long = |since: u64| now_ms.saturating_sub(since) >= limits::JOINED_AFTER_MS;
        let before = self.people.get(&user).copied();
        let connections = match before {
            Some(Standing::Here(connections)) => connections + 1,
            Some(Standing::Leaving(_) | Standing::Away(_)) | None => 1,
        };
        self.people.insert(user, Standing::Here(connections));
        match before {
            None => true,
            // Whether or not `went` has forgotten them already.
            Some(Standing::Away(since)) => away_for_long(since),
            Some(Standing::Here(_) | Standing::Leaving(_)) => false,
        }
    }

    /// A connection closed.
    pub fn closed(&mut self, user: UserId, now_ms: u64) {
        match self.people.get_mut(&user) {
            Some(Standing::Here(connections)) if *connections > 1 => *connections -= 1,
            Some(standing @ Standing::Here(_)) => {
                *standing = Standing::Leaving(now_ms);
                self.due.insert((now_ms + limits::LEFT_AFTER_MS, user));
            }
            _ => {}
        }
    }

    /// A person has another id from now on, and is where they were.
    pub fn renamed(&mut self, before: UserId, now: UserId) {
        let Some(standing) = self.people.remove(&before) else { return };
        self.people.insert(now, standing);
        let at_ms = match standing {
            Standing::Here(_) => return,
            Standing::Leaving(since) => since + limits::LEFT_AFTER_MS,
            Standing::Away(since) => since + limits::JOINED_AFTER_MS,
        };
        if self.due.remove(&(at_ms, before)) {
            self.due.insert((at_ms, now));
        }
    }

    /// The people who have been gone for 30 s by now and were not told of before.
    pub fn went(&mut self, now_ms: u64) -> Vec<UserId> {
        let mut went = Vec::new();
        while let Some(&(at_ms, user)) = self.due.first()
            && at_ms <= now_ms
        {
            self.due.pop_first();
            match self.people.get(&user).copied() {
                Some(Standing::Leaving(since)) if since + limits::LEFT_AFTER_MS == at_ms => {
                    self.people.insert(user, Standing::Away(since));
                    self.due.insert((since + limits::JOINED_AFTER_MS, user));
                    went.push(user);
                }
                Some(Standing::Away(since)) if since + limits::JOINED_AFTER_MS <= now_ms => {
                    self.people.remove(&user);
                }
                _ => {}
            }
        }
        went
    }
}

/// Keeps a crowd arriving from costing n² frames on the classic wire (OLD-8).
#[derive(Debug, Default)]
pub struct NoticeLimiter {
    second: u64,
    told: u32,
}

impl NoticeLimiter {
    /// Whether a notice may go to everyone: always up to [`limits::NOTICES_AT_ONCE_MAX`] present, above that
    /// [`limits::NOTICES_PER_SECOND_MAX`] times in each second.
    pub fn may_tell(&mut self, present: usize, now_ms: u64) -> bool {
        if present <= limits::NOTICES_AT_ONCE_MAX {
            return true;
        }
        let second = now_ms / 1_000;
        if second != self.second {
            (self.second, self.told) = (second, 0);
        }
        self.told += 1;
        self.told <= limits::NOTICES_PER_SECOND_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: UserId = UserId(7);

    #[test]
    fn sig_2_a_reload_is_neither_a_coming_nor_a_going() {
        let mut presence = Presence::default();
        assert!(presence.opened(ADA, 0));
        for reload in 1..6 {
            presence.closed(ADA, reload * 1_000);
            assert!(!presence.opened(ADA, reload * 1_000 + 500));
        }
        assert_eq!(presence.went(60_000), []);
    }

    #[test]
    fn sig_2_a_going_is_told_once_after_30_s_and_a_coming_after_90_s() {
        let mut presence = Presence::default();
        presence.opened(ADA, 0);
        presence.closed(ADA, 1_000);
        assert_eq!(presence.went(30_999), []);
        assert_eq!(presence.went(31_000), [ADA]);
        assert_eq!(presence.went(32_000), []);
        assert!(!presence.opened(ADA, 60_000), "away for 59 s only");
        presence.closed(ADA, 61_000);
        assert_eq!(presence.went(91_000), [ADA]);
        assert!(presence.opened(ADA, 151_000), "away for 90 s");
    }

    #[test]
    fn sig_2_the_last_of_several_connections_counts() {
        let mut presence = Presence::default();
        presence.opened(ADA, 0);
        presence.opened(ADA, 0);
        presence.closed(ADA, 1_000);
        assert_eq!(presence.went(100_000), []);
    }

    #[test]
    fn sig_2_another_id_is_neither_a_coming_nor_a_going_and_goes_when_its_person_goes() {
        const ROW: UserId = UserId(8);
        let mut presence = Presence::default();
        presence.opened(ADA, 0);
        presence.renamed(ADA, ROW);
        presence.closed(ROW, 1_000);
        presence.renamed(ROW, ADA);
        assert_eq!(presence.went(31_000), [ADA]);
        presence.renamed(ADA, ROW);
        assert!(!presence.opened(ROW, 60_000), "away for 59 s only");
        presence.closed(ROW, 60_000);
        assert_eq!(presence.went(90_000), [ROW]);
        assert_eq!(presence.went(150_000), []);
        assert!(presence.people.is_empty() && presence.due.is_empty());
    }

    #[test]
    fn sig_2_nobody_is_remembered_for_ever() {
        let mut presence = Presence::default();
        for user in 0..1_000 {
            presence.opened(UserId(user), 0);
            presence.closed(UserId(user), 0);
        }
        assert_eq!(presence.went(30_000).len(), 1_000);
        assert_eq!(presence.went(90_000), []);
        assert!(presence.people.is_empty() && presence.due.is_empty());
    }

    #[test]
    fn old_8_a_crowd_hears_ten_notices_a_second_and_a_few_people_all() {
        let mut limiter = NoticeLimiter::default();
        assert!((0..1_000).all(|_| limiter.may_tell(200, 0)));
        assert_eq!((0..1_000).filter(|_| limiter.may_tell(201, 5_000)).count(), 10);
        assert!(limiter.may_tell(10_000, 6_000));
    }
}
