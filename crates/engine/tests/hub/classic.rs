//! The tutorial's wire behind its ring (OLD-2, OLD-6).

use parlour_engine::hub::{Bounds, Hub, Key, Read, Remedies, UNSTORED_GUESTS_FROM, Wire};
use parlour_protocol::classic::JOINED;
use parlour_protocol::{Seq, UserId};

use crate::desk::{BEN, Desk, LOBBY, author, epoch, words, wrap};

const GUEST: UserId = UserId(UNSTORED_GUESTS_FROM + 1);

/// A house whose rings hold four frames.
fn small_house() -> Desk {
    let bounds = Bounds { frames: 4, ..Bounds::LIMITS };
    Desk::over(Hub::new(epoch(), wrap, Remedies::ALL).with_rings(bounds))
}

fn open_classic(desk: &mut Desk) -> Key {
    let key = desk.hub.connect(author(GUEST), Wire::Classic, desk.now_ms);
    let lobby = desk.state(LOBBY);
    assert!(desk.hub.open_classic(key, Some(&lobby)));
    desk.hub.classic_joined(key, desk.now_ms);
    desk.hub.arrived(key, desk.now_ms);
    desk.settle();
    key
}

fn say(desk: &mut Desk, texts: std::ops::Range<u32>) {
    for text in texts {
        desk.say(LOBBY, BEN, words(&text.to_string()));
    }
}

fn bodies(frames: &[String]) -> Vec<String> {
    let body = |frame: &String| serde_json::from_str::<serde_json::Value>(frame).unwrap()["body"].clone();
    frames.iter().map(|frame| body(frame).as_str().unwrap().to_owned()).collect()
}

fn numbers(texts: std::ops::Range<u32>) -> Vec<String> {
    texts.map(|text| text.to_string()).collect()
}

#[test]
fn old_6_a_reader_fed_from_the_store_goes_on_with_the_ring_at_the_end_of_the_feed() {
    let mut desk = small_house();
    let key = open_classic(&mut desk);
    desk.take_raw(key);
    say(&mut desk, 0..10);
    assert_eq!(desk.write_once(key), Vec::<String>::new(), "behind the ring");
    assert_eq!(desk.settle(), [Read::Replay { connection: key, room: LOBBY, after: Seq(0) }]);
    say(&mut desk, 10..12);
    assert_eq!(bodies(&desk.write_once(key)), numbers(0..10), "what the store said");
    say(&mut desk, 12..14);
    assert_eq!(bodies(&desk.write_once(key)), numbers(10..14), "the rest is in the ring");
    assert_eq!(desk.settle(), []);
}

#[test]
fn old_6_a_message_that_left_the_ring_is_not_passed_over_for_the_notice_behind_it() {
    let mut desk = small_house();
    let key = open_classic(&mut desk);
    desk.take_raw(key);
    say(&mut desk, 0..10);
    desk.write_once(key);
    desk.settle();
    // While the first ten are on their way: one more, pushed out of the ring by notices.
    say(&mut desk, 10..11);
    for _ in 0..4 {
        desk.hub.classic_left(desk.now_ms);
    }
    assert_eq!(bodies(&desk.take_raw(key))[..11], numbers(0..11));
}

#[test]
fn old_2_a_newcomer_hears_its_own_coming_once() {
    let mut desk = small_house();
    let key = open_classic(&mut desk);
    assert_eq!(bodies(&desk.take_raw(key)), [JOINED]);
}

#[test]
fn old_2_a_newcomer_that_reads_late_hears_its_own_coming_first_of_all() {
    let mut desk = small_house();
    let key = open_classic(&mut desk);
    say(&mut desk, 0..10);
    let heard = bodies(&desk.take_raw(key));
    assert_eq!(heard[0], JOINED);
    assert_eq!(heard[1..], numbers(0..10));
}
