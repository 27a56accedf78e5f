//! Cursors that readers come and catch up with (SYN-1, SYN-2, SYN-4), honest and not.

use parlour_engine::hub::Key;
use parlour_protocol::{Change, Seq};

use crate::desk::{ADA, BEN, Desk, ROOM, Told, words};

/// A reader that was told of seven events by its welcome, on a node that has applied four of them.
fn ahead_of_its_node(desk: &mut Desk) -> Key {
    for n in 1..=4u32 {
        desk.say(ROOM, BEN, words(&n.to_string()));
    }
    desk.enter(BEN, &[ROOM]);
    for n in 5..=7u32 {
        desk.write(ROOM, BEN, words(&n.to_string()));
    }
    let key = desk.connect(ADA);
    desk.welcome(key, ADA, vec![desk.state(ROOM)]);
    assert_eq!(desk.take(key)[0], Told::Welcome(vec![ROOM]));
    key
}

/// The node hears of the eighth event and reads what it missed.
fn say_the_eighth(desk: &mut Desk) {
    desk.say(ROOM, BEN, words("8"));
    desk.now_ms += 20;
    desk.settle();
}

/// What a connection is told of the log.
fn log_of(desk: &mut Desk, key: Key) -> Vec<Told> {
    let of_the_log = |told: &Told| matches!(told, Told::Event(..) | Told::Reset(..) | Told::Removed(..));
    desk.take(key).into_iter().filter(of_the_log).collect()
}

#[test]
fn syn_2_what_the_welcome_told_is_not_above_the_head_although_the_node_is_behind() {
    let mut desk = Desk::new();
    let key = ahead_of_its_node(&mut desk);
    assert!(desk.hub.catch_up(key, ROOM, Seq(6)));
    say_the_eighth(&mut desk);
    assert_eq!(log_of(&mut desk, key), [Told::Event(ROOM, Seq(7)), Told::Event(ROOM, Seq(8))]);
}

#[test]
fn syn_4_events_go_on_after_the_head_of_a_reset_that_the_reader_had_not_heard_when_it_asked_again() {
    let mut desk = Desk::new();
    let key = ahead_of_its_node(&mut desk);
    desk.hub.catch_up(key, ROOM, Seq(9));
    say_the_eighth(&mut desk);
    desk.say(ROOM, BEN, words("9"));
    desk.hub.catch_up(key, ROOM, Seq(8));
    let told = [Told::Reset(ROOM, Seq(7)), Told::Event(ROOM, Seq(8)), Told::Event(ROOM, Seq(9))];
    assert_eq!(log_of(&mut desk, key), told);
}

/// A snapshot read while Ada was a member, greeted after she left and after the node began to follow the room.
fn stale_snapshot(desk: &mut Desk, claimed: Option<Seq>) -> Key {
    desk.say(ROOM, ADA, Change::MemberJoined);
    let stale = desk.state(ROOM);
    desk.say(ROOM, ADA, Change::MemberLeft);
    desk.say(ROOM, BEN, words("among us"));
    desk.enter(BEN, &[ROOM]);
    let key = desk.connect(ADA);
    desk.welcome_back(key, ADA, vec![stale], claimed.map(|seq| (ROOM, seq)).into_iter().collect());
    key
}

#[test]
fn log_7_a_cursor_claimed_beyond_the_removal_does_not_pass_it() {
    let mut desk = Desk::new();
    let key = stale_snapshot(&mut desk, Some(Seq(3)));
    desk.say(ROOM, BEN, words("and this"));
    assert_eq!(log_of(&mut desk, key), [Told::Reset(ROOM, Seq(1)), Told::Removed(ROOM)]);
}

#[test]
fn log_7_catching_up_beyond_the_removal_does_not_pass_it() {
    for claimed in [Seq(1), Seq(2), Seq(3)] {
        let mut desk = Desk::new();
        let key = stale_snapshot(&mut desk, None);
        desk.hub.catch_up(key, ROOM, claimed);
        desk.say(ROOM, BEN, words("and this"));
        assert_eq!(log_of(&mut desk, key), [Told::Removed(ROOM)], "{claimed}");
    }
}
