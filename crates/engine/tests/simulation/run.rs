//! Runs histories over all cores, and finds the first that goes wrong.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::switches::Switches;
use crate::world::World;

/// Seeds that one thread takes at a time.
const PORTION: u64 = 32;

/// A history that went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) seed: u64,
    pub(crate) what: String,
}

/// Runs one history and says what went wrong in it.
pub(crate) fn wrong(seed: u64, switches: Switches) -> Option<Wrong> {
    let run = catch_unwind(AssertUnwindSafe(|| World::new(seed, switches).run()));
    let what = match run {
        Ok(Ok(())) => return None,
        Ok(Err(what)) => what,
        Err(panic) => match (panic.downcast_ref::<String>(), panic.downcast_ref::<&str>()) {
            (Some(text), _) => format!("a panic: {text}"),
            (None, Some(text)) => format!("a panic: {text}"),
            (None, None) => "a panic".to_owned(),
        },
    };
    Some(Wrong { seed, what })
}

/// Runs the histories of these seeds on so many threads, counting those that are done. Returns the wrong one with the
/// lowest seed, whatever the threads' order.
pub(crate) fn first_wrong(
    first: u64,
    count: u64,
    threads: usize,
    switches: Switches,
    done: &AtomicU64,
) -> Option<Wrong> {
    let (next, end) = (AtomicU64::new(first), first + count);
    let found: Mutex<Option<Wrong>> = Mutex::new(None);
    // Everything below this is still of interest.
    let bound = AtomicU64::new(end);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let from = next.fetch_add(PORTION, Ordering::Relaxed);
                    let to = (from + PORTION).min(bound.load(Ordering::Relaxed));
                    if from >= to {
                        break;
                    }
                    if let Some(wrong) = (from..to).find_map(|seed| wrong(seed, switches)) {
                        bound.fetch_min(wrong.seed, Ordering::Relaxed);
                        let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
                        if found.as_ref().is_none_or(|held| wrong.seed < held.seed) {
                            *found = Some(wrong);
                        }
                    }
                    done.fetch_add(to - from, Ordering::Relaxed);
                }
            });
        }
    });
    found.into_inner().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn cores() -> usize {
    thread::available_parallelism().map_or(1, std::num::NonZero::get)
}
