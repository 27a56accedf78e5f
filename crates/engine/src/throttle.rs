//! How fast a person may speak, over all their connections (S94).

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use parlour_domain::rate::Bucket;
use parlour_protocol::{ErrorCode, Refusal, RoomId, UserId, limits};
use parlour_store::TokenHash;

/// Buckets kept before the full ones are forgotten.
const BUCKETS_KEPT: usize = 4_096;

/// What is said to who tries too many.
const TOO_MANY_PASSWORDS: &str = "Too many wrong passwords. Wait a little, or sign in where you did before.";

/// The buckets of everyone who spoke lately.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    posts: Buckets<UserId>,
    /// Messages of one person a second; none while the house was not read yet.
    pace: AtomicU32,
    rooms: Buckets<UserId>,
    acts: Buckets<UserId>,
    counts: Buckets<UserId>,
    reports: Buckets<UserId>,
    files: Buckets<UserId>,
    cards: Buckets<UserId>,
    searches: Buckets<UserId>,
    typing: Buckets<(UserId, RoomId)>,
    guests: Buckets<u128>,
    knocks: Buckets<u128>,
    /// By what a provider gives to one customer at most.
    knocks_of_wide: Buckets<u128>,
    /// By the login that was typed, whether it is anybody's or not.
    logins: Buckets<TokenHash>,
    devices: Buckets<TokenHash>,
    guessers: Buckets<u128>,
}

#[derive(Debug)]
struct Buckets<K>(Mutex<Kept<K>>);

#[derive(Debug)]
struct Kept<K> {
    buckets: HashMap<K, Bucket>,
    /// The full ones are forgotten at this number, then at twice what is left: one look at all of them a doubling.
    forget_at: usize,
}

impl<K> Default for Buckets<K> {
    fn default() -> Self {
        Buckets(Mutex::new(Kept { buckets: HashMap::new(), forget_at: BUCKETS_KEPT }))
    }
}

impl<K: Hash + Eq> Buckets<K> {
    fn take(&self, key: K, now_ms: u64, full: impl FnOnce() -> Bucket) -> Result<(), Refusal> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.buckets.len() >= kept.forget_at {
            kept.buckets.retain(|_, bucket| !bucket.is_full(now_ms));
            kept.forget_at = BUCKETS_KEPT.max(kept.buckets.len() * 2);
        }
        kept.buckets
            .entry(key)
            .or_insert_with(full)
            .take(now_ms)
            .map_err(|wait| Refusal::later(ErrorCode::Rate, "That is too fast. Trying again in a moment.", wait.0))
    }

    fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).buckets = HashMap::new();
    }

    /// What was taken turned out to cost nothing.
    fn give_back(&self, key: &K) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = kept.buckets.get_mut(key) {
            bucket.give_back();
        }
    }
}

/// A password is being tried. It counts unless it is said that it came to nothing bad.
#[must_use]
pub(crate) struct Attempt<'a> {
    throttle: &'a Throttle,
    keys: Keys,
}

/// What an attempt counts for.
enum Keys {
    /// Limits are off.
    None,
    /// A browser that the account knows: for itself alone, so that nobody else can lock it out (S23).
    Device(TokenHash),
    /// Any other: for the login typed, and for the address.
    Stranger(TokenHash, u128),
}

impl Attempt<'_> {
    /// The password was right: it counts for nothing.
    pub(crate) fn came_to_nothing_bad(self) {
        match self.keys {
            Keys::None => {}
            Keys::Device(device) => self.throttle.devices.give_back(&device),
            Keys::Stranger(login, crowd) => {
                self.throttle.logins.give_back(&login);
                self.throttle.guessers.give_back(&crowd);
            }
        }
    }
}

impl crate::Engine {
    /// Whether a password may be tried now for a login, by a browser known to the account or another of this address.
    pub(crate) fn begin_attempt(
        &self,
        login: TokenHash,
        known: Option<TokenHash>,
        crowd: u128,
    ) -> Result<Attempt<'_>, Refusal> {
        let (throttle, now_ms) = (&self.throttle, self.steady_ms());
        let full = || Bucket::every(limits::PASSWORD_EVERY_MS, limits::PASSWORD_BURST, now_ms);
        let slow = |refusal: Refusal| Refusal { message: TOO_MANY_PASSWORDS.to_owned(), ..refusal }.at("password");
        let keys = match known {
            _ if !self.config.limits => Keys::None,
            Some(device) => {
                throttle.devices.take(device, now_ms, full).map_err(slow)?;
                Keys::Device(device)
            }
            None => {
                throttle.guessers.take(crowd, now_ms, full).map_err(slow)?;
                throttle.logins.take(login, now_ms, full).map_err(slow)?;
                Keys::Stranger(login, crowd)
            }
        };
        Ok(Attempt { throttle, keys })
    }
}

impl Throttle {
    /// Somebody who asks to be let in, counted for everyone of that address.
    pub(crate) fn knock(&self, crowd: u128, now_ms: u64) -> Result<(), Refusal> {
        self.knocks.take(crowd, now_ms, || Bucket::every(limits::KNOCK_EVERY_MS, limits::KNOCK_BURST, now_ms))?;
        let wide = || Bucket::every(limits::KNOCK_WIDE_EVERY_MS, limits::KNOCK_WIDE_BURST, now_ms);
        self.knocks_of_wide.take(wide_prefix(crowd), now_ms, wide)
    }

    /// One message.
    pub(crate) fn post(&self, user: UserId, now_ms: u64) -> Result<(), Refusal> {
        self.posts.take(user, now_ms, || {
            let per_second = match self.pace.load(Ordering::Relaxed) {
                0 => limits::POSTS_PER_SECOND,
                chosen => chosen,
            };
            Bucket::per_second(per_second, per_second * limits::POSTS_BURST_TIMES, now_ms)
        })
    }

    /// From now on everybody may say so many a second. Where that is another number all begin anew.
    pub(crate) fn set_pace(&self, per_second: u32) {
        if self.pace.swap(per_second, Ordering::Relaxed) != per_second {
            self.posts.forget();
        }
    }

    /// One message of a guest, counted for everyone of that address.
    pub(crate) fn guests(&self, crowd: u128, now_ms: u64) -> Result<(), Refusal> {
        let (per_second, burst) = (limits::GUEST_POSTS_PER_SECOND, limits::GUEST_POSTS_BURST);
        self.guests.take(crowd, now_ms, || Bucket::per_second(per_second, burst, now_ms))
    }

    /// One new room.
    pub(crate) fn create_room(&self, user: UserId, now_ms: u64) -> Result<(), Refusal> {
        self.rooms.take(user, now_ms, || Bucket::every(limits::CREATE_ROOM_EVERY_MS, limits::CREATE_ROOM_BURST, now_ms))
    }

    /// One act on a room or its members.
    pub(crate) fn act(&self, user: UserId, now_ms: u64) -> Result<(), Refusal> {
        let (per_second, burst) = (limits::ROOM_ACTS_PER_SECOND, limits::ROOM_ACTS_BURST);
        self.acts.take(user, now_ms, || Bucket::per_second(per_second, burst, now_ms))
    }

    /// One count of what is unread.
    pub(crate) fn count(&self, user: UserId, now_ms: u64) -> Result<(), Refusal> {
        let (per_second, burst) = (limits::COUNTS_PER_SECOND, limits::COUNTS_BURST);
        self.counts.take(user, now_ms, || Bucket::per_second(per_second, burst, now_ms))
    }

    /// One report.
    pub(crate) fn report(&self, user: UserId, now_ms: u64) -> Result<(), Refusal> {
        self.reports.take(user, now_ms, || Bucket::every(limits::REPORT_EVERY_MS, limits::REPORT_BURST, now_ms))
    }

    /// One file that is announced.
    pub(crate) fn file(&self, user: UserId, now_ms: u64) -> Result<(), Refusal> {
        self.files.take(user, now_ms, || Bucket::every(limits::FILE_EVERY_MS, limits::FILE_BURST, now_ms))
    }

    /// One link that is looked at.
    pub(crate) fn card(&self, user: UserId, now_ms: u64) -> Result<(), Refusal> {
        self.cards.take(user, now_ms, || Bucket::every(limits::CARD_EVERY_MS, limits::CARD_BURST, now_ms))
    }

    /// One search.
    pub(crate) fn search(&self, user: UserId, now_ms: u64) -> Result<(), Refusal> {
        let (per_second, burst) = (limits::SEARCHES_PER_SECOND, limits::SEARCHES_BURST);
        self.searches.take(user, now_ms, || Bucket::per_second(per_second, burst, now_ms))
    }

    /// One typing notice.
    pub(crate) fn typing(&self, user: UserId, room: RoomId, now_ms: u64) -> Result<(), Refusal> {
        self.typing.take((user, room), now_ms, || Bucket::every(limits::TYPING_EVERY_MS, 1, now_ms))
    }
}

/// The /48 of an IPv6 address, the /24 of an IPv4 one (which stands as `::ffff:a.b.c.d`).
fn wide_prefix(address: u128) -> u128 {
    let is_v4 = address >> 32 == 0xFFFF;
    address & if is_v4 { !0xFF } else { u128::MAX << 80 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s94_who_has_many_networks_at_one_provider_knocks_no_more_than_a_hundred_times_at_once() {
        let throttle = Throttle::default();
        // A hundred /64s of one /48, ten each; then a hundred addresses of one /24.
        let v6 = |network: u128| (0x2001_0db8_0001_u128 << 80) | (network << 64);
        let v4 = |host: u128| (0xFFFF_u128 << 32) | 0xC633_6400 | host;
        for networks in [v6 as fn(u128) -> u128, v4] {
            let taken = (0..1_000).filter(|number| throttle.knock(networks(number / 10), 0).is_ok()).count();
            assert_eq!(taken, 100);
        }
        // Neighbours are somebody else.
        throttle.knock(0x2001_0db8_0002_u128 << 80, 0).unwrap();
        throttle.knock(v4(0) + 0x100, 0).unwrap();
    }

    /// One that asks whenever it may, until the first of them is forgotten.
    #[test]
    fn s94_one_address_or_one_network_alone_never_fills_the_door() {
        let minutes = u64::try_from(limits::KNOCK_LIFE_MS / 60_000).unwrap();
        let sent = |address: fn(u64) -> u128| {
            let throttle = Throttle::default();
            (0..minutes).filter(|minute| throttle.knock(address(*minute), minute * 60_000).is_ok()).count()
        };
        assert_eq!(sent(|_| 7 << 64), 20 + 167);
        assert_eq!(sent(|minute| (7 << 80) | (u128::from(minute) << 64)), 100 + 503);
    }
}
