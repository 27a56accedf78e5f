//! Seeded histories: several nodes over one store, a bus that drops, repeats and reorders, readers that lag, crashes before
//! and after a commit, lost answers, removals, lives of the store that end. In every history each reader must end equal to
//! the store, having seen nothing twice, nothing out of order and nothing after its removal (LOG-1 to LOG-7, LOG-9).
//!
//! The hubs are the real ones; store and clients are models small enough to be obviously right. Each remedy has a switch:
//! with one of them off some history must go wrong, or the simulation proves nothing (docs/SIMULATION.md).

// A panic is how a test reports, also from the functions it calls.
#![allow(clippy::unwrap_used)]

#[allow(dead_code)] // What it prints, the program alone needs.
mod asked;
mod classic;
mod mutants;
mod reader;
mod run;
mod sender;
mod store;
#[allow(dead_code)] // The program alone begins one.
mod story;
mod switches;
mod world;

use std::collections::BTreeSet;
use std::sync::atomic::AtomicU64;

use asked::{Asked, asked};
use mutants::{MUTANTS, switches};
use run::{Wrong, cores, first_wrong, wrong};
use switches::{Switches, Weather};

/// `bin/ci` runs the release build.
const HISTORIES: u64 = if cfg!(debug_assertions) { 1_500 } else { 100_000 };
/// Seeds that once found something, beyond those that always run.
const FOUND_SOMETHING: [u64; 3] = [24_347, 173_762, 1_020_145];

fn run(count: u64, switches: Switches) -> Option<Wrong> {
    first_wrong(1, count, cores(), switches, &AtomicU64::new(0))
}

#[test]
fn log_1_every_reader_ends_equal_to_the_store_in_every_history() {
    assert_eq!(run(HISTORIES, Switches::ALL), None);
}

#[test]
fn log_1_seeds_that_once_found_something_are_right() {
    for seed in FOUND_SOMETHING {
        assert_eq!(wrong(seed, Switches::ALL), None);
    }
}

/// What some mutants stand on: they are run without the digest, which would repair what they break.
#[test]
fn log_5_the_digest_is_not_needed_where_a_successor_reveals_each_loss_or_nothing_is_lost() {
    for weather in [Weather::Revealed, Weather::Faithful] {
        let mut switches = Switches { weather: Some(weather), ..Switches::ALL };
        switches.hub.digest = false;
        assert_eq!(run(HISTORIES / 10, switches), None, "{weather:?}");
    }
}

/// The names of all switches in this position.
fn switches_that_are(on: bool, switches: Switches) -> BTreeSet<String> {
    let Switches { store, client, hub, .. } = switches;
    let said = format!("{store:?} {client:?} {hub:?}");
    let fields = said.split([',', '{', '}']).filter_map(|field| field.trim().split_once(": "));
    fields.filter(|(_, is)| *is == on.to_string()).map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn every_remedy_has_a_mutant_and_the_document_lists_them() {
    let off_in = |mutant: &mutants::Mutant| switches_that_are(false, switches(mutant));
    let off_somewhere: BTreeSet<String> = MUTANTS.iter().flat_map(off_in).collect();
    assert_eq!(off_somewhere, switches_that_are(true, Switches::ALL));

    let row = |mutant: &mutants::Mutant| {
        let off: Vec<String> = off_in(mutant).into_iter().collect();
        format!("| `{}` | `{}` |", mutant.name, off.join("`, `"))
    };
    let document = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/SIMULATION.md")).unwrap();
    let listed: Vec<&str> = document.lines().filter(|line| line.starts_with("| `")).collect();
    assert_eq!(listed, MUTANTS.iter().map(row).collect::<Vec<_>>());
}

#[test]
fn a_wrong_argument_is_answered_with_what_is_wrong() {
    let refused = |line: &str| match asked(line.split_whitespace().map(str::to_owned)) {
        Err(why) => why,
        Ok(_) => "it was taken".to_owned(),
    };
    assert_eq!(refused("0"), "N is a number from 1 to 1,000,000,000,000, not \"0\"");
    assert_eq!(refused("10 x"), "SEED is a number from 0 to 1,000,000,000,000, not \"x\"");
    assert_eq!(refused("--seed"), "--seed is a number from 0 to 1,000,000,000,000, not \"\"");
    assert_eq!(refused("5 --seed 1"), "--seed tells one history and takes no N");
    assert_eq!(refused("1 2 3"), "at most N and SEED are wanted");
    assert_eq!(refused("--fast"), "there is no option --fast");
    assert_eq!(refused("--mutant x"), "there is no mutant \"x\"; docs/SIMULATION.md has the list");
    let taken = asked(["1,000".to_owned(), "7".to_owned()].into_iter());
    assert!(matches!(taken, Ok(Asked::Run { count: 1_000, first: 7 })));
}
