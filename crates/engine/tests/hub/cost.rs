//! What grows with the rooms of a person or the people of a house grows in proportion (S95). Times are compared with each
//! other and the best of several counts. For 64 times as many 1,024 times as long is allowed, since a busy moment of the
//! machine weighs on small work; were each compared with all the others it would take 4,096 times as long.

use std::time::{Duration, Instant};

use parlour_domain::presence::Presence;
use parlour_engine::hub::Read;
use parlour_protocol::{RoomId, UserId, limits};

use crate::desk::{ADA, Desk};

const AS_MANY: u64 = 64;
const FEW_ROOMS: u64 = 31;
const FEW_PEOPLE: u64 = 250;
const TIMES_AS_LONG_AT_MOST: u32 = 1_024;

/// The least time that `run` takes for few and for 64 times as many, measured in turn.
fn least_times<T>(few: u64, mut run: impl FnMut(u64) -> T) -> (Duration, Duration) {
    let mut time = |count| {
        let started = Instant::now();
        run(count);
        started.elapsed()
    };
    let rounds: Vec<(Duration, Duration)> = (0..9).map(|_| (time(few), time(few * AS_MANY))).collect();
    let few = rounds.iter().map(|(few, _)| *few).min();
    let many = rounds.iter().map(|(_, many)| *many).min();
    (few.unwrap_or_default(), many.unwrap_or_default())
}

fn assert_in_proportion((few, many): (Duration, Duration), at_most: u32) {
    assert!(many <= few * at_most, "few took {few:?} and many took {many:?}: more than {at_most} times as long");
}

#[test]
fn s95_a_connection_in_2_000_rooms_opens_and_closes_in_proportion() {
    let times = least_times(FEW_ROOMS, |rooms| {
        let mut desk = Desk::new();
        for _ in 0..3 {
            let states = (1..=rooms).map(|room| desk.state(RoomId(room))).collect();
            let key = desk.connect(ADA);
            desk.welcome(key, ADA, states);
            desk.hub.disconnect(key, 0);
        }
    });
    assert_in_proportion(times, TIMES_AS_LONG_AT_MOST);
}

#[test]
fn sig_2_a_crowd_comes_and_goes_in_proportion() {
    let times = least_times(FEW_PEOPLE, |people| {
        let mut presence = Presence::default();
        for user in 0..people {
            presence.opened(UserId(user), 0);
        }
        for user in 0..people {
            presence.closed(UserId(user), 0);
        }
        presence.went(limits::LEFT_AFTER_MS).len()
    });
    assert_in_proportion(times, TIMES_AS_LONG_AT_MOST);
}

#[test]
fn log_1_what_is_not_due_costs_nothing_to_ask_for() {
    // Each room's first read has failed: all of them are to be read again, and none now.
    let resting = |rooms: u64| {
        let mut desk = Desk::new();
        let states = (1..=rooms).map(|room| desk.state(RoomId(room))).collect();
        let key = desk.connect(ADA);
        desk.welcome(key, ADA, states);
        while let Some(Read::Lane { room, ticket, .. }) = desk.hub.next_read(0) {
            desk.hub.filled(room, ticket, None, 0);
        }
        desk
    };
    let (mut few, mut many) = (resting(FEW_ROOMS), resting(FEW_ROOMS * AS_MANY));
    let times = least_times(FEW_ROOMS, |rooms| {
        let desk = if rooms == FEW_ROOMS { &mut few } else { &mut many };
        (0..10_000).for_each(|_| assert_eq!(desk.hub.next_read(1), None));
    });
    assert_in_proportion(times, 4);
}
