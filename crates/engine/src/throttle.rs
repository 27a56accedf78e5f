//! How fast a person may speak, over all their connections (S94).

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use parlour_domain::rate::Bucket;
use parlour_protocol::{ErrorCode, Refusal, RoomId, UserId, limits};

/// Buckets kept before the full ones are forgotten.
const BUCKETS_KEPT: usize = 4_096;

/// The buckets of everyone who spoke lately.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    posts: Buckets<UserId>,
    rooms: Buckets<UserId>,
    acts: Buckets<UserId>,
    reports: Buckets<UserId>,
    typing: Buckets<(UserId, RoomId)>,
    guests: Buckets<u128>,
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
}

impl Throttle {
    /// One message.
    pub(crate) fn post(&self, user: UserId, now_ms: u64) -> Result<(), Refusal> {
        self.posts.take(user, now_ms, || Bucket::per_second(limits::POSTS_PER_SECOND, limits::POSTS_BURST, now_ms))
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

    /// One report.
    pub(crate) fn report(&self, user: UserId, now_ms: u64) -> Result<(), Refusal> {
        self.reports.take(user, now_ms, || Bucket::every(limits::REPORT_EVERY_MS, limits::REPORT_BURST, now_ms))
    }

    /// One typing notice.
    pub(crate) fn typing(&self, user: UserId, room: RoomId, now_ms: u64) -> Result<(), Refusal> {
        self.typing.take((user, room), now_ms, || Bucket::every(limits::TYPING_EVERY_MS, 1, now_ms))
    }
}
