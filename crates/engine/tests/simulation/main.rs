//! Seeded histories: several nodes over one store, a bus that drops, repeats and reorders, readers that lag, crash after
//! commit, lost answers, removals, lives of the store that end. In every history each reader must end equal to the store,
//! having seen nothing twice, nothing out of order and nothing after its removal (LOG-1, LOG-3, LOG-5, LOG-7, LOG-9).
//!
//! The hubs are the real ones; store and clients are models small enough to be obviously right. Each remedy has a switch:
//! with one of them off some history must go wrong, or the simulation proves nothing.

// A panic is how a test reports, also from the functions it calls.
#![allow(clippy::unwrap_used)]

mod classic;
mod reader;
mod store;
mod world;

use parlour_engine::hub::Remedies;
use world::{Switches, Weather, World};

/// The README's test command runs the release build.
const HISTORIES: u64 = if cfg!(debug_assertions) { 500 } else { 10_000 };
/// A mutant survives no longer than this.
const MUTANT_HISTORIES: u64 = 4_000;

/// Runs one history and says what went wrong in it.
fn wrong(seed: u64, switches: Switches) -> Option<String> {
    World::new(seed, switches).run().err()
}

fn first_wrong(histories: u64, switches: Switches) -> Option<(u64, String)> {
    (1..=histories).find_map(|seed| wrong(seed, switches).map(|what| (seed, what)))
}

fn mutant(change: impl FnOnce(&mut Switches)) {
    let mut switches = Switches::ALL;
    change(&mut switches);
    let caught = first_wrong(MUTANT_HISTORIES, switches);
    println!("{caught:?}");
    assert!(caught.is_some(), "nobody noticed that the remedy was off");
}

#[test]
fn log_1_every_reader_ends_equal_to_the_store_in_every_history() {
    let first = std::env::var("PARLOUR_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    for weather in [Weather::Storm, Weather::Revealed, Weather::Faithful] {
        for seed in first..first + HISTORIES {
            if let Some(what) = wrong(seed, Switches { weather, ..Switches::ALL }) {
                panic!("{weather:?}, seed {seed}: {what}");
            }
        }
    }
}

#[test]
fn log_3_without_de_duplication_a_retry_through_another_node_is_there_twice() {
    mutant(|switches| switches.de_duplication = false);
}

#[test]
fn log_1_without_in_order_apply_a_reader_sees_a_hole() {
    mutant(|switches| switches.hub.in_order_apply = false);
}

#[test]
fn log_1_without_dropping_duplicates_a_reader_sees_an_event_twice() {
    mutant(|switches| switches.hub.drop_duplicates = false);
}

#[test]
fn log_5_the_digest_is_not_needed_where_a_successor_reveals_each_loss_or_nothing_is_lost() {
    for weather in [Weather::Revealed, Weather::Faithful] {
        assert_eq!(first_wrong(HISTORIES, without_digest(weather)), None, "{weather:?}");
    }
}

#[test]
fn log_5_without_gap_reads_a_hole_stays_open_although_its_end_was_heard() {
    mutant(|switches| {
        // The digest would repair it later; without it these histories are clean, as shown above.
        *switches = without_digest(Weather::Revealed);
        switches.hub.gap_read = false;
    });
}

#[test]
fn syn_1_without_subscribing_before_reading_events_fall_into_the_seam() {
    mutant(|switches| {
        // The same: nothing else is lost here.
        *switches = without_digest(Weather::Faithful);
        switches.hub.subscribe_before_read = false;
    });
}

#[test]
fn log_7_without_the_bound_a_lagging_reader_is_fed_past_its_removal() {
    mutant(|switches| switches.hub.removal_bound = false);
}

#[test]
fn log_7_without_detaching_the_removed_go_on_reading() {
    mutant(|switches| switches.hub.removal_detaches = false);
}

#[test]
fn log_5_without_the_digest_the_last_event_of_a_quiet_room_is_never_seen() {
    mutant(|switches| switches.hub.digest = false);
}

#[test]
fn log_9_without_the_epoch_check_two_lives_of_the_store_are_mixed() {
    mutant(|switches| switches.hub.epoch_check = false);
}

impl Switches {
    const ALL: Switches = Switches { weather: Weather::Storm, de_duplication: true, hub: Remedies::ALL };
}

fn without_digest(weather: Weather) -> Switches {
    Switches { weather, hub: Remedies { digest: false, ..Remedies::ALL }, ..Switches::ALL }
}
