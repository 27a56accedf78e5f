//! Who was sent to a provider and is waited for, and who came back and has something left to say. Nothing of it is on disk:
//! after a restart one begins anew.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use parlour_protocol::limits;
use parlour_protocol::oidc::IdentityAsks;
use parlour_store::{Identity, Proven, TokenHash};

/// What somebody was sent to a provider for.
#[derive(Clone, Debug)]
pub(crate) enum Purpose {
    /// To come in, perhaps by an invitation.
    ComeIn(Option<TokenHash>),
    /// To come in by it from now on: who has proved to be this one.
    Connect(Proven),
}

/// Somebody on their way. Kept under the hash of the `state` that comes back with them.
#[derive(Clone, Debug)]
pub(crate) struct Flow {
    /// Which provider: an answer that came to another's address is none.
    pub(crate) provider: usize,
    /// The browser that began it, by the hash of what its cookie holds.
    pub(crate) browser: TokenHash,
    pub(crate) nonce: String,
    pub(crate) verifier: String,
    /// Where they were told to come back to.
    pub(crate) redirect: String,
    pub(crate) purpose: Purpose,
}

/// Somebody who is back. Kept under the hash of what the browser's cookie holds.
#[derive(Clone, Debug)]
pub(crate) struct Waiting {
    pub(crate) provider: usize,
    pub(crate) identity: Identity,
    pub(crate) name: String,
    pub(crate) handle: String,
    pub(crate) invitation: Option<TokenHash>,
    pub(crate) asks: IdentityAsks,
}

/// Both, each for ten minutes.
#[derive(Debug, Default)]
pub(crate) struct Flows {
    under_way: Kept<Flow>,
    waiting: Kept<Waiting>,
}

impl Flows {
    /// Waits for somebody.
    pub(crate) fn begin(&self, state: TokenHash, flow: Flow, crowd: u128, now_ms: u64) {
        self.under_way.put(state, flow, crowd, now_ms);
    }

    /// Takes who came back, once, and only from the browser that began it at this provider.
    pub(crate) fn end(&self, state: TokenHash, browser: TokenHash, provider: usize, now_ms: u64) -> Option<Flow> {
        self.under_way.take(state, now_ms, |flow| flow.browser == browser && flow.provider == provider)
    }

    /// Keeps who has something left to say.
    pub(crate) fn keep(&self, browser: TokenHash, who: Waiting, crowd: u128, now_ms: u64) {
        self.waiting.put(browser, who, crowd, now_ms);
    }

    /// Who that is.
    pub(crate) fn waiting(&self, browser: TokenHash, now_ms: u64) -> Option<Waiting> {
        self.waiting.get(browser, now_ms)
    }

    /// They have said it.
    pub(crate) fn done(&self, browser: TokenHash, now_ms: u64) {
        self.waiting.take(browser, now_ms, |_| true);
    }
}

/// Things that are kept for a while: so many altogether, and so many of an address.
#[derive(Debug)]
struct Kept<T>(Mutex<HashMap<TokenHash, Entry<T>>>);

#[derive(Debug)]
struct Entry<T> {
    thing: T,
    crowd: u128,
    until_ms: u64,
}

impl<T> Default for Kept<T> {
    fn default() -> Kept<T> {
        Kept(Mutex::default())
    }
}

impl<T: Clone> Kept<T> {
    fn put(&self, key: TokenHash, thing: T, crowd: u128, now_ms: u64) {
        let mut kept = self.lock();
        if kept.len() >= limits::OIDC_FLOWS_MAX {
            kept.retain(|_, entry| entry.until_ms > now_ms);
        }
        let same: Vec<_> = kept.iter().filter(|(_, entry)| entry.crowd == crowd).map(|(key, _)| *key).collect();
        if same.len() >= limits::OIDC_FLOWS_PER_ADDRESS_MAX
            && let Some(oldest) = same.into_iter().min_by_key(|key| kept.get(key).map(|entry| entry.until_ms))
        {
            kept.remove(&oldest);
        }
        if kept.len() >= limits::OIDC_FLOWS_MAX {
            make_place(&mut kept);
        }
        kept.insert(key, Entry { thing, crowd, until_ms: now_ms + limits::OIDC_FLOW_LIFE_MS });
    }

    fn get(&self, key: TokenHash, now_ms: u64) -> Option<T> {
        let kept = self.lock();
        kept.get(&key).filter(|entry| entry.until_ms > now_ms).map(|entry| entry.thing.clone())
    }

    /// Takes what is there, if it is the one meant; another asker leaves it as it is.
    fn take(&self, key: TokenHash, now_ms: u64, meant: impl FnOnce(&T) -> bool) -> Option<T> {
        let mut kept = self.lock();
        kept.get(&key).filter(|entry| entry.until_ms > now_ms && meant(&entry.thing))?;
        kept.remove(&key).map(|entry| entry.thing)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<TokenHash, Entry<T>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets the oldest of the address go that has most: a flood from many addresses refuses nobody, and ends its own.
fn make_place<T>(kept: &mut HashMap<TokenHash, Entry<T>>) {
    let mut held: HashMap<u128, (usize, u64, TokenHash)> = HashMap::new();
    for (key, entry) in kept.iter() {
        let (count, oldest, which) = held.entry(entry.crowd).or_insert((0, entry.until_ms, *key));
        *count += 1;
        if entry.until_ms < *oldest {
            (*oldest, *which) = (entry.until_ms, *key);
        }
    }
    let most = held.into_values().max_by_key(|(count, oldest, _)| (*count, Reverse(*oldest)));
    if let Some((.., key)) = most {
        kept.remove(&key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: usize) -> TokenHash {
        let mut key = TokenHash::default();
        key[..8].copy_from_slice(&number.to_le_bytes());
        key
    }

    #[test]
    fn oidc_2_what_is_kept_is_good_once_for_ten_minutes_and_bounded() {
        let kept = Kept::default();
        kept.put(key(1), "one", 1, 0);
        assert_eq!(kept.take(key(1), 5, |_| false), None);
        assert_eq!((kept.take(key(1), 5, |_| true), kept.take(key(1), 5, |_| true)), (Some("one"), None));
        kept.put(key(1), "one", 1, 0);
        let end_ms = limits::OIDC_FLOW_LIFE_MS;
        assert_eq!((kept.get(key(1), end_ms - 1), kept.get(key(1), end_ms)), (Some("one"), None));
        for number in 0..limits::OIDC_FLOWS_PER_ADDRESS_MAX {
            kept.put(key(100 + number), "crowd", 7, 10 + number as u64);
        }
        kept.put(key(99), "another of that address", 7, 1_000);
        assert_eq!((kept.get(key(100), 1_000), kept.get(key(101), 1_000)), (None, Some("crowd")), "the oldest went");
        let held = kept.lock().len();
        for number in held..limits::OIDC_FLOWS_MAX {
            kept.put(key(10_000 + number), "others", 1_000 + number as u128, 2_000);
        }
        kept.put(key(5), "one more", 5, 2_000);
        assert_eq!((kept.get(key(101), 2_000), kept.get(key(5), 2_000)), (None, Some("one more")), "of who has most");
        assert_eq!(kept.lock().len(), limits::OIDC_FLOWS_MAX);
    }
}
