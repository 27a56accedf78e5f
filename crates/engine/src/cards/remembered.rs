//! What was found behind an address lately: whoever says the same link again costs no request, and of those who say it at once one asks
//! (S88).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::OnceCell;

use super::Found;

/// Addresses whose card is remembered; above it the oldest is forgotten.
const CARDS_REMEMBERED_MAX: usize = 256;
/// What was found is good for this long.
const CARD_GOOD_FOR: Duration = Duration::from_secs(600);
/// That nothing was found is believed for this long.
const NO_CARD_FOR: Duration = Duration::from_secs(60);

type Slot = Arc<OnceCell<Option<Arc<Found>>>>;

#[derive(Default)]
pub(super) struct Remembered(Mutex<HashMap<String, (Instant, Slot)>>);

impl Remembered {
    /// What is behind an address, found by whoever asked first.
    pub(super) async fn find(&self, address: &str, find: impl Future<Output = Option<Found>>) -> Option<Arc<Found>> {
        self.slot(address, Instant::now()).get_or_init(|| async { find.await.map(Arc::new) }).await.clone()
    }

    fn slot(&self, address: &str, now: Instant) -> Slot {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((since, slot)) = slots.get(address) {
            let good_for = if matches!(slot.get(), Some(None)) { NO_CARD_FOR } else { CARD_GOOD_FOR };
            if now.duration_since(*since) < good_for {
                return Arc::clone(slot);
            }
        } else if slots.len() >= CARDS_REMEMBERED_MAX {
            let oldest = slots.iter().min_by_key(|(_, (since, _))| *since).map(|(address, _)| address.clone());
            oldest.map(|address| slots.remove(&address));
        }
        let slot = Slot::default();
        slots.insert(address.to_owned(), (now, Arc::clone(&slot)));
        slot
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s88_what_was_found_is_remembered_for_a_while_and_the_oldest_is_forgotten() {
        let remembered = Remembered::default();
        let (now, found) = (Instant::now(), || Some(Arc::new(Found::default())));
        let first = remembered.slot("a", now);
        first.set(found()).unwrap();
        remembered.slot("b", now).set(None).unwrap();
        assert!(remembered.slot("a", now + CARD_GOOD_FOR / 2).initialized());
        assert!(remembered.slot("b", now + NO_CARD_FOR / 2).initialized());
        assert!(!remembered.slot("b", now + NO_CARD_FOR).initialized(), "it is asked again soon");
        assert!(!remembered.slot("a", now + CARD_GOOD_FOR).initialized());
        for number in 0..CARDS_REMEMBERED_MAX * 2 {
            remembered.slot(&number.to_string(), now + CARD_GOOD_FOR * 2).set(found()).unwrap();
        }
        assert_eq!(remembered.0.lock().unwrap().len(), CARDS_REMEMBERED_MAX);
    }

    #[tokio::test]
    async fn s88_of_many_who_ask_for_an_address_at_once_one_asks_for_it() {
        let (remembered, asked) = (Remembered::default(), std::cell::Cell::new(0));
        let find = || async {
            asked.set(asked.get() + 1);
            tokio::task::yield_now().await;
            Some(Found::default())
        };
        let all = futures_util::future::join_all((0..50).map(|_| remembered.find("a", find()))).await;
        assert!(all.iter().all(Option::is_some));
        assert_eq!(asked.get(), 1);
    }
}
