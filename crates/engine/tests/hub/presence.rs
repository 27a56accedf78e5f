//! Who is here, said to rooms and to those who ask (SIG-2, OLD-3).

use std::collections::BTreeMap;

use parlour_engine::hub::{Key, UNSTORED_GUESTS_FROM, Wire};
use parlour_protocol::classic::LEFT;
use parlour_protocol::{Timestamp, UserId, limits};

use crate::desk::{ADA, BEN, Desk, LOBBY, Told, author};

const UNSTORED: UserId = UserId(UNSTORED_GUESTS_FROM + 1);
const ROW: UserId = UserId(9);

fn tick(desk: &mut Desk) {
    desk.hub.tick(desk.now_ms, Timestamp(0));
}

fn open_guest(desk: &mut Desk) -> Key {
    let key = desk.hub.connect(author(UNSTORED), Wire::Classic, desk.now_ms);
    let lobby = desk.state(LOBBY);
    assert!(desk.hub.open_classic(key, Some(&lobby)));
    desk.hub.classic_joined(key, desk.now_ms);
    desk.hub.arrived(key, desk.now_ms);
    key
}

/// A room with Ada in it, who has heard all there was to hear.
fn with_ada() -> (Desk, Key) {
    let mut desk = Desk::new();
    let key = desk.enter(ADA, &[LOBBY]);
    tick(&mut desk);
    desk.take(key);
    (desk, key)
}

#[test]
fn old_3_a_guest_that_has_spoken_is_present_under_the_id_of_its_messages() {
    let (mut desk, ada) = with_ada();
    let guest = open_guest(&mut desk);
    tick(&mut desk);
    // A name to see, but no member yet.
    assert_eq!(desk.take(ada), [Told::Presence { joined: vec![UNSTORED], left: vec![], online: 1 }]);

    desk.hub.is_now(guest, author(ROW));
    tick(&mut desk);
    assert_eq!(desk.take(ada), [Told::Presence { joined: vec![ROW], left: vec![UNSTORED], online: 2 }]);
    let present: std::collections::BTreeSet<UserId> = desk.hub.present_people().collect();
    assert_eq!(present, [ADA, ROW].into());
    assert_eq!(desk.hub.present_counts().collect::<BTreeMap<_, _>>(), [(LOBBY, 2)].into());
    assert_eq!((desk.hub.connections_of(UNSTORED), desk.hub.connections_of(ROW)), (0, 1));
    desk.hub.typing(guest, LOBBY);
    assert_eq!(desk.take(ada), [Told::Typing(ROW)]);

    desk.hub.is_now(guest, author(ROW));
    tick(&mut desk);
    assert_eq!(desk.take(ada), [], "it was that already");
    desk.hub.disconnect(guest, 0);
    desk.now_ms = limits::LEFT_AFTER_MS;
    tick(&mut desk);
    assert_eq!(desk.take(ada), [Told::Presence { joined: vec![], left: vec![ROW], online: 1 }]);
}

#[test]
fn old_3_a_guest_that_speaks_at_once_is_told_of_under_one_id() {
    let (mut desk, ada) = with_ada();
    let guest = open_guest(&mut desk);
    desk.hub.is_now(guest, author(ROW));
    tick(&mut desk);
    assert_eq!(desk.take(ada), [Told::Presence { joined: vec![ROW], left: vec![], online: 2 }]);
}

#[test]
fn old_2_the_going_of_a_guest_that_has_spoken_is_said_once() {
    let mut desk = Desk::new();
    let (guest, listener) = (open_guest(&mut desk), desk.hub.connect(author(BEN), Wire::Classic, 0));
    assert!(desk.hub.open_classic(listener, None));
    desk.hub.is_now(guest, author(ROW));
    desk.take_raw(listener);
    desk.hub.disconnect(guest, 0);
    desk.hub.classic_left(0);
    desk.now_ms = limits::LEFT_AFTER_MS;
    tick(&mut desk);
    let told = desk.take_raw(listener);
    assert_eq!(told.iter().filter(|frame| frame.contains(LEFT)).count(), 1, "{told:?}");
}
