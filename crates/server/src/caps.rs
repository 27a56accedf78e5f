//! How many connections one address may hold, and all together (S93).

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use parlour_protocol::limits;

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
}

#[derive(Debug, Default)]
struct Held {
    anonymous: usize,
    signed_in: usize,
}

/// The count of open connections.
#[derive(Debug)]
pub(crate) struct Caps {
    on: bool,
    held: Mutex<(usize, HashMap<Household, Held>)>,
}

impl Caps {
    pub(crate) fn new(on: bool) -> Arc<Caps> {
        Arc::new(Caps { on, held: Mutex::default() })
    }

    /// Counts a new connection until its guard is dropped; none when there are too many.
    pub(crate) fn enter(self: &Arc<Self>, address: IpAddr) -> Option<Guard> {
        let household = Household::of(address);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let (total, households) = &mut *held;
        let anonymous = households.get(&household).map_or(0, |held| held.anonymous);
        let full = *total >= limits::CONNECTIONS_MAX || anonymous >= limits::CONNECTIONS_PER_ADDRESS_ANONYMOUS_MAX;
        if self.on && full {
            return None;
        }
        *total += 1;
        households.entry(household).or_default().anonymous += 1;
        Some(Guard { caps: Arc::clone(self), household, signed_in: AtomicBool::new(false) })
    }
}

/// One counted connection.
#[derive(Debug)]
pub(crate) struct Guard {
    caps: Arc<Caps>,
    household: Household,
    signed_in: AtomicBool,
}

impl Guard {
    /// Whose connection this is, for limits by address.
    pub(crate) fn household(&self) -> Household {
        self.household
    }

    /// Moves the connection to the larger allowance of people with a session; false when that is used up too.
    pub(crate) fn sign_in(&self) -> bool {
        let mut held = self.caps.held.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(counted) = held.1.get_mut(&self.household) else { return true };
        if self.caps.on && counted.signed_in >= limits::CONNECTIONS_PER_ADDRESS_MAX {
            return false;
        }
        if !self.signed_in.swap(true, Ordering::Relaxed) {
            counted.anonymous -= 1;
            counted.signed_in += 1;
        }
        true
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let mut held = self.caps.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.0 -= 1;
        let Some(counted) = held.1.get_mut(&self.household) else { return };
        if self.signed_in.load(Ordering::Relaxed) {
            counted.signed_in -= 1;
        } else {
            counted.anonymous -= 1;
        }
        if counted.anonymous == 0 && counted.signed_in == 0 {
            held.1.remove(&self.household);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s93_an_address_holds_64_anonymous_connections_and_more_once_signed_in() {
        let caps = Caps::new(true);
        let here: IpAddr = "192.0.2.1".parse().unwrap();
        let mut guards: Vec<Guard> = (0..64).filter_map(|_| caps.enter(here)).collect();
        assert!(caps.enter(here).is_none());
        assert!(caps.enter("192.0.2.2".parse().unwrap()).is_some(), "others are fine");
        assert!(guards[0].sign_in() && guards[0].sign_in());
        guards.push(caps.enter(here).unwrap());
        assert!(caps.enter(here).is_none());
        drop(guards);
        let held = caps.held.lock().unwrap();
        assert!(held.0 == 0 && held.1.is_empty());
    }

    #[test]
    fn s93_an_ipv6_household_is_one_address() {
        let caps = Caps::new(true);
        let guards: Vec<Guard> =
            (0..100).filter_map(|n| caps.enter(format!("2001:db8::{n:x}").parse().unwrap())).collect();
        assert_eq!(guards.len(), 64);
        assert!(caps.enter("2001:db8:0:1::1".parse().unwrap()).is_some());
    }
}
