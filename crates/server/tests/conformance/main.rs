//! RFC 6455 by the letter, as a table: bytes in, frames or a close out, against the real binary over bare sockets (S11, S12,
//! S51, S52, S54). Needs nothing from outside, so it runs in every test run; what the Autobahn suite said is in
//! docs/AUTOBAHN.md.
//!
//! The control: the same table against a careless server, which takes everything, must fail in every group.

// A panic is how a test reports, also from the functions it calls.
#![allow(clippy::unwrap_used)]

#[path = "../house/mod.rs"]
mod house;
#[path = "../wire/packed.rs"]
#[allow(dead_code)]
mod packed;
#[path = "../wire/raw.rs"]
#[allow(dead_code)]
mod raw;

mod careless;
mod closing;
mod framing;
mod handshake;
mod messages;
mod packing;
mod play;
mod table;
mod utf8;

use std::collections::BTreeMap;
use std::time::Duration;

use house::House;
use parlour_client::Session;
use play::Place;
use table::{Case, Start};

/// What a careless server does not say within this time it never says.
const SILENCE: Duration = Duration::from_millis(300);
/// Cases that the careless server is asked at once: most of them wait for what never comes.
const AT_ONCE: usize = 64;

/// The whole table.
fn table() -> Vec<Case> {
    [handshake::cases(), framing::cases(), messages::cases(), closing::cases(), utf8::cases(), packing::cases()]
        .concat()
}

fn count_by_group<'a>(cases: impl Iterator<Item = &'a Case>) -> BTreeMap<&'static str, usize> {
    cases.fold(BTreeMap::new(), |mut counts, case| {
        *counts.entry(case.group).or_default() += 1;
        counts
    })
}

#[test]
fn every_case_of_the_table_has_a_name_of_its_own() {
    let table = table();
    let mut names: Vec<(&str, &str)> = table.iter().map(|case| (case.group, case.name.as_str())).collect();
    names.sort_unstable();
    let twice: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).collect();
    assert!(twice.is_empty(), "{twice:?}");
}

#[tokio::test]
async fn s12_every_case_of_the_table_is_answered_by_the_letter() {
    let table: Vec<Case> = table().into_iter().filter(|case| case.start != Start::Agreed).collect();
    answered_by_the_letter(&House::start(), &table).await;
}

#[tokio::test]
async fn con_11_every_case_is_answered_by_the_letter_where_packed_messages_can_be_agreed_to() {
    let house = House::start_with(&["--rate-limits", "off", "--compression", "on"]);
    answered_by_the_letter(&house, &table()).await;
}

async fn answered_by_the_letter(house: &House, table: &[Case]) {
    let place = Place::new(house.address, Session::sign_in(house.address, "Ada").await.unwrap());
    let mut faults = Vec::new();
    // One after the other: classic clients hear each other.
    for case in table {
        if let Err(fault) = play::play(case, &place, raw::PATIENCE).await {
            faults.push(format!("{}: {}: {fault}", case.group, case.name));
        }
    }
    println!("{} conformance cases: {:?}", table.len(), count_by_group(table.iter()));
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), table.len(), faults.join("\n"));
}

#[tokio::test]
async fn s11_a_head_is_no_handshake() {
    let house = House::start();
    let mut raw = raw::Raw::connect(house.address).await;
    raw.send(raw::handshake(house.address, "").replacen("GET", "HEAD", 1).as_bytes()).await;
    // A response to HEAD says a length and has no body, so it is not read as the others are.
    let said = raw.ends().await;
    assert!(said.starts_with("HTTP/1.1 426 "), "{said}");
}

#[tokio::test]
async fn s12_the_echo_for_the_autobahn_suite_is_only_where_its_feature_is() {
    let house = House::start();
    let mut raw = raw::Raw::connect(house.address).await;
    raw.send(raw::handshake(house.address, "").replacen("/ws", "/conformance", 1).as_bytes()).await;
    let status = raw.response().await.unwrap().status;
    if cfg!(feature = "conformance") {
        assert_eq!(status, 101);
        for first in [raw::TEXT, raw::BINARY] {
            raw.send_frame(first, b"words").await;
            assert_eq!(raw.frame().await, Some(raw::Frame { first, payload: b"words".to_vec() }));
        }
    } else {
        assert_eq!(status, 404);
    }
}

#[tokio::test]
async fn the_control_a_careless_server_fails_in_every_group_and_not_in_every_case() {
    let house = House::start();
    let ada = Session::sign_in(house.address, "Ada").await.unwrap();
    let address = careless::start().await;
    let place = Place::new(address, Session { house: address, ..ada });
    let table = table();
    let mut failed = Vec::new();
    for some in table.chunks(AT_ONCE) {
        let tasks: Vec<_> = some
            .iter()
            .map(|case| {
                let (case, place) = (case.clone(), place.clone());
                tokio::spawn(async move { play::play(&case, &place, SILENCE).await })
            })
            .collect();
        for (case, task) in some.iter().zip(tasks) {
            // A panic is the reader's of frames: what came was not even one.
            if !matches!(task.await, Ok(Ok(()))) {
                failed.push(case);
            }
        }
    }
    let (all, caught) = (count_by_group(table.iter()), count_by_group(failed.iter().copied()));
    println!("the careless server failed {} of {}: {caught:?}", failed.len(), table.len());
    let uncaught: Vec<_> = all.keys().filter(|group| !caught.contains_key(*group)).collect();
    assert!(uncaught.is_empty(), "nothing in these groups tells it from a right one: {uncaught:?}");
    assert!(failed.len() < table.len(), "it is not even a server");
}
