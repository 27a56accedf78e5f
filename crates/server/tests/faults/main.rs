//! What a disk, its power and a clock can do to a house (ENGINE G1, G12, G13, G14): the real binary on a real file system,
//! and each test beside its control, the same with the remedy switched off, which must fail. Needs root and a few programs
//! (mkfs.ext4, xfs_io, strace, libeatmydata, libfaketime), and fails where they are missing: bin/ci says where it cannot be run.
//!
//! `cargo test -p parlour --features controls --test faults -- --nocapture`

// A panic is how a test reports, also from the functions it calls.
#![allow(clippy::unwrap_used)]

#[path = "../house/mod.rs"]
mod house;
#[allow(dead_code)] // What the wire's tests have for their people and frames; a part of it is enough here.
#[path = "../wire/people.rs"]
mod people;
#[allow(dead_code)]
#[path = "../wire/raw.rs"]
mod raw;

mod clocks;
mod full_disk;
mod io_errors;
mod load;
mod power;

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
