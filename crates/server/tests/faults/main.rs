//! What a disk, its power and a clock can do to a house (ENGINE G1, G12, G13, G14): the real binary on a real file system,
//! and each test beside its control, the same with the remedy switched off, which must fail. Needs root and a few programs
//! (mkfs.ext4, xfs_io, strace, libeatmydata, libfaketime); what cannot be done here is said as "not run".
//!
//! `cargo test -p parlour --features controls --test faults -- --nocapture`

// A panic is how a test reports, also from the functions it calls.
#![allow(clippy::unwrap_used)]

#[path = "../house/mod.rs"]
mod house;

mod clocks;
mod full_disk;
mod io_errors;
mod load;
mod power;

use std::path::PathBuf;

/// A library to load before the house, by the names it may have; says so where it is missing.
pub(crate) fn library(name: &str, what: &str) -> Option<PathBuf> {
    let folders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"];
    let found = folders.iter().map(|folder| PathBuf::from(folder).join(name)).find(|path| path.exists());
    if found.is_none() {
        println!("{what}: not run ({name} is not installed)");
    }
    found
}

/// A random number from a seed, printed by whoever uses it.
pub(crate) fn roll(dice: &mut u64) -> u64 {
    *dice ^= *dice << 13;
    *dice ^= *dice >> 7;
    *dice ^= *dice << 17;
    *dice
}

/// The seed of this run: `PARLOUR_TEST_SEED`, else a fixed one.
pub(crate) fn seed() -> u64 {
    let seed = std::env::var("PARLOUR_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(11);
    println!("seed {seed}");
    seed | 1
}
