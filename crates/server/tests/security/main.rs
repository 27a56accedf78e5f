//! Rows of the security requirements that go over the whole of the house: every route, every answer, every table
//! (docs/SECURITY-TESTS.md). Rows that are about one thing are beside the other promises about it, in tests/wire.

// A panic is how a test reports, also from the functions it calls.
#![allow(clippy::unwrap_used)]

#[path = "../wire/asking.rs"]
#[allow(dead_code)]
mod asking;
#[path = "../house/mod.rs"]
mod house;
#[path = "../wire/people.rs"]
#[allow(dead_code)]
mod people;
#[path = "../wire/raw.rs"]
#[allow(dead_code)]
mod raw;

#[path = "../wire/site.rs"]
#[allow(dead_code)]
mod site;

mod availability;
mod callings;
mod cookies;
mod fields;
mod furnished;
mod guesses;
mod handshake;
mod headers;
mod ids;
mod panics;
mod secrets;
mod sessions;
mod threads;
mod words;
