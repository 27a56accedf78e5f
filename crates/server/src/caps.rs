//! How many connections one address may hold, and all together (S93).

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// An address as it is counted: IPv4 whole, IPv6 by its /64, which is one household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Household([u8; 16]);

impl Household {
    pub(crate) fn of(address: IpAddr) -> Household {
        match address.to_canonical() {
            IpAddr::V4(v4) => Household(v4.to_ipv6_mapped().octets()),
            IpAddr::V6(v6) => {
                let mut octets = v6.octets();
                octets[8..].fill(0);
                Household(octets)
            }
        }
    }

    /// As a number, for those who count by it without knowing what it is.
    pub(crate) fn number(self) -> u128 {
        u128::from_be_bytes(self.0)
    }
}

/// How many connections there may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Most {
    /// Of the whole server; what the system gives in descriptors, at most `limits::CONNECTIONS_MAX`.
    pub(crate) total: usize,
    /// Of one address, signed in.
    pub(crate) signed_in: usize,
    /// Of one address, not signed in.
    pub(crate) anonymous: usize,
    /// Whether those by address hold; the total always does.
    pub(crate) by_address: bool,
}

/// Connections of one address above its anonymous ones, for requests that carry a session: the strangers of a school must
/// not shut out those of it who have one.
const UNPROVEN_MAX: usize = 64;
/// Those who have not signed in may hold one part in so many of the total.
const ANONYMOUS_SHARE: usize = 10;

#[derive(Debug, Default)]
struct Held {
    anonymous: usize,
    signed_in: usize,
    unproven: usize,
}

#[derive(Debug, Default)]
struct Counts {
    total: usize,
    anonymous: usize,
    households: HashMap<Household, Held>,
}

/// The count of open connections.
#[derive(Debug)]
pub(crate) struct Caps {
    most: Most,
    counts: Mutex<Counts>,
}

/// Under what a connection is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// A proxy's: many people's, counted in the total alone.
    Shared,
    Anonymous(Household),
    /// Above the anonymous ones, until a session is shown.
    Unproven(Household),
    SignedIn(Household),
}

impl Caps {
    pub(crate) fn new(most: Most) -> Arc<Caps> {
        Arc::new(Caps { most, counts: Mutex::default() })
    }

    /// Counts a new connection until its guard is dropped; none when there are too many. A trusted proxy's connections
    /// are many people's: they are counted by address when it is known whose each is.
    pub(crate) fn enter(self: &Arc<Self>, address: IpAddr, is_proxy: bool) -> Option<Guard> {
        let mut counts = self.lock();
        if counts.total >= self.most.total {
            return None;
        }
        let household = Household::of(address);
        let places: &[Place] =
            if is_proxy { &[Place::Shared] } else { &[Place::Anonymous(household), Place::Unproven(household)] };
        let place = places.iter().copied().find(|place| self.admits(&counts, *place))?;
        counts.total += 1;
        counts.add(place);
        drop(counts);
        Some(Guard { caps: Arc::clone(self), place: Mutex::new(place) })
    }

    fn admits(&self, counts: &Counts, place: Place) -> bool {
        let of = |household| counts.households.get(&household);
        match place {
            _ if !self.most.by_address => true,
            Place::Shared => true,
            Place::Anonymous(household) => {
                of(household).is_none_or(|held| held.anonymous < self.most.anonymous)
                    && counts.anonymous < self.most.total.div_ceil(ANONYMOUS_SHARE)
            }
            Place::Unproven(household) => of(household).is_none_or(|held| held.unproven < UNPROVEN_MAX),
            Place::SignedIn(household) => of(household).is_none_or(|held| held.signed_in < self.most.signed_in),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counts {
    fn add(&mut self, place: Place) {
        match place {
            Place::Shared => {}
            Place::Anonymous(household) => {
                self.anonymous += 1;
                self.households.entry(household).or_default().anonymous += 1;
            }
            Place::Unproven(household) => self.households.entry(household).or_default().unproven += 1,
            Place::SignedIn(household) => self.households.entry(household).or_default().signed_in += 1,
        }
    }

    fn remove(&mut self, place: Place) {
        let household = match place {
            Place::Shared => return,
            Place::Anonymous(household) | Place::Unproven(household) | Place::SignedIn(household) => household,
        };
        let Some(held) = self.households.get_mut(&household) else { return };
        match place {
            Place::Anonymous(_) => {
                self.anonymous -= 1;
                held.anonymous -= 1;
            }
            Place::Unproven(_) => held.unproven -= 1,
            Place::Shared | Place::SignedIn(_) => held.signed_in -= 1,
        }
        if held.anonymous == 0 && held.signed_in == 0 && held.unproven == 0 {
            self.households.remove(&household);
        }
    }
}

/// One counted connection.
#[derive(Debug)]
pub(crate) struct Guard {
    caps: Arc<Caps>,
    place: Mutex<Place>,
}

impl Guard {
    /// Counts the connection under the larger allowance of people with a session; false when that is used up too. A
    /// proxy's connection, which carries many people's requests, stays where it is.
    pub(crate) fn sign_in(&self, household: Household) -> bool {
        *self.place() == Place::Shared || self.move_to(Place::SignedIn(household))
    }

    /// Whether this connection is there only for who shows a session.
    pub(crate) fn is_unproven(&self) -> bool {
        matches!(*self.place(), Place::Unproven(_))
    }

    /// Counts an upgraded connection, which is one person's even through a proxy; false when there are too many.
    pub(crate) fn settle(&self, household: Household, signed_in: bool) -> bool {
        self.move_to(if signed_in { Place::SignedIn(household) } else { Place::Anonymous(household) })
    }

    fn move_to(&self, to: Place) -> bool {
        let mut place = self.place();
        if *place == to {
            return true;
        }
        let mut counts = self.caps.lock();
        if !self.caps.admits(&counts, to) {
            return false;
        }
        counts.remove(*place);
        counts.add(to);
        *place = to;
        true
    }

    fn place(&self) -> MutexGuard<'_, Place> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let place = *self.place();
        let mut counts = self.caps.lock();
        counts.total -= 1;
        counts.remove(place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn most(total: usize) -> Most {
        Most { total, signed_in: 100, anonymous: 64, by_address: true }
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn s93_an_address_holds_64_anonymous_connections_and_more_once_signed_in() {
        let caps = Caps::new(most(10_000));
        let here = address("192.0.2.1");
        let mut guards: Vec<Guard> = (0..64).filter_map(|_| caps.enter(here, false)).collect();
        assert!(guards.iter().all(|guard| !guard.is_unproven()));
        let more: Vec<Guard> = (0..100).filter_map(|_| caps.enter(here, false)).collect();
        assert!(more.len() == 64 && more.iter().all(Guard::is_unproven), "room for those who have a session");
        assert!(more[0].sign_in(Household::of(here)) && !more[0].is_unproven());
        assert!(!more[1].settle(Household::of(here), false), "and for nobody else");
        drop(more);
        assert!(caps.enter(address("192.0.2.2"), false).is_some(), "others are fine");
        assert!(guards[0].sign_in(Household::of(here)) && guards[0].sign_in(Household::of(here)));
        guards.push(caps.enter(here, false).unwrap());
        assert!(!guards[64].is_unproven() && caps.enter(here, false).unwrap().is_unproven());
        drop(guards);
        let counts = caps.counts.lock().unwrap();
        assert!(counts.total == 0 && counts.anonymous == 0 && counts.households.is_empty());
    }

    #[test]
    fn s93_strangers_leave_nine_tenths_to_those_who_signed_in_and_the_total_always_holds() {
        let caps = Caps::new(most(100));
        let strangers: Vec<Guard> =
            (0..50).filter_map(|n| caps.enter(address(&format!("192.0.2.{n}")), false)).collect();
        assert_eq!(strangers.iter().filter(|guard| !guard.is_unproven()).count(), 10);
        assert!(strangers[0].sign_in(Household::of(address("192.0.2.0"))));
        assert!(!caps.enter(address("192.0.2.99"), false).unwrap().is_unproven());
        let off = Caps::new(Most { by_address: false, ..most(100) });
        let everyone: Vec<Guard> = (0..200).filter_map(|_| off.enter(address("192.0.2.1"), false)).collect();
        assert_eq!(everyone.len(), 100);
    }

    #[test]
    fn s93_an_ipv6_household_is_one_address() {
        let caps = Caps::new(most(10_000));
        let guards: Vec<Guard> =
            (0..100).filter_map(|n| caps.enter(address(&format!("2001:db8::{n:x}")), false)).collect();
        assert_eq!(guards.iter().filter(|guard| !guard.is_unproven()).count(), 64);
        assert!(caps.enter(address("2001:db8:0:1::1"), false).is_some());
    }

    #[test]
    fn s93_behind_a_proxy_each_upgraded_connection_counts_for_its_own_address() {
        let caps = Caps::new(most(10_000));
        let proxy = address("127.0.0.1");
        let of = |n: u32| Household::of(address(&format!("203.0.113.{n}")));
        let guards: Vec<Guard> = (0..200).filter_map(|_| caps.enter(proxy, true)).collect();
        assert_eq!(guards.len(), 200, "a proxy is not one address");
        let settled = guards.iter().filter(|guard| guard.settle(of(7), false)).count();
        assert_eq!(settled, 64);
        assert!(guards[100].settle(of(8), false) && guards[101].settle(of(7), true));
        assert!(guards[102].sign_in(of(7)) && *guards[102].place() == Place::Shared);
    }
}
